"""A walk over the chunks of a PNG: size before decoding, a whole end, nothing behind it."""

from dataclasses import dataclass

from services.documents.domain.photo_measures import FileFault

_SIGNATURE_LENGTH = 8
_CHUNK_OVERHEAD = 12  # length, name and checksum


@dataclass(frozen=True, slots=True)
class PngStructure:
    """Facts from the chunks alone."""

    fault: FileFault | None
    width: int | None = None
    height: int | None = None
    trailing: bool = False
    frames: int = 1


def read_png_structure(content: bytes) -> PngStructure:
    """Expects bytes that start as a PNG. Never raises."""
    if len(content) < 33:
        return PngStructure(FileFault.TRUNCATED)
    if content[12:16] != b"IHDR":
        return PngStructure(FileFault.CORRUPT)
    width, height = int.from_bytes(content[16:20]), int.from_bytes(content[20:24])
    end, frames, sizes = _walk(content)
    fault = FileFault.TRUNCATED if end is None else FileFault.CORRUPT if sizes > 1 else None
    return PngStructure(fault, width, height, trailing=end is not None and end < len(content), frames=frames)


def _walk(content: bytes) -> tuple[int | None, int, int]:
    """The offset behind IEND, or None when the file ends before it; how many pictures an APNG shows in turn; how many sizes.

    Of more than one size each reader believes another.
    """
    position, frames, sizes = _SIGNATURE_LENGTH, 1, 0
    while position + _CHUNK_OVERHEAD <= len(content):
        name = content[position + 4 : position + 8]
        sizes += name == b"IHDR"
        if name == b"acTL":
            frames = max(2, int.from_bytes(content[position + 8 : position + 12]))
        position += _CHUNK_OVERHEAD + int.from_bytes(content[position : position + 4])
        if name == b"IEND":
            return (position if position <= len(content) else None), frames, sizes
    return None, frames, sizes
