"""One case: opened, filled in, checked, submitted, moved, read."""
