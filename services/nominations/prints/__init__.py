"""Official forms filled and drawn, printed versions known, sealed scans matched."""
