"""A campaign and its seats: read from its folder, published, put off, closed."""
