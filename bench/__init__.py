"""Benchmarks: what no test can hold, measured on the machine at hand."""
