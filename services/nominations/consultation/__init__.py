"""Opinions of other authorities: asked, given, proved by a sealed sheet."""
