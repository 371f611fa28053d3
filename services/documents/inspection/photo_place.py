"""Where a photo was taken is nobody's business here (个人信息保护法 第六条): the picture stays as it is, the place goes."""

import struct

from services.documents.inspection.jpeg_markers import APP1, Segment, rewritten, walk_markers

EXIF = b"Exif\x00\x00"
_XMP = (b"http://ns.adobe.com/xap/1.0/", b"http://ns.adobe.com/xmp/extension/")
_APP13 = 0xED
_GPS_DIRECTORY = 0x8825
_ORIENTATION = 0x0112
ORIENTATION_ONLY = (
    b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00%b\x00\x00\x00\x00\x00\x00"
)


def without_place(content: bytes, *, orientation: int) -> bytes | None:
    """The same picture without camera data and without what stands behind it; None when it tells no place anyway.

    Expects a whole JPEG. The coefficients are copied, so nothing is lost of the picture; its orientation is kept.
    """
    walk = walk_markers(content)
    if walk.end is None or not any(_tells_place(segment) for segment in walk.segments):
        return None
    turned = b""
    if orientation != 1:
        body = ORIENTATION_ONLY % bytes([orientation])
        turned = b"\xff\xe1" + (len(body) + 2).to_bytes(2) + body
    return rewritten(content, lambda segment: bool(segment.body) and not _is_metadata(segment), first=turned)


def _is_metadata(segment: Segment) -> bool:
    return segment.marker == _APP13 or (segment.marker == APP1 and segment.body.startswith((EXIF, *_XMP)))


def _tells_place(segment: Segment) -> bool:
    if segment.marker != APP1:
        return False
    return (segment.body.startswith(_XMP) and b"GPS" in segment.body) or has_gps(segment.body)


def has_gps(exif: bytes) -> bool:
    """Whether its first directory points to one of places."""
    try:
        return _GPS_DIRECTORY in _first_directory(exif)
    except struct.error:
        return True  # unreadable here, perhaps not elsewhere


def orientation_of(exif: bytes) -> int:
    """1, upright, where it tells none."""
    try:
        turned = _first_directory(exif).get(_ORIENTATION, 1)
    except struct.error:
        return 1
    return turned if 1 <= turned <= 8 else 1


def _first_directory(exif: bytes) -> dict[int, int]:
    """What stands first in each field, by tag. Raises struct.error."""
    tiff = exif[len(EXIF) :]
    order = {b"II*\x00": "<", b"MM\x00*": ">"}.get(tiff[:4])
    if not exif.startswith(EXIF) or order is None:
        return {}
    (start,) = struct.unpack_from(f"{order}I", tiff, 4)
    (count,) = struct.unpack_from(f"{order}H", tiff, start)
    fields = [struct.unpack_from(f"{order}HHIH", tiff, start + 2 + 12 * index) for index in range(count)]
    return {tag: value for tag, _, _, value in fields}
