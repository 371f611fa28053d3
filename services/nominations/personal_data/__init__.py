"""Identity numbers at rest, and what is held, shown and given of a person."""
