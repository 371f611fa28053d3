"""Whether a server keeps the contract: every answer it gives to the journeys of the people it is for, looked at."""
