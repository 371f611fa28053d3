"""One-time codes and passkeys."""
