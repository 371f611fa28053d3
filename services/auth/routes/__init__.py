"""The addresses of auth. Each parses, calls one use case, and answers."""
