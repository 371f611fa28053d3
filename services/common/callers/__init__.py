"""Who asks: tokens, audiences, the services themselves."""
