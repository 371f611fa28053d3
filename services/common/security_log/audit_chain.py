"""The security log as a chain: each entry's hash holds the one before, so that nothing is changed or taken out unseen."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

BEGINNING = bytes(32)


@dataclass(frozen=True, slots=True)
class Link:
    seq: int
    entry: str
    previous_hash: bytes
    hash: bytes


def hash_of(previous_hash: bytes, entry: str) -> bytes:
    return hashlib.sha256(previous_hash + entry.encode()).digest()


def first_break(links: Iterable[Link], *, after: Link | None = None) -> int | None:
    """The number of the first entry that does not follow from the one before; None when all do."""
    expected, previous = (after.seq, after.hash) if after else (0, BEGINNING)
    for link in links:
        expected += 1
        if link.seq != expected or link.previous_hash != previous or link.hash != hash_of(previous, link.entry):
            return expected
        previous = link.hash
    return None
