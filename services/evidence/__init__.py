"""Case files that prove themselves: hash chains, signed roots, bags, and their verification without database or network.

Knows nothing of the services and their tables, so that the verifier is the same wherever it runs.
"""
