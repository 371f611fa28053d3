"""Opening a picture for an automatic fix: any format that can be converted, any size, upright, as large as is needed."""

import io
import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from services.documents.domain.photo_fix import CONVERTIBLE_FORMATS
from services.documents.inspection.jpeg_decoding import DamagedPicture, decode_upright
from services.documents.inspection.jpeg_structure import JpegStructure, read_structure

Picture = NDArray[np.uint8]

_MAX_SCANS = 100


class NotFixable(ValueError):
    """Nothing can be made of these bytes: damaged, animated, too large, or no picture."""


@dataclass(frozen=True, slots=True)
class PhotoSource:
    """Size of the upright picture. A plain JPEG is decoded anew for each size asked for, others are held decoded."""

    content: bytes
    structure: JpegStructure
    width: int
    height: int
    held: Picture | None = None

    def picture(self, *, short_side: int) -> Picture:
        """The picture with at least so many pixels on its short side, as far as it has them."""
        if self.held is not None:
            return self.held
        try:
            return decode_upright(self.content, self.structure, short_side=short_side)
        except DamagedPicture as error:
            raise NotFixable from error


def open_source(content: bytes, *, max_pixels: int) -> PhotoSource:
    """Raises NotFixable. The header is looked at before anything is decoded."""
    structure = read_structure(content)
    if structure.real_format == "jpeg":
        return _open_jpeg(content, structure, max_pixels)
    if structure.real_format not in CONVERTIBLE_FORMATS:
        raise NotFixable
    held = _converted(content, structure.real_format, max_pixels)
    return PhotoSource(content, structure, held.shape[1], held.shape[0], held)


def _open_jpeg(content: bytes, structure: JpegStructure, max_pixels: int) -> PhotoSource:
    width, height = structure.width or 0, structure.height or 0
    if structure.fault or structure.scans > _MAX_SCANS or not 0 < width * height <= max_pixels:
        raise NotFixable
    if structure.colour_model in ("cmyk", "ycck"):
        held = _converted(content, "jpeg", max_pixels)
        return PhotoSource(content, structure, held.shape[1], held.shape[0], held)
    if structure.transposed:
        width, height = height, width
    return PhotoSource(content, structure, width, height)


def _converted(content: bytes, file_format: str, max_pixels: int) -> Picture:
    """Raises NotFixable, whatever Pillow stumbles over: it reports damage by many errors and by warnings."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(content), formats=[file_format.upper()]) as opened:
                held = _held(opened, max_pixels)
    except Exception as error:
        raise NotFixable from error
    if held is None:
        raise NotFixable
    return held


def _held(opened: Image.Image, max_pixels: int) -> Picture | None:
    """What is transparent becomes white. None of what is too large or moves: nothing of it is decoded."""
    if opened.width * opened.height > max_pixels or getattr(opened, "n_frames", 1) > 1:
        return None
    return _flattened(ImageOps.exif_transpose(opened))


def _flattened(picture: Image.Image) -> Picture:
    if picture.has_transparency_data:
        sheet = Image.new("RGBA", picture.size, "white")
        sheet.alpha_composite(picture.convert("RGBA"))
        picture = sheet
    return np.asarray(picture.convert("RGB"))
