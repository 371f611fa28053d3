"""Inspection of ID card copies, certificates and scans: format by content, limits before decoding, strict decoding."""

import io
import warnings
from dataclasses import replace

from PIL import Image

from services.documents.domain.image_verdict import FileLimits, ImageFacts, ImageMeasures, judge_image
from services.documents.domain.photo_findings import Finding
from services.documents.domain.photo_measures import FileFault
from services.documents.inspection.file_format import real_format
from services.documents.inspection.heic_picture import jpeg_of_heic
from services.documents.inspection.hidden_archive import hides_archive
from services.documents.inspection.jpeg_decoding import DamagedPicture, decode_upright
from services.documents.inspection.jpeg_structure import read_structure
from services.documents.inspection.pdf_structure import read_pdf_structure
from services.documents.inspection.photo_place import without_place
from services.documents.inspection.png_place import png_without_place
from services.documents.inspection.png_structure import read_png_structure
from services.documents.showing.pictures import LONGEST_THUMBNAIL, can_be_opened, upright

_MAX_SCANS = 100  # a progressive JPEG may ask for any number of passes


def inspect_image(content: bytes, limits: FileLimits) -> ImageFacts | tuple[Finding, ...]:
    """Gives the facts of an acceptable file or all findings. Never raises on what the bytes hold."""
    measures = _measure(content, limits)
    if measures.tail is None and hides_archive(content):
        measures = replace(measures, tail="zip")
    return judge_image(measures, limits)


def _measure(content: bytes, limits: FileLimits) -> ImageMeasures:
    name = real_format(content)
    if name not in limits.formats:  # what is refused by its format is not taken apart first
        return ImageMeasures(len(content), name, FileFault.EMPTY if name == "empty" else None)
    match name:
        case "jpeg":
            return _measure_jpeg(content, limits.max_pixels)
        case "png":
            return _measure_png(content, limits.max_pixels)
        case "heic":
            return _measure_heic(content, limits.max_pixels)
        case _:
            return _measure_pdf(content)


def _measure_pdf(content: bytes) -> ImageMeasures:
    structure = read_pdf_structure(content)
    return ImageMeasures(
        byte_count=len(content),
        real_format="pdf",
        fault=structure.fault,
        pages=structure.pages,
        encrypted=structure.encrypted,
        active=structure.active,
        too_complex=structure.too_complex,
        tail=structure.tail,
    )


def _measure_heic(content: bytes, max_pixels: int) -> ImageMeasures:
    picture = jpeg_of_heic(content, max_pixels=max_pixels)
    return ImageMeasures(
        byte_count=len(content),
        real_format="heic",
        fault=picture.fault,
        width=picture.width,
        height=picture.height,
        pictures=picture.pictures,
        converted=picture.jpeg,
    )


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
    if not can_be_opened(content):
        return replace(measures, fault=FileFault.CORRUPT)
    return replace(measures, converted=without_place(content, orientation=structure.orientation))


def _measure_png(content: bytes, max_pixels: int) -> ImageMeasures:
    structure = read_png_structure(content)
    measures = ImageMeasures(
        byte_count=len(content),
        real_format="png",
        fault=structure.fault,
        width=structure.width,
        height=structure.height,
        tail="unknown" if structure.trailing else None,
        pictures=structure.frames,
    )
    if measures.fault or structure.frames > 1 or _oversized(measures, max_pixels):
        return measures
    if not _decodes_as_png(content):
        return replace(measures, fault=FileFault.CORRUPT)
    return replace(measures, converted=png_without_place(content))


def _oversized(measures: ImageMeasures, max_pixels: int) -> bool:
    return (measures.width or 0) * (measures.height or 0) > max_pixels


def _decodes_as_png(content: bytes) -> bool:
    """And can be shown. Pillow reports damage by many errors and by warnings; each means that the file is not sound."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(content), formats=["PNG"]) as picture:
                picture.load()
                warnings.simplefilter("ignore")  # of camera data, which are not shown
                upright(picture, longest=LONGEST_THUMBNAIL)
    except Exception:  # noqa: BLE001  the decoder meets hostile bytes: whatever it stumbles over
        return False
    return True
