"""Pictures for the tests: a portrait before any background, and ways to change a file without drawing it anew."""

import csv
import io
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

PHOTOS = Path(__file__).parents[1] / "data" / "photos"
BLUE = (67, 142, 219)

_COMMENT = b"\xff\xfe"
_LARGEST_BODY = 65533


def labels() -> list[dict[str, str]]:
    with (PHOTOS / "labels.csv").open(newline="", encoding="utf-8") as rows:
        return list(csv.DictReader(rows))


def photo(name: str) -> bytes:
    """A file of the labelled set by its number, such as d001."""
    (path,) = PHOTOS.glob(f"{name}_*.jpg")
    return path.read_bytes()


def drawing(*, width: int = 413, height: int = 579, background: tuple[int, int, int] = BLUE) -> Image.Image:
    """Head and shoulders before a plain background, with a fixed noise: the JPEG weighs what a photograph weighs."""
    picture = _on_background(background).resize((width, height), Image.Resampling.LANCZOS)
    noise = np.random.default_rng(7).normal(0, 3, (height, width, 1))
    return Image.fromarray((np.asarray(picture) + noise).clip(0, 255).astype(np.uint8))


@cache
def _on_background(colour: tuple[int, int, int]) -> Image.Image:
    """A good photo of the set, everything as blue as its background exchanged for the colour."""
    seen = np.asarray(Image.open(io.BytesIO(photo("d001"))).convert("RGB"), dtype=np.float32)
    blue = np.median(seen[:40].reshape(-1, 3), axis=0)
    person = (np.linalg.norm(seen - blue, axis=2, keepdims=True) / 40 - 0.7).clip(0, 1)
    return Image.fromarray((person * seen + (1 - person) * np.array(colour)).round().astype(np.uint8))


def encoded(picture: Image.Image, file_format: str = "JPEG", **options: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, file_format, **({"quality": 92} if file_format == "JPEG" else {}) | options)
    return buffer.getvalue()


def portrait(**options: Any) -> bytes:
    return encoded(drawing(**options))


def with_segment(content: bytes, marker: bytes, body: bytes) -> bytes:
    return content[:2] + marker + (len(body) + 2).to_bytes(2) + body + content[2:]


def with_place(content: bytes) -> bytes:
    """The same photo as a phone sends it that writes down where it is."""
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (38.0, 24.0, 0.0), 3: "E", 4: (112.0, 44.0, 0.0)})
    exif[0x010F] = "Example phone " * 10
    return with_segment(content, b"\xff\xe1", exif.tobytes())


def of_size(content: bytes, byte_count: int) -> bytes:
    """The same picture in a file of exactly so many bytes, filled up with comments."""
    missing = byte_count - len(content)
    while missing > 0:
        body = min(missing - 4, _LARGEST_BODY)
        body -= 4 if 0 < missing - 4 - body < 4 else 0
        content = with_segment(content, _COMMENT, bytes(body))
        missing = byte_count - len(content)
    return content


def with_claimed_size(content: bytes, *, width: int, height: int) -> bytes:
    """Writes another size into the frame header and leaves the data as they are."""
    start = content.index(b"\xff\xc0") + 5
    return content[:start] + height.to_bytes(2) + width.to_bytes(2) + content[start + 4 :]


def mutations(content: bytes, *, count: int, first: int) -> Iterator[bytes]:
    """Overwrites some bytes from `first` on, and sometimes cuts a piece out. The same ones in every run."""
    chance = np.random.default_rng(11)
    for _ in range(count):
        mutated = bytearray(content)
        for position in chance.integers(first, len(mutated), size=chance.choice((1, 4, 40))):
            mutated[position] = chance.integers(256)
        start = chance.integers(len(mutated))
        del mutated[start : start + chance.choice((0, 0, 1, 500))]
        yield bytes(mutated)


def turned(picture: Image.Image, orientation: int) -> bytes:
    """Stores the picture so that it only stands upright for a reader who respects the EXIF orientation."""
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = picture.transpose(undo[orientation]) if orientation in undo else picture
    return encoded(stored, exif=exif.tobytes())
