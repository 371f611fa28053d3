"""Decoding a JPEG strictly, reduced while decoding, and turned upright."""

import numpy as np
import simplejpeg
from numpy.typing import NDArray

from services.documents.inspection.jpeg_structure import JpegStructure

# Measures need no more than the print size. The decoder still reads every coefficient: damage shows as at full size.
PRINT_SIDE = 413


class DamagedPicture(ValueError):
    """The decoder met data that no encoder writes."""


def decode_upright(content: bytes, structure: JpegStructure, *, short_side: int = PRINT_SIDE) -> NDArray[np.uint8]:
    """Gives the picture as (height, width, 3), reduced as far as `short_side` allows. Raises DamagedPicture."""
    try:
        stored = simplejpeg.decode_jpeg(
            content, colorspace="RGB", min_height=short_side, min_width=short_side, strict=True
        )
    except ValueError as error:
        raise DamagedPicture(str(error)) from error
    return _upright(stored, structure.orientation)


def _upright(stored: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    """Undoes the EXIF orientation: 5 to 8 lie on their side, then rows, columns or both run backwards."""
    turned = stored.transpose(1, 0, 2) if orientation >= 5 else stored
    rows = slice(None, None, -1 if orientation in (3, 4, 7, 8) else 1)
    columns = slice(None, None, -1 if orientation in (2, 3, 6, 7) else 1)
    return turned[rows, columns]
