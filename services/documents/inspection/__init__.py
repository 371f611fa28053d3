"""CPU work on bytes. Everything here is a plain function that a worker process can run."""
