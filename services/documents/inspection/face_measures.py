"""What can be measured of one face: its place, how it is held, what covers it, light and sharpness."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from services.documents.domain.photo_measures import FaceMeasures
from services.documents.inspection.colour_space import lab
from services.documents.inspection.face_detection import Face
from services.documents.inspection.face_mesh import FaceMesh
from services.documents.inspection.head_cover import Head, cloth_share_beside, coloured_share_above, polygon
from services.documents.inspection.regions import middle_channel
from services.documents.inspection.sharpness import measure_sharpness

Number = TypeVar("Number", np.uint8, np.float32)
Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]

# Numbers of points of the mesh. Right and left are the person's.
_OUTER_EYES, _EARS, _CROWN_AND_CHIN, _MOUTH_CORNERS = (33, 263), (234, 454), (10, 152), (61, 291)
_LIDS = (((159, 145), (158, 153), (160, 144), (33, 133)), ((386, 374), (385, 380), (387, 373), (263, 362)))
_EYES = (
    (33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246),
    (263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466),
)
_UNDER_EYES = ((230, 119, 229), (450, 348, 449))
_LIPS = (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185)
_LOWER_FACE = (164, 167, 393, 199, 200, 18, 175, 32, 262, 57, 287, 207, 427, 212, 432)
_CHEEKS, _FOREHEAD = (50, 280, 101, 330, 205, 425, 36, 266), (151, 108, 337, 9)
# fmt: off
_OUTLINE = (10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
            152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109)
# fmt: on

_LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)
_PATCH_SHARE = 0.03  # half the side of a patch of skin, as a share of the face's height
_CLIPPED = 250
_ROOM = 0.1
_DARK_LIGHT_AND_LIT, _DARK_AND_LIT = (5, 90, 95), (5, 95)  # percentiles


@dataclass(frozen=True, slots=True)
class Reduced:
    """The whole picture reduced, with the person mask of the same size."""

    picture: Picture
    person: Floats


def measure_face(picture: Picture, face: Face, mesh: FaceMesh, around: Reduced) -> FaceMeasures:
    """Expects an upright picture at print size."""
    near, points = _surroundings(picture, mesh.points)
    luma = near @ _LUMA
    skin = max(1.0, float(np.median(_patches(luma, points, _CHEEKS))))
    forehead, lower = (np.median(lab(_patches(near, points, ids)), axis=0) for ids in (_FOREHEAD, _LOWER_FACE))
    inside = polygon(points[list(_OUTLINE)], luma.shape)[::2, ::2]  # for light a quarter of the pixels tells as well
    eyes = [_levels(luma, points, eye, _DARK_LIGHT_AND_LIT) for eye in _EYES]
    lips_dark, lips_lit = _levels(luma, points, _LIPS, _DARK_AND_LIT)
    head = _head(around, mesh.points, picture.shape[1], np.median(lab(_patches(near, points, _CHEEKS)), axis=0))
    sharpness = measure_sharpness(_bounded(luma, points))
    return FaceMeasures(
        box_height=face.height,
        centre_x=(face.left + face.right) / 2,
        centre_y=(face.top + face.bottom) / 2,
        outside=_outside(mesh.points, picture.shape),
        roll=_angle(points, _OUTER_EYES, 1),
        yaw=_angle(points, _EARS, 2),
        eye_openness=min(_openness(points, lids) for lids in _LIDS),
        eye_contrast=min(lit - dark for dark, _, lit in eyes) / skin,
        eye_brightness=min(light for _, light, _ in eyes) / skin,
        under_eye_brightness=min(float(np.median(_patches(luma, points, side))) for side in _UNDER_EYES) / skin,
        mouth_contrast=lips_lit - lips_dark,
        mouth_red_shift=float(lower[1] - forehead[1]),
        mouth_yellow_shift=float(lower[2] - forehead[2]),
        head_colour_share=coloured_share_above(head),
        cloth_beside_share=cloth_share_beside(head),
        brightest=float(np.percentile(luma[::2, ::2][inside], 99)) if inside.any() else 0.0,
        clipped_share=float((middle_channel(near[::2, ::2])[inside] >= _CLIPPED).mean()) if inside.any() else 0.0,
        edge_width=sharpness.edge_width,
        edge_width_ratio=sharpness.edge_width_ratio,
        detail=sharpness.detail,
    )


def _head(around: Reduced, points: Floats, full_width: int, skin: Floats) -> Head:
    scaled = points[:, :2] * (around.person.shape[1] / full_width)
    return Head(
        picture=around.picture,
        person=around.person,
        outline=scaled[list(_OUTLINE)],
        eye_line=float(scaled[list(_OUTER_EYES), 1].mean()),
        mouth_line=float(scaled[list(_MOUTH_CORNERS), 1].mean()),
        skin=skin,
    )


def _surroundings(picture: Picture, points: Floats) -> tuple[Picture, Floats]:
    """The part of the picture around the face, and the points within that part."""
    low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    room = _ROOM * (high - low)
    last = np.array([picture.shape[1] - 1, picture.shape[0] - 1])
    left, top = np.clip(low - room, 0, last).astype(int)
    right, bottom = np.maximum((high + room).astype(int), (left + 1, top + 1))
    return picture[top:bottom, left:right], points - np.array([left, top, 0], dtype=np.float32)


def _angle(points: Floats, ends: tuple[int, int], axis: int) -> float:
    """Degrees by which the line between two points leaves the horizontal (axis 1) or the picture's plane (axis 2)."""
    line = points[ends[1]] - points[ends[0]]
    across = line[0] if axis == 1 else np.hypot(line[0], line[1])
    return float(np.degrees(np.arctan2(line[axis], across)))


