"""Backups: the three schemas as of one moment and the objects that they name, and the way back."""
