"""Xianjin (先进): the back end of a government commendation campaign."""

SERVICES = ("auth", "documents", "nominations")
VERSION = "0.1.0"
"""Version of the distribution."""
CONTRACT_VERSION = "0.4.0"
"""Semantic version of the contract (`info.version`): a new promise raises the minor number, a broken one the major."""
