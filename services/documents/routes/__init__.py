"""Routes of the documents service: each parses, calls one use case and answers."""
