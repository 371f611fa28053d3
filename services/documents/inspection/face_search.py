"""Which way up the picture has its face, and how many faces there are."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.documents.inspection.face_detection import Face, far_faces, near_faces
from services.documents.inspection.vision_models import VisionModels

Picture = NDArray[np.uint8]

_SURELY_UPRIGHT = 0.88  # an upright portrait scores more; an upside-down one reaches 0.84
_UPRIGHT = 0.83
_CLEARLY_BETTER = 0.03
_SAME_PLACE = 0.5  # centres nearer than this share of a face's height are the same face


@dataclass(frozen=True, slots=True)
class FacesFound:
    """Faces of the picture turned by `quarter_turns` against the clock, the largest first."""

    quarter_turns: int
    faces: tuple[Face, ...]


def find_faces(models: VisionModels, picture: Picture, *, counted_from_height: float) -> FacesFound:
    """Looks at the other three ways up only when this one is doubtful."""
    turns, near = 0, near_faces(models, picture)
    if _score(near) < _SURELY_UPRIGHT or _lies(near[0]):
        turns, near = _best_way_up(models, picture, near)
    turned = np.ascontiguousarray(np.rot90(picture, turns))
    further = [face for face in far_faces(models, turned) if not any(_same(face, known) for known in near)]
    faces = [face for face in (*near, *further) if face.height >= counted_from_height]
    return FacesFound(turns, tuple(sorted(faces, key=lambda face: -face.height)))


def _best_way_up(models: VisionModels, picture: Picture, upright: list[Face]) -> tuple[int, list[Face]]:
    ways = {turns: near_faces(models, np.ascontiguousarray(np.rot90(picture, turns))) for turns in (1, 2, 3)}
    turns = max(ways, key=lambda way: _score(ways[way]))
    better = max(_UPRIGHT, _score(upright) + _CLEARLY_BETTER)
    return (turns, ways[turns]) if _score(ways[turns]) > better else (0, upright)


def _score(faces: list[Face]) -> float:
    return faces[0].score if faces else 0.0


def _lies(face: Face) -> bool:
    """Whether the line of the eyes is steeper than level."""
    across, down = np.abs(face.points[1] - face.points[0])
    return bool(down > across)


def _same(one: Face, other: Face) -> bool:
    across = (one.left + one.right - other.left - other.right) / 2 / max(one.width, other.width)
    down = (one.top + one.bottom - other.top - other.bottom) / 2 / max(one.height, other.height)
    return bool(np.hypot(across, down) < _SAME_PLACE)
