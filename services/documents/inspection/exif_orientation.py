"""The one EXIF tag that matters: how the picture is to be turned. The rest is dropped unread, location included."""

import struct

_HEADER = b"Exif\x00\x00"
_ORIENTATION_TAG = 0x0112
_SHORT = 3


def exif_orientation(segment: bytes) -> int | None:
    """Gives 1 to 8 from the body of an APP1 segment; None when it says nothing usable."""
    tiff = segment[len(_HEADER) :]
    order = {b"II*\x00": "<", b"MM\x00*": ">"}.get(tiff[:4])
    if not segment.startswith(_HEADER) or order is None:
        return None
    try:
        return _first_directory(tiff, order)
    except struct.error:
        return None


def _first_directory(tiff: bytes, order: str) -> int | None:
    (start,) = struct.unpack_from(f"{order}I", tiff, 4)
    (count,) = struct.unpack_from(f"{order}H", tiff, start)
    for index in range(count):
        tag, kind, _, value = struct.unpack_from(f"{order}HHIH", tiff, start + 2 + 12 * index)
        if tag == _ORIENTATION_TAG:
            return value if kind == _SHORT and 1 <= value <= 8 else None
    return None
