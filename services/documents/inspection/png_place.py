"""The place of a picture that came as a PNG: out of its EXIF, its XMP and what ImageMagick writes of either."""

import zlib
from collections.abc import Iterator

from services.documents.inspection.photo_place import EXIF, ORIENTATION_ONLY, has_gps, orientation_of

_SIGNATURE_LENGTH = 8
_TEXTS = (b"tEXt", b"zTXt", b"iTXt")
_XMP = b"XML:com.adobe.xmp\x00"
_WRITTEN_OUT = (b"Raw profile type exif\x00", b"Raw profile type APP1\x00", b"Raw profile type xmp\x00")


def png_without_place(content: bytes) -> bytes | None:
    """The same picture without camera data; None when it tells no place anyway. Expects a whole PNG. Orientation is kept."""
    chunks = list(_chunks(content))
    if not any(_tells_place(name, body) for name, body in chunks):
        return None
    kept = [content[:_SIGNATURE_LENGTH]]
    for name, body in chunks:
        if name == b"eXIf":
            turned = orientation_of(EXIF + body)
            kept += [_chunk(name, ORIENTATION_ONLY[len(EXIF) :] % bytes([turned]))] if turned != 1 else []
        elif not _is_metadata(name, body):
            kept.append(_chunk(name, body))
    return b"".join(kept)


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    position, name = _SIGNATURE_LENGTH, b""
    while name != b"IEND":
        length, name = int.from_bytes(content[position : position + 4]), content[position + 4 : position + 8]
        yield name, content[position + 8 : position + 8 + length]
        position += 12 + length


def _chunk(name: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4) + name + body + zlib.crc32(name + body).to_bytes(4)


def _is_metadata(name: bytes, body: bytes) -> bool:
    return name in _TEXTS and body.startswith((_XMP, *_WRITTEN_OUT))


def _tells_place(name: bytes, body: bytes) -> bool:
    if name == b"eXIf":
        return has_gps(EXIF + body)
    if not _is_metadata(name, body):
        return False
    packed = not body.startswith(_XMP) or body[len(_XMP) : len(_XMP) + 1] != b"\x00"
    return packed or b"GPS" in body  # packed: unreadable here, perhaps not elsewhere
