"""How files are shown to people: reduced, and with the viewer's name burnt in. Runs in worker processes."""
