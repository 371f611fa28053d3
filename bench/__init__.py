"""Measuring what no test can hold: accuracy on a labelled folder, and time."""
