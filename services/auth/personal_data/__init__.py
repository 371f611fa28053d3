"""Consent, privacy notices, and what people ask for about their data."""
