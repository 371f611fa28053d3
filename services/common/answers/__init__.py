"""How bodies are read and answers sent: strict JSON, versions, ranges, caching."""
