"""A Merkle tree over the ends of all case histories, after RFC 6962: one root stands for every case at one moment.

Leaves and inner nodes are hashed with different first bytes, so that no inner node can be passed off as a case.
"""

import hashlib
from collections.abc import Sequence

EMPTY_ROOT = hashlib.sha256(b"").hexdigest()
_LEAF, _NODE = b"\x00", b"\x01"


def leaf_hash(content: bytes) -> bytes:
    """SHA-256 of a leaf."""
    return hashlib.sha256(_LEAF + content).digest()


def root_of(leaves: Sequence[bytes]) -> str:
    """Hex of the root over leaf hashes in their order."""
    return root_in(levels_of(leaves))


def root_in(levels: Sequence[Sequence[bytes]]) -> str:
    """The same, of a tree that is made already."""
    return levels[-1][0].hex() if levels[-1] else EMPTY_ROOT


def levels_of(leaves: Sequence[bytes]) -> list[list[bytes]]:
    """The whole tree, leaves first: made once, it gives the path of any leaf at once."""
    levels = [list(leaves)]
    while len(levels[-1]) > 1:
        levels.append(_next_level(levels[-1]))
    return levels


def path_in(levels: Sequence[Sequence[bytes]], index: int) -> list[str]:
    """Hex of the siblings from the leaf up; with it the leaf leads to the root. Raises IndexError."""
    return [levels[level][position].hex() for level, position in siblings_of(index, size=len(levels[0]))]


def siblings_of(index: int, *, size: int) -> list[tuple[int, int]]:
    """Level and position of each node that a path names, leaves being level 0: as many as a tree is high. Raises IndexError."""
    if not 0 <= index < size:
        raise IndexError(index)
    found, level, position, width = [], 0, index, size
    while width > 1:
        sibling = position ^ 1
        if sibling < width:
            found.append((level, sibling))
        level, position, width = level + 1, position // 2, (width + 1) // 2
    return found


def root_from(leaf: bytes, *, index: int, size: int, path: Sequence[str]) -> str | None:
    """Hex of the root that a leaf and its path lead to; None where the path does not fit such a tree."""
    if not 0 <= index < size:
        return None
    node, position, width, rest = leaf, index, size, list(path)
    while width > 1:
        sibling = position ^ 1
        if sibling < width:
            if not rest:
                return None
            other = bytes.fromhex(rest.pop(0))
            node = _join(node, other) if position % 2 == 0 else _join(other, node)
        position, width = position // 2, (width + 1) // 2
    return node.hex() if not rest else None


def _next_level(level: Sequence[bytes]) -> list[bytes]:
    """A node without a sibling goes up as it is."""
    pairs = [_join(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
    return pairs if len(level) % 2 == 0 else [*pairs, level[-1]]


def _join(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(_NODE + left + right).digest()
