"""Small odd pictures, each wrong in one way: what hostile hands and careless editors send."""

import zlib

from tests.documents.pictures import with_segment


def chunk(name: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4) + name + body + zlib.crc32(name + body).to_bytes(4)


def png_of_nothing(*, width: int, height: int) -> bytes:
    """A signature, a size and an end: what it claims costs no bytes."""
    size = width.to_bytes(4) + height.to_bytes(4) + bytes([8, 2, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def with_chunk(png: bytes, name: bytes, body: bytes, *, before: bytes) -> bytes:
    at = png.index(before) - 4
    return png[:at] + chunk(name, body) + png[at:]


def without_chunk(png: bytes, name: bytes) -> bytes:
    at = png.index(name) - 4
    return png[:at] + png[at + 12 + int.from_bytes(png[at : at + 4]) :]


def with_second_size(png: bytes, *, width: int, height: int, before: bytes = b"IDAT") -> bytes:
    return with_chunk(png, b"IHDR", width.to_bytes(4) + height.to_bytes(4) + bytes([8, 2, 0, 0, 0]), before=before)


def with_components(jpeg: bytes, number: int) -> bytes:
    """The frame says another number of components than it has."""
    at = jpeg.index(b"\xff\xc0") + 9
    return jpeg[:at] + bytes([number]) + jpeg[at + 1 :]


def with_fill_byte(jpeg: bytes) -> bytes:
    """One more FF before the first table, as the standard allows."""
    return jpeg.replace(b"\xff\xdb", b"\xff\xff\xdb", 1)


def with_bare_marker(jpeg: bytes) -> bytes:
    """A marker that has no length, before the first table."""
    return jpeg.replace(b"\xff\xdb", b"\xff\xd0\xff\xdb", 1)


def with_short_adobe_marker(jpeg: bytes) -> bytes:
    return with_segment(jpeg, b"\xff\xee", b"Adobe")


def with_short_colour_profile(jpeg: bytes) -> bytes:
    return with_segment(jpeg, b"\xff\xe2", b"ICC_PROFILE\x00")


def with_cut_resolution(jpeg: bytes) -> bytes:
    """Photoshop's resource of the resolution, of which its number is left."""
    return with_segment(jpeg, b"\xff\xed", b"Photoshop 3.0\x008BIM\x03\xed")
