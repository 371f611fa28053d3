"""The chained log of what touches security, in a schema of each service, and its routes."""
