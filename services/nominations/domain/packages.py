"""How a package is split for mail: whole cases, in rank order, none of the parts larger than asked (R123)."""

from collections.abc import Sequence


def parts_of(sizes: Sequence[int], *, limit: int | None) -> list[list[int]]:
    """Indices of the cases by part. A case that is larger than the limit has a part of its own; no case: one empty part."""
    parts: list[list[int]] = [[]]
    filled = 0
    for index, size in enumerate(sizes):
        if limit is not None and parts[-1] and filled + size > limit:
            parts.append([])
            filled = 0
        parts[-1].append(index)
        filled += size
    return parts
