"""What auth reads and answers."""
