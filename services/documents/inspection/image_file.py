"""Inspection of ID card copies, certificates and scans: format by content, limits before decoding, strict decoding."""

import io
import struct
import warnings
import zlib
from collections.abc import Set as AbstractSet
from dataclasses import replace

from PIL import Image

from services.documents.domain.image_verdict import ImageFacts, ImageMeasures, judge_image
from services.documents.domain.photo_findings import Finding
from services.documents.domain.photo_measures import FileFault
from services.documents.inspection.file_format import real_format
from services.documents.inspection.jpeg_decoding import DamagedPicture, decode_upright
from services.documents.inspection.jpeg_structure import read_structure
from services.documents.inspection.png_structure import read_png_structure

_MAX_SCANS = 100  # a progressive JPEG may ask for any number of passes
_PDF_END = b"%%EOF"
_PDF_END_WITHIN = 1024  # readers look for the end mark this far from the end


def inspect_image(
    content: bytes, *, formats: AbstractSet[str], max_bytes: int, max_pixels: int
) -> ImageFacts | tuple[Finding, ...]:
    """Gives the facts of an acceptable file or all findings. Never raises on what the bytes hold.

    A PDF is only told by its head and its end mark: pages, encryption and scripts are not looked at.
    """
    measures = _measure(content, max_pixels)
    return judge_image(measures, formats=formats, max_bytes=max_bytes, max_pixels=max_pixels)


def _measure(content: bytes, max_pixels: int) -> ImageMeasures:
    name = real_format(content)
    match name:
        case "jpeg":
            return _measure_jpeg(content, max_pixels)
        case "png":
            return _measure_png(content, max_pixels)
        case "pdf":
            whole = _PDF_END in content[-_PDF_END_WITHIN:]
            return ImageMeasures(len(content), name, None if whole else FileFault.TRUNCATED)
        case _:
            return ImageMeasures(len(content), name, FileFault.EMPTY if name == "empty" else None)


def _measure_jpeg(content: bytes, max_pixels: int) -> ImageMeasures:
    structure = read_structure(content)
    size = (structure.width, structure.height)
    width, height = reversed(size) if structure.transposed else size
    measures = ImageMeasures(
        byte_count=len(content),
        real_format="jpeg",
        fault=FileFault.CORRUPT if structure.scans > _MAX_SCANS else structure.fault,
        width=width,
        height=height,
        colour_model=structure.colour_model,
        tail=structure.tail.kind,
    )
    if measures.fault or structure.colour_model not in ("rgb", "grey") or _oversized(measures, max_pixels):
        return measures
    try:
        decode_upright(content, structure)
    except DamagedPicture:
        return replace(measures, fault=FileFault.CORRUPT)
    return measures


def _measure_png(content: bytes, max_pixels: int) -> ImageMeasures:
    structure = read_png_structure(content)
    measures = ImageMeasures(
        byte_count=len(content),
        real_format="png",
        fault=structure.fault,
        width=structure.width,
        height=structure.height,
        tail="unknown" if structure.trailing else None,
    )
    if measures.fault or _oversized(measures, max_pixels) or _decodes_as_png(content):
        return measures
    return replace(measures, fault=FileFault.CORRUPT)


def _oversized(measures: ImageMeasures, max_pixels: int) -> bool:
    return (measures.width or 0) * (measures.height or 0) > max_pixels


def _decodes_as_png(content: bytes) -> bool:
    """Pillow reports damage by several errors and by warnings; each of them means that the file is not sound."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(content), formats=["PNG"]) as picture:
                picture.load()
    except (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error, Warning):
        return False
    return True
