"""`make demo`: one case from a phone to the printed form, told over HTTP only."""
