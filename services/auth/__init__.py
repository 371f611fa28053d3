"""Who is asking: people, organisations, roles, sessions, signing keys."""
