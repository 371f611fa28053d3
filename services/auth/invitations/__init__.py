"""People are invited, or ask to be admitted."""
