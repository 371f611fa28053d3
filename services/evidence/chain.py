"""The case history as a chain: each event carries the hash of the one before it.

The edge gives canonical bytes (RFC 8785); the rule here is only what is hashed, and how a broken chain is found.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

GENESIS = "0" * 64
"""The hash before the first event of a case."""


def link(canonical_event: bytes) -> str:
    """SHA-256, hex, of an event whose body already names the hash of its predecessor."""
    return hashlib.sha256(canonical_event).hexdigest()


@dataclass(frozen=True, slots=True)
class ChainedEvent:
    """What the check needs of a stored event."""

    sequence: int
    previous_hash: str
    canonical: bytes
    hash: str


def first_broken(events: Iterable[ChainedEvent]) -> int | None:
    """The sequence number of the first event that is missing, out of order or changed; None when the chain holds."""
    expected, previous = 1, GENESIS
    for event in events:
        whole = event.sequence == expected and event.previous_hash == previous and link(event.canonical) == event.hash
        if not whole:
            return expected
        expected, previous = expected + 1, event.hash
    return None
