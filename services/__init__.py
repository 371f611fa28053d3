"""Xianjin (先进): the back end of a government commendation campaign."""

VERSION = "0.1.0"
"""Version of the contract and of the distribution."""
