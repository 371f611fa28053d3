"""Exchanging the background of a portrait where it needs to be, and where person and background can be told apart."""

import numpy as np
from numpy.typing import NDArray

from services.documents.domain.background_rule import judge_background
from services.documents.domain.photo_measures import BackgroundMeasures
from services.documents.domain.photo_profile import PhotoProfile
from services.documents.inspection.background import background_of
from services.documents.inspection.background_replacement import replace_background
from services.documents.inspection.person_mask import person_mask
from services.documents.inspection.vision_models import VisionModels

Picture = NDArray[np.uint8]

_MOST_UNEVEN = 30.0  # Lab distance: in front of a crowd or a bookshelf nobody can tell hair from what is behind it


def with_plain_blue(picture: Picture, profile: PhotoProfile, models: VisionModels) -> Picture | None:
    """A blue that is only uneven becomes even in its own colour, another background gets the profile's blue.

    None when there is nothing to cure, or no way to cure it well.
    """
    person = person_mask(models, picture)
    behind = background_of(picture[::2, ::2], person[::2, ::2], profile.background)
    if behind.spread > _MOST_UNEVEN or not any(judge_background(profile, behind, upright=True)):
        return None
    red, green, blue = _own_blue(picture, person, behind, profile) or profile.target.background_rgb
    return replace_background(picture, person, (red, green, blue))


def _own_blue(
    picture: Picture, person: NDArray[np.float32], behind: BackgroundMeasures, profile: PhotoProfile
) -> tuple[int, ...] | None:
    blue = profile.background.blue
    sure = behind.chroma >= blue.chroma_warn_below and behind.saturation >= blue.saturation_warn_below
    if not sure or behind.value < blue.value_warn_below or not blue.hue_from <= behind.hue <= blue.hue_to:
        return None
    clear = picture[person < profile.background.around_person.person_below]
    return tuple(int(channel) for channel in np.median(clear, axis=0)) if len(clear) else None
