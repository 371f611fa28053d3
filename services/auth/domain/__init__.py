"""The rules of signing in. Standard library only; now is a parameter."""
