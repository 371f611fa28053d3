"""Keys: tokens are signed and secrets sealed with them; both change while people work."""
