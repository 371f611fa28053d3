"""Messages to people, and the sealed addresses that they go to."""
