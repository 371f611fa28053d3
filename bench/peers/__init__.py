"""`make bench-peers`: the same work done by Directus, installed from npm by its name. Opt-in: 900 MB and some minutes."""
