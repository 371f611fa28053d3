"""What stands behind the end of a picture. Phones put pictures, videos or notes there; attackers put archives."""

import re
from dataclasses import dataclass

from services.documents.inspection.jpeg_markers import walk_markers

_PADDING = re.compile(rb"[\x00\r\n\t ]*")
_MAX_PICTURES = 10  # phones write two or three; thousands are an attack on the walk
_SIGNATURES = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"%PDF-", "pdf"),
    (b"<?php", "php"),
    (b"<html", "html"),
    (b"<script", "html"),
    (b"<!doctype", "html"),
    (b"\x7fELF", "elf"),
)
_PROGRAM = b"MZ"  # too short to be searched for: it only counts at the start
_SAMSUNG_NOTES = b"SEFT"  # closes the block that Samsung cameras write
_VIDEO_BOX = b"ftyp"  # the video of a motion photo


@dataclass(frozen=True, slots=True)
class Tail:
    """`kind` names what does not belong there, None being a clean end. Videos count as further pictures."""

    kind: str | None = None
    further_pictures: int = 0


def read_tail(content: bytes, start: int) -> Tail:
    """Passes over padding and whole JPEGs (MPF, Ultra HDR), then names what is left."""
    pictures, position = 0, _past_padding(content, start)
    while content.startswith(b"\xff\xd8\xff", position):
        end = walk_markers(content, position).end
        if end is None or pictures == _MAX_PICTURES:
            return Tail("unknown", pictures)
        pictures, position = pictures + 1, _past_padding(content, end)
    rest = content[position:]
    if not rest:
        return Tail(None, pictures)
    if kind := foreign_tail(rest):
        return Tail(kind, pictures)
    if _VIDEO_BOX in rest[:8]:  # its length before it may have been passed over as padding
        return Tail(None, pictures + 1)
    return Tail(None if rest.endswith(_SAMSUNG_NOTES) else "unknown", pictures)


def _past_padding(content: bytes, position: int) -> int:
    found = _PADDING.match(content, position)
    return found.end() if found else position


def foreign_tail(rest: bytes) -> str | None:
    """Names an archive, program or page that stands behind the end of a file."""
    if rest.startswith(_PROGRAM):
        return "exe"
    lowered = rest.lower()
    return next((name for signature, name in _SIGNATURES if signature.lower() in lowered), None)
