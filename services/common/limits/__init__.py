"""How often somebody may ask, and what is told of it."""
