"""Signs of a cap, a scarf or a hood. No model tells hats from hair; cloth in a colour that no hair has does."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from services.documents.inspection.colour_space import distance, lab
from services.documents.inspection.regions import Region, pixels_of, shrunk

Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]

_SURELY_PERSON, _SURELY_BEHIND = 0.85, 0.05
_INSET = 2  # pixels at half the print size: hair at the edge takes on the background's colour
_ABOVE, _BESIDE = 1.15, 1.12  # the outline of the face this much enlarged leaves skin out
_REACH = 0.4  # of the face's width: how far to its sides cloth is looked for
_EVERY = 8  # of the background's pixels tells its colour
_LEAST = 20  # pixels; fewer say nothing
_HAIR_HUES = (15, 105)  # degrees in CIE Lab, from red-brown to green-blond
_COLOURED, _PALE, _LIGHT = 18, 14, 65  # chroma, chroma, lightness
_DIFFERENT = 25  # Lab distance from the background, and from skin
_PLAIN = 25  # a background whose 90th percentile differs more cannot be told from cloth
_OTHER_HUE = 30  # degrees
_LIGHTNESS_WEIGHT = 0.7


@dataclass(frozen=True, slots=True)
class Head:
    """The whole picture reduced, the person mask of that size, and the mesh's points on it."""

    picture: Picture
    person: Floats
    outline: Floats  # (n, 2)
    eye_line: float
    mouth_line: float
    skin: Floats  # (3,), CIE Lab


def coloured_share_above(head: Head) -> float:
    """Share of the head above the eyes that has a colour unlike any hair: coloured caps and scarves."""
    above = shrunk(head.person > _SURELY_PERSON, _INSET)
    above[max(0, int(head.eye_line)) :] = False
    above &= ~_enlarged(head, _ABOVE)
    pixels = pixels_of(head.picture, above)
    return float(_coloured(lab(pixels)).mean()) if len(pixels) >= _LEAST else 0.0


def cloth_share_beside(head: Head) -> float:
    """Area of light or coloured cloth beside the cheeks, as a share of the face between eyes and mouth: hoods, scarves."""
    background = lab(pixels_of(head.picture, head.person < _SURELY_BEHIND, every=_EVERY))
    width = float(np.ptp(head.outline[:, 0]))
    area = width * (head.mouth_line - head.eye_line)
    if len(background) < _LEAST or area < _LEAST:
        return 0.0
    behind = np.median(background, axis=0)
    if np.percentile(distance(background, behind, lightness=_LIGHTNESS_WEIGHT), 90) > _PLAIN:
        return 0.0
    beside = _beside(head, width)
    colours = lab(pixels_of(head.picture, beside))
    light = (colours[:, 0] > _LIGHT) & (np.hypot(colours[:, 1], colours[:, 2]) < _PALE)
    from_behind, from_skin = (distance(colours, each, lightness=_LIGHTNESS_WEIGHT) for each in (behind, head.skin))
    foreign = (from_behind > _DIFFERENT) & (from_skin > _DIFFERENT)
    coloured = _coloured(colours) & (_turn_of_hue(colours, behind) > _OTHER_HUE)  # a shadow keeps the background's hue
    return float((foreign & (light | coloured)).sum() / area)


def _beside(head: Head, width: float) -> Region:
    region = ~_enlarged(head, _BESIDE)
    region[: max(0, int(head.eye_line))] = False
    region[max(0, int(head.mouth_line)) :] = False
    region[:, : max(0, int(head.outline[:, 0].min() - _REACH * width))] = False
    region[:, max(0, int(head.outline[:, 0].max() + _REACH * width)) :] = False
    return region


def _enlarged(head: Head, scale: float) -> Region:
    centre = head.outline.mean(axis=0)
    return polygon(centre + (head.outline - centre) * scale, head.person.shape)


def _coloured(colours: Floats) -> NDArray[np.bool_]:
    hues = np.degrees(np.arctan2(colours[:, 2], colours[:, 1])) % 360
    strong = np.hypot(colours[:, 1], colours[:, 2]) > _COLOURED
    return strong & ((hues < _HAIR_HUES[0]) | (hues > _HAIR_HUES[1]))


def _turn_of_hue(colours: Floats, colour: Floats) -> Floats:
    """Degrees between the hues, 0 to 180."""
    turn = np.degrees(np.arctan2(colours[:, 2], colours[:, 1]) - np.arctan2(colour[2], colour[1]))
    degrees: Floats = np.abs((turn + 180) % 360 - 180)
    return degrees


def polygon(points: Floats, shape: tuple[int, ...]) -> Region:
    """The pixels inside an outline."""
    canvas = Image.new("L", (shape[1], shape[0]))
    ImageDraw.Draw(canvas).polygon(points[:, :2].ravel().tolist(), fill=1)
    return np.asarray(canvas).view(np.bool_)