def _outside(points: Floats, shape: tuple[int, ...]) -> float:
    """How far the outline reaches beyond the picture, as a share of the face's width or height."""
    low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    beyond = np.maximum(-low, high - np.array([shape[1], shape[0]]))
    return max(0.0, float((beyond / np.maximum(high - low, 1)).max()))


def _openness(points: Floats, lids: tuple[tuple[int, int], ...]) -> float:
    *openings, width = (float(np.hypot(*(points[one, :2] - points[other, :2]))) for one, other in lids)
    return sum(openings) / len(openings) / max(width, 1e-6)


def _levels(luma: Floats, points: Floats, outline: tuple[int, ...], percents: tuple[int, ...]) -> list[float]:
    """Percentiles of the brightness inside an outline: drawn on the part of the picture that it lies in."""
    shape = points[list(outline), :2]
    left, top = np.maximum(np.floor(shape.min(axis=0)) - 1, 0).astype(int)
    right, bottom = np.maximum(np.ceil(shape.max(axis=0)) + 2, 0).astype(int)
    part = luma[top:bottom, left:right]
    inside = part[polygon(shape - np.array([left, top], dtype=np.float32), part.shape)] if part.size else part
    return np.percentile(inside, percents).tolist() if inside.size else [0.0] * len(percents)


def _patches(values: NDArray[Number], points: Floats, ids: tuple[int, ...]) -> NDArray[Number]:
    """Squares around points, as far as they lie within the picture; one black pixel when none does."""
    crown, chin = _CROWN_AND_CHIN
    reach = max(1, round(_PATCH_SHARE * abs(float(points[chin, 1] - points[crown, 1]))))
    pieces = []
    for x, y in points[list(ids), :2].round().astype(int):
        piece = values[max(0, y - reach) : max(0, y + reach + 1), max(0, x - reach) : max(0, x + reach + 1)]
        pieces.append(piece.reshape(-1, *values.shape[2:]))
    joined = np.concatenate(pieces)
    return joined if len(joined) else np.zeros((1, *values.shape[2:]), dtype=values.dtype)


def _bounded(luma: Floats, points: Floats) -> Floats:
    left, top = np.maximum(points[:, :2].min(axis=0), 0).astype(int)
    right, bottom = np.maximum(points[:, :2].max(axis=0) + 1, 0).astype(int)
    return luma[top:bottom, left:right]
