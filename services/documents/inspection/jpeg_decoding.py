"""Decoding a JPEG strictly, reduced while decoding, and turned upright."""

import numpy as np
import simplejpeg
from numpy.typing import NDArray

from services.documents.inspection.jpeg_structure import JpegStructure

# A measure of colour needs no more than this, and the reduction averages sensor noise away.
# The decoder still reads every coefficient, so damage shows as it does at full size.
_SHORT_SIDE = 200


class DamagedPicture(ValueError):
    """The decoder met data that no encoder writes."""


def decode_upright(content: bytes, structure: JpegStructure) -> NDArray[np.uint8]:
    """Gives the picture as (height, width, 3), about 200 pixels on its short side. Raises DamagedPicture."""
    try:
        stored = simplejpeg.decode_jpeg(
            content, colorspace="RGB", min_height=_SHORT_SIDE, min_width=_SHORT_SIDE, strict=True
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
