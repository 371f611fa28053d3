"""A plain background behind the same person. Every pixel keeps what it shows of the person, hair included."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from services.documents.inspection.regions import Region, shrunk

Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]

_SURELY_BEHIND, _SURELY_PERSON = 0.05, 0.95
_EDGE_SHARE = 0.012  # of the height: how far hair and soft edges reach beyond the mask's own edge
_DISTINCT = 40.0  # colours of person and background further apart than this tell them apart better than the mask does
_LEAST = 0.02  # share of the picture that must surely be background, and person


def replace_background(picture: Picture, person: Floats, colour: tuple[int, int, int]) -> Picture | None:
    """Gives None when too little of the picture is surely person or surely background."""
    reach = max(2, round(picture.shape[0] * _EDGE_SHARE))
    behind, front = shrunk(person < _SURELY_BEHIND, reach), shrunk(person > _SURELY_PERSON, reach)
    if min(behind.mean(), front.mean()) < _LEAST:
        return None
    seen = picture.astype(np.float32)
    old_background = _spread_from(seen, behind)
    background_share = 1 - _person_share(seen, person, behind, front, old_background)
    # What is seen is person and background mixed; exchanging the background's part leaves the person's untouched.
    exchanged = seen + background_share[..., np.newaxis] * (np.array(colour, dtype=np.float32) - old_background)
    return exchanged.clip(0, 255).round().astype(np.uint8)


def _person_share(seen: Floats, person: Floats, behind: Region, front: Region, old_background: Floats) -> Floats:
    """Between the sure regions a pixel's place on the line between the two colours near it tells its share."""
    line = _spread_from(seen, front) - old_background
    length = (line * line).sum(axis=2)
    by_colour = (((seen - old_background) * line).sum(axis=2) / np.maximum(length, 1)).clip(0, 1)
    trust = length / (length + np.float32(_DISTINCT**2))
    share: Floats = trust * by_colour + (1 - trust) * person
    share[behind], share[front] = 0, 1
    return share


def _spread_from(picture: Floats, known: Region) -> Floats:
    """Fills what is not known from the nearest that is, ever more coarsely with the distance."""
    weight = known.astype(np.float32)[..., np.newaxis]
    return _filled(picture * weight, weight)


def _filled(weighted: Floats, weight: Floats) -> Floats:
    height, width = weight.shape[:2]
    if min(height, width) <= 2:
        total = np.float32(max(float(weight.sum()), 1e-6))
        return np.broadcast_to(weighted.sum(axis=(0, 1)) / total, weighted.shape)
    coarse = _filled(_quartered(weighted), _quartered(weight))
    grown = _doubled(coarse, width, height)
    filled: Floats = np.where(weight > 0, weighted / np.maximum(weight, 1e-6), grown)
    return filled


def _quartered(values: Floats) -> Floats:
    """Means of two by two pixels, the last row and column doubled where the size is odd."""
    height, width = values.shape[:2]
    even = np.pad(values, [(0, height % 2), (0, width % 2), (0, 0)], "edge")
    return (even[::2, ::2] + even[1::2, ::2] + even[::2, 1::2] + even[1::2, 1::2]) / np.float32(4)


def _doubled(values: Floats, width: int, height: int) -> Floats:
    channels = [
        np.asarray(Image.fromarray(values[..., channel]).resize((width, height), Image.Resampling.BILINEAR))
        for channel in range(values.shape[2])
    ]
    return np.stack(channels, axis=-1)
