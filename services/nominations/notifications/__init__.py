"""After the deed: people and systems are told, by jobs in the database."""
