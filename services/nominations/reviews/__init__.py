"""What unit, county and city decide about a case, and what bars or ends one."""
