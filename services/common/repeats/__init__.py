"""A deed that is sent twice is done once: keys, kept answers."""
