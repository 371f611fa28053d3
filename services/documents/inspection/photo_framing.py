"""Which part of a picture an automatic fix keeps, and drawing that part in its final size."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from services.documents.domain.face_rule import judge_faces
from services.documents.domain.photo_crop import Crop, Head, crop_around
from services.documents.domain.photo_findings import FindingCode
from services.documents.domain.photo_measures import FaceMeasures
from services.documents.domain.photo_profile import PhotoProfile, PixelSize
from services.documents.inspection.background import has_white_frame, white_frame_box
from services.documents.inspection.jpeg_decoding import PRINT_SIDE
from services.documents.inspection.looking import at_print_size, look_at
from services.documents.inspection.person_mask import person_mask
from services.documents.inspection.photo_source import NotFixable, PhotoSource
from services.documents.inspection.vision_models import VisionModels

Picture = NDArray[np.uint8]

WHOLE = (0.0, 0.0, 1.0, 1.0)

_STEEPEST = 25.0  # degrees: a head further to the side is no slip
_ZOOMS = (1.0, 0.94, 0.88, 0.82)
_CUT_FOR = frozenset({FindingCode.FACE_TOO_SMALL, FindingCode.FACE_OFF_CENTRE})
_ENLARGED_AT_MOST = 1.2  # to the smallest size only; more would only feign the detail that the rule asks for


@dataclass(frozen=True, slots=True)
class Framing:
    """Shares of the upright picture that stay, how it is turned, and shares of the turned part that are cut out."""

    inside: tuple[float, float, float, float]
    quarter_turns: int
    crop: Crop | None
    straightened_by: float = 0.0


def plan_framing(source: PhotoSource, profile: PhotoProfile, models: VisionModels) -> Framing:
    """Looks at the picture reduced to print size. Raises NotFixable unless exactly one face is there to frame."""
    small = at_print_size(source.picture(short_side=PRINT_SIDE))
    part, inside = _within_white_frame(small, profile)
    faces = look_at(part, profile, models).faces
    if faces is None or faces.largest is None or faces.count > 1:
        raise NotFixable
    turned = np.ascontiguousarray(np.rot90(part, faces.quarter_turns))
    codes = {finding.code for finding in judge_faces(profile, faces)}
    fits = profile.fitting_sizes(width=turned.shape[1], height=turned.shape[0])
    to_be_cut, roll = not fits or bool(codes & _CUT_FOR), faces.largest.roll
    tilted = profile.face.pose.roll.warn_above < abs(roll) <= _STEEPEST
    if not (to_be_cut or tilted):
        return Framing(inside, faces.quarter_turns, None)
    head = _head(faces.largest, turned, person_mask(models, turned))
    least_width = profile.target.sizes[-1].width_px * min(small.shape[:2]) / min(source.width, source.height)
    plain = Framing(inside, faces.quarter_turns, _crop(head, turned, profile, least_width))
    straight = _straightened(plain, head, turned, profile, roll) if tilted else None
    return straight or (plain if to_be_cut else Framing(inside, faces.quarter_turns, None))


def _within_white_frame(small: Picture, profile: PhotoProfile) -> tuple[Picture, tuple[float, float, float, float]]:
    """The picture without its white frame, and where that part lies, in shares."""
    limits = profile.background.white_frame
    if not has_white_frame(small, limits):
        return small, WHOLE
    height, width = small.shape[:2]
    left, top, right, bottom = white_frame_box(small, limits)
    return small[top:bottom, left:right], (left / width, top / height, right / width, bottom / height)


def _straightened(plain: Framing, head: Head, picture: Picture, profile: PhotoProfile, roll: float) -> Framing | None:
    """A turned cut needs room at its corners: it is made narrower until nothing from beyond the picture shows."""
    for zoom in _ZOOMS:
        framing = replace(plain, crop=_crop(head, picture, profile, 0.0, zoom), straightened_by=roll)
        if _stays_within(framing, picture):
            return framing
    return None


def _crop(head: Head, picture: Picture, profile: PhotoProfile, least_width: float, zoom: float = 1.0) -> Crop:
    """The cut in shares of the picture."""
    best, (height, width) = profile.target.sizes[0], picture.shape[:2]
    whole, aspect = Crop(0, 0, width, height), best.width_px / best.height_px
    cut = crop_around(head, picture=whole, aspect=aspect, least_width=least_width, zoom=zoom)
    return Crop(cut.left / width, cut.top / height, cut.width / width, cut.height / height)


def _head(face: FaceMeasures, picture: Picture, person: NDArray[np.float32]) -> Head:
    """The hair ends where a column as wide as the face stops being person."""
    height, width = picture.shape[:2]
    tall = face.box_height * height
    middle_x, middle_y = face.centre_x * width, face.centre_y * height
    left, right = max(0, int(middle_x - tall / 4)), max(1, int(middle_x + tall / 4))
    rows = np.flatnonzero(person[:, left:right].mean(axis=1) > 0.5)
    hair_top = float(rows[0]) if rows.size else middle_y - tall
    return Head(middle_x, middle_y, tall, min(max(hair_top, middle_y - 1.4 * tall), middle_y - 0.7 * tall))


def source_pixels_needed(framing: Framing, source: PhotoSource, profile: PhotoProfile) -> int:
    """How many pixels the decoded picture's short side needs, so that the cut reaches the best size."""
    width, _ = _part_size(framing, source)
    share = framing.crop.width if framing.crop else 1.0
    scale = profile.target.sizes[0].width_px / (width * share)
    return min(source.width, source.height, int(np.ceil(scale * min(source.width, source.height))))


