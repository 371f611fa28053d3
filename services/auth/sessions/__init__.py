"""Signing in by password or code; sessions and devices; their end."""
