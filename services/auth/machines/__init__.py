"""Systems sign in: credentials, OAuth 2.0."""
