"""What a worker process finds out about a portrait: the check and the size of the upright picture."""

from dataclasses import dataclass

from services.documents.domain.photo_findings import PhotoCheck
from services.documents.domain.photo_profile import PhotoProfile
from services.documents.domain.photo_verdict import judge
from services.documents.inspection.heic_picture import as_jpeg
from services.documents.inspection.portrait import measure_portrait
from services.documents.inspection.vision_models import load_vision_models


@dataclass(frozen=True, slots=True)
class PortraitFacts:
    """Width and height in pixels; None where the file did not tell."""

    check: PhotoCheck
    width: int | None
    height: int | None


def portrait_facts(content: bytes, profile: PhotoProfile) -> PortraitFacts:
    """A phone's HEIC is judged as the JPEG that it is kept as."""
    picture = as_jpeg(content, max_pixels=profile.pixels.max_pixels)
    measures = measure_portrait(picture, profile, load_vision_models())
    return PortraitFacts(judge(profile, measures), measures.file.width, measures.file.height)


def can_see() -> bool:
    """Whether the models run in this worker."""
    return load_vision_models() is not None
