"""Bodies and the roles in them: made, changed, delegated, excluded."""
