"""Tools for who writes a campaign's files: check, schema, difference, calendar. They look across the three services."""