def final_size(framing: Framing, source: PhotoSource, profile: PhotoProfile) -> PixelSize:
    """The best target size for which the source has the pixels. Raises NotFixable when it has them for none."""
    width, height = _part_size(framing, source)
    if framing.crop is None:
        scale = _scale_of_whole(width, height, profile)
        return PixelSize(round(width * scale), round(height * scale))
    *larger, smallest = profile.target.sizes
    cut = framing.crop.width * width
    for size in larger:
        if cut >= size.width_px:
            return size
    if cut * _ENLARGED_AT_MOST < smallest.width_px:
        raise NotFixable
    return smallest


def _scale_of_whole(width: float, height: float, profile: PhotoProfile) -> float:
    """Reduces what is larger than the best size, and enlarges a little what would be refused for want of pixels."""
    best, smallest, pixels = profile.target.sizes[0], profile.target.sizes[-1], profile.pixels
    too_few = min(width, height) < pixels.refuse_below_short_side or max(width, height) < pixels.refuse_below_long_side
    if too_few and width * _ENLARGED_AT_MOST >= smallest.width_px:
        return smallest.width_px / width
    return min(1.0, best.width_px / width)


def _part_size(framing: Framing, source: PhotoSource) -> tuple[float, float]:
    left, top, right, bottom = framing.inside
    width, height = (right - left) * source.width, (bottom - top) * source.height
    return (height, width) if framing.quarter_turns % 2 else (width, height)


def draw(picture: Picture, framing: Framing, size: PixelSize) -> Picture:
    """Turns, straightens, cuts and resizes. `picture` is upright as EXIF says, at any scale."""
    height, width = picture.shape[:2]
    left, top, right, bottom = framing.inside
    part = picture[round(top * height) : round(bottom * height), round(left * width) : round(right * width)]
    turned = np.ascontiguousarray(np.rot90(part, framing.quarter_turns))
    image, box = Image.fromarray(turned), (0.0, 0.0, float(turned.shape[1]), float(turned.shape[0]))
    if framing.crop is not None:
        box = _pixels(framing.crop, turned).box
    if framing.straightened_by:
        image = image.transform(image.size, Image.Transform.AFFINE, _turn(framing, turned), Image.Resampling.BICUBIC)
    resized = image.resize((size.width_px, size.height_px), Image.Resampling.LANCZOS, box=box, reducing_gap=3.0)
    return np.asarray(resized)


def _pixels(crop: Crop, picture: Picture) -> Crop:
    height, width = picture.shape[:2]
    right, bottom = min(1.0, crop.left + crop.width), min(1.0, crop.top + crop.height)
    return Crop(crop.left * width, crop.top * height, (right - crop.left) * width, (bottom - crop.top) * height)


def _turn(framing: Framing, picture: Picture) -> tuple[float, float, float, float, float, float]:
    """Where each pixel of the straightened picture comes from: turned about the middle of the cut."""
    assert framing.crop is not None
    crop = _pixels(framing.crop, picture)
    middle_x, middle_y = crop.left + crop.width / 2, crop.top + crop.height / 2
    angle = np.radians(framing.straightened_by)
    cosine, sine = float(np.cos(angle)), float(np.sin(angle))
    return (
        cosine,
        -sine,
        middle_x - cosine * middle_x + sine * middle_y,
        sine,
        cosine,
        middle_y - sine * middle_x - cosine * middle_y,
    )


def _stays_within(framing: Framing, picture: Picture) -> bool:
    """Whether the straightened cut shows nothing from beyond the picture."""
    if not framing.straightened_by or framing.crop is None:
        return True
    height, width = picture.shape[:2]
    a, b, c, d, e, f = _turn(framing, picture)
    left, top, right, bottom = _pixels(framing.crop, picture).box
    corners = [(x, y) for x in (left, right) for y in (top, bottom)]
    return all(-1 <= a * x + b * y + c <= width + 1 and -1 <= d * x + e * y + f <= height + 1 for x, y in corners)
