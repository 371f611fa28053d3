"""`make bench`: what a request costs in processor time, as a ratio to a floor measured in the same run."""
