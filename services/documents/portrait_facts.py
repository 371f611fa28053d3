"""What a worker process finds out about a portrait: the check, the size of the upright picture, and what is kept of it."""

from dataclasses import dataclass, replace

from services.documents.domain.photo_findings import PhotoCheck
from services.documents.domain.photo_profile import PhotoProfile
from services.documents.domain.photo_verdict import judge
from services.documents.inspection.heic_picture import as_jpeg
from services.documents.inspection.jpeg_structure import read_structure
from services.documents.inspection.kept_memory import keep_freed_memory
from services.documents.inspection.photo_place import without_place
from services.documents.inspection.portrait import measure_portrait
from services.documents.inspection.vision_models import load_vision_models


@dataclass(frozen=True, slots=True)
class PortraitFacts:
    """Width and height in pixels; None where the file did not tell."""

    check: PhotoCheck
    width: int | None
    height: int | None
    without_place: bytes | None = None
    """What is kept of a photo that told where it was taken; None: the bytes as they came."""


def portrait_facts(content: bytes, profile: PhotoProfile) -> PortraitFacts:
    """A phone's HEIC is judged as the JPEG that it is kept as, a photo with its place by the bytes that are kept (R125)."""
    keep_freed_memory()
    picture = as_jpeg(content, max_pixels=profile.pixels.max_pixels)
    structure = read_structure(picture)
    measures = measure_portrait(picture, profile, load_vision_models(), structure)
    bare = None if structure.fault else without_place(picture, orientation=structure.orientation)
    if bare is not None:
        measures = replace(measures, file=replace(measures.file, byte_count=len(bare)))
    return PortraitFacts(judge(profile, measures), measures.file.width, measures.file.height, bare)


def can_see() -> bool:
    """Whether the models run in this worker."""
    return load_vision_models() is not None
