"""Writing a portrait into the byte window of its profile (R125), without a word about where and by whom it was taken."""

import io
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from services.documents.domain.photo_profile import TargetPhoto

_FULL_COLOUR, _HALF_COLOUR = 0, 2  # Pillow's names of chroma subsampling 4:4:4 and 4:2:0
_LADDER = ((92, _HALF_COLOUR), (95, _HALF_COLOUR), (95, _FULL_COLOUR), (98, _FULL_COLOUR), (100, _FULL_COLOUR))
_DOWNWARDS = (88, 80, 70, 60)


def encode_within(picture: NDArray[np.uint8], target: TargetPhoto) -> bytes | None:
    """The least quality above 92 that fills the window, or the best below when that is too much. None when none fits."""
    image = Image.fromarray(picture)
    for content in _ladder(image, target):
        if target.min_bytes <= len(content) <= target.max_bytes:
            return content
    return None


def _ladder(image: Image.Image, target: TargetPhoto) -> Iterator[bytes]:
    first = _encoded(image, *_LADDER[0], target.dpi)
    yield first
    if len(first) > target.max_bytes:
        yield from (_encoded(image, quality, _HALF_COLOUR, target.dpi) for quality in _DOWNWARDS)
    else:
        yield from (_encoded(image, *step, target.dpi) for step in _LADDER[1:])


def _encoded(image: Image.Image, quality: int, subsampling: int, dpi: int) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality, subsampling=subsampling, dpi=(dpi, dpi), optimize=True)
    return buffer.getvalue()
