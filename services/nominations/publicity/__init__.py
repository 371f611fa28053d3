"""What is shown to the public, and what the public says to it."""
