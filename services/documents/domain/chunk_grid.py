"""Chunks lie on a grid that is fixed when the upload begins: so none can overlap another, and a repeat is the same one."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes of a file; `last` is included, as in a Range header."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class ChunkGrid:
    """A file of `byte_count` bytes in chunks of `chunk_bytes`, the last one shorter."""

    byte_count: int
    chunk_bytes: int

    @property
    def chunks(self) -> int:
        return -(-self.byte_count // self.chunk_bytes)

    def number_at(self, offset: int) -> int | None:
        """The chunk that begins at `offset`; None when none does."""
        number, rest = divmod(offset, self.chunk_bytes)
        return number if rest == 0 and 0 <= number < self.chunks else None

    def length_of(self, number: int) -> int:
        return min(self.chunk_bytes, self.byte_count - number * self.chunk_bytes)

    def spans(self, numbers: Iterable[int]) -> list[Span]:
        """The bytes of these chunks, neighbours joined."""
        joined: list[Span] = []
        for number in sorted(numbers):
            first = number * self.chunk_bytes
            last = first + self.length_of(number) - 1
            if joined and joined[-1].last + 1 == first:
                first = joined.pop().first
            joined.append(Span(first, last))
        return joined

    def missing(self, held: Iterable[int]) -> list[Span]:
        return self.spans(set(range(self.chunks)) - set(held))
