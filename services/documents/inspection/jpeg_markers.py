"""A walk over the markers of a JPEG. Nothing is decoded: a 64000×64000 header costs as much to read as a small one."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from services.documents.domain.photo_measures import FileFault

SOI, EOI, SOS, APP0, APP1, APP14, APP15, COM = 0xD8, 0xD9, 0xDA, 0xE0, 0xE1, 0xEE, 0xEF, 0xFE
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # C4, C8 and CC are tables and an unused number
_BARE = frozenset((0x01, *range(0xD0, 0xD8)))  # markers without a length
# In scan data FF00 is a stuffed byte and FFD0-FFD7 are restarts; any other marker ends the scan.
_SCAN_END = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]", re.DOTALL)
_MAX_SEGMENTS = 4000  # a file of nothing but four-byte segments must not fill the memory


@dataclass(frozen=True, slots=True)
class Segment:
    """One marker and the bytes that belong to it, without the length and without scan data."""

    marker: int
    body: bytes


@dataclass(frozen=True, slots=True)
class MarkerWalk:
    """The segments found, and where the picture ends or why it does not."""

    segments: tuple[Segment, ...]
    end: int | None
    fault: FileFault | None


class _DamageFound(Exception):
    """The markers stop making sense, or the file ends before they do."""

    def __init__(self, fault: FileFault) -> None:
        super().__init__(fault)
        self.fault = fault


def walk_markers(content: bytes, start: int = 0) -> MarkerWalk:
    """Walks one picture from its SOI to its EOI. A damaged one keeps the segments read so far, and never raises."""
    segments: list[Segment] = []
    position = start + 2
    try:
        while len(segments) < _MAX_SEGMENTS:
            segment, position = _next_segment(content, position)
            if segment.marker == EOI:
                return MarkerWalk(tuple(segments), position, None)
            segments.append(segment)
            if segment.marker == SOS:
                position = _scan_end(content, position)
    except _DamageFound as damage:
        return MarkerWalk(tuple(segments), None, damage.fault)
    return MarkerWalk(tuple(segments), None, FileFault.CORRUPT)


def rewritten(content: bytes, keep: Callable[[Segment], bool], *, first: bytes = b"") -> bytes:
    """The same coefficients behind those of the segments before them that `keep` names. `first` stands before all.

    Expects a whole JPEG with a scan: what lies between segments, and what lies behind the picture, goes.
    """
    walk = walk_markers(content)
    before_scans = walk.segments[: next(i for i, each in enumerate(walk.segments) if each.marker == SOS)]
    kept = (
        b"\xff" + bytes([each.marker]) + (len(each.body) + 2).to_bytes(2) + each.body
        for each in before_scans
        if each.marker not in _BARE and keep(each)
    )
    return b"".join((b"\xff\xd8", first, *kept, content[_start_of_scans(content) : walk.end]))


def _start_of_scans(content: bytes) -> int:
    """The offset of the first SOS marker of a file that was walked to its end."""
    position = 2
    while True:
        marker, behind = _marker(content, position)
        if marker == SOS:
            return behind - 2
        position = behind if marker in _BARE else behind + int.from_bytes(content[behind : behind + 2])


def _next_segment(content: bytes, position: int) -> tuple[Segment, int]:
    marker, position = _marker(content, position)
    if marker == EOI or marker in _BARE:
        return Segment(marker, b""), position
    if marker in (0x00, SOI):
        raise _DamageFound(FileFault.CORRUPT)
    length = int.from_bytes(content[position : position + 2])
    end = position + length
    if len(content) < position + 2 or (length >= 2 and end > len(content)):
        raise _DamageFound(FileFault.TRUNCATED)
    if length < 2:
        raise _DamageFound(FileFault.CORRUPT)
    return Segment(marker, content[position + 2 : end]), end


def _marker(content: bytes, position: int) -> tuple[int, int]:
    """Reads one marker; any number of FF bytes may stand before its number."""
    if position < len(content) and content[position] != 0xFF:
        raise _DamageFound(FileFault.CORRUPT)
    while position < len(content) and content[position] == 0xFF:
        position += 1
    if position >= len(content):
        raise _DamageFound(FileFault.TRUNCATED)
    return content[position], position + 1


def _scan_end(content: bytes, position: int) -> int:
    found = _SCAN_END.search(content, position)
    if found is None:
        raise _DamageFound(FileFault.TRUNCATED)
    return found.start()
