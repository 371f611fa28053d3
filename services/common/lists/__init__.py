"""Pages, and whole lists as files."""
