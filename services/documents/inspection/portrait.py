"""Inspection of one portrait: structure, limits, strict decoding, measures, verdict."""

from dataclasses import replace

from services.documents.domain.photo_findings import PhotoCheck
from services.documents.domain.photo_measures import FileFault, FileMeasures, PhotoMeasures
from services.documents.domain.photo_profile import PhotoProfile
from services.documents.domain.photo_verdict import judge
from services.documents.inspection.background import colour_difference, has_white_frame
from services.documents.inspection.jpeg_decoding import DamagedPicture, decode_upright
from services.documents.inspection.jpeg_structure import JpegStructure, read_structure
from services.documents.inspection.looking import at_print_size, look_at
from services.documents.inspection.vision_models import VisionModels, load_vision_models
from services.documents.showing.pictures import can_be_opened


def inspect_portrait(content: bytes, profile: PhotoProfile) -> PhotoCheck:
    """Checks a portrait against a campaign's profile. No content makes it raise; nothing oversized is decoded."""
    return judge(profile, measure_portrait(content, profile, load_vision_models()))


def measure_portrait(
    content: bytes, profile: PhotoProfile, models: VisionModels | None, structure: JpegStructure | None = None
) -> PhotoMeasures:
    """Measures as far as the file allows: a fault of the structure or a limit stops before the decoder.

    Without models no face is looked for, and only the border of the background. `structure`: where it was read before.
    """
    structure = structure or read_structure(content)
    file = _file_measures(content, structure)
    if structure.scans > profile.pixels.max_scans:
        return _damaged(file)
    if file.fault or not _decodable(structure, profile):
        return PhotoMeasures(file)
    if not can_be_opened(content):
        return _damaged(file)
    try:
        return _picture_measures(content, structure, file, profile, models)
    except DamagedPicture:
        return _damaged(file)


def _damaged(file: FileMeasures) -> PhotoMeasures:
    return PhotoMeasures(replace(file, fault=FileFault.CORRUPT))


def _file_measures(content: bytes, structure: JpegStructure) -> FileMeasures:
    width, height = structure.width, structure.height
    if structure.transposed:
        width, height = height, width
    return FileMeasures(
        byte_count=len(content),
        real_format=structure.real_format,
        fault=structure.fault,
        width=width,
        height=height,
        colour_model=structure.colour_model,
        tail=structure.tail.kind,
        further_pictures=structure.tail.further_pictures,
        markup=structure.markup,
    )


def _decodable(structure: JpegStructure, profile: PhotoProfile) -> bool:
    pixels = (structure.width or 0) * (structure.height or 0)
    return structure.colour_model in ("rgb", "grey") and pixels <= profile.pixels.max_pixels


def _picture_measures(
    content: bytes, structure: JpegStructure, file: FileMeasures, profile: PhotoProfile, models: VisionModels | None
) -> PhotoMeasures:
    picture = at_print_size(decode_upright(content, structure))
    seen = look_at(picture, profile, models)
    return PhotoMeasures(
        file=file,
        colour_difference=colour_difference(picture),
        white_frame=has_white_frame(picture, profile.background.white_frame),
        background=seen.background,
        faces=seen.faces,
    )
