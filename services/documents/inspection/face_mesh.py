"""468 points of one face, for measuring how it is held and lit. They are never stored."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from services.documents.inspection.face_detection import Face
from services.documents.inspection.vision_models import VisionModels

Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]

_SIZE = 192
_ROOM = 1.5  # the model wants the face with a quarter of room on each side


@dataclass(frozen=True, slots=True)
class FaceMesh:
    """Points in pixels of the picture, the third axis being depth towards the camera (smaller is nearer)."""

    points: Floats  # (468, 3)
    presence: float  # 0-1, whether there is a face at all


def face_mesh(models: VisionModels, picture: Picture, face: Face) -> FaceMesh:
    """Looks at the face turned so that its eyes are level."""
    height, width = picture.shape[:2]
    size = np.array([width, height], dtype=np.float32)
    eyes = face.points[:2] * size
    angle = float(np.arctan2(eyes[1, 1] - eyes[0, 1], eyes[1, 0] - eyes[0, 0]))
    centre = np.array([(face.left + face.right) / 2, (face.top + face.bottom) / 2], dtype=np.float32) * size
    side = _ROOM * max(face.width * width, face.height * height)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]], dtype=np.float32)
    values, logit = models.landmarks(_crop(picture, centre, side, turn))
    flat: Floats = values.reshape(-1, 3) / np.float32(_SIZE)
    points = np.empty_like(flat)
    points[:, :2] = centre + ((flat[:, :2] - 0.5) * side) @ turn.T
    points[:, 2] = flat[:, 2] * side
    return FaceMesh(points, presence=1 / (1 + math.exp(-float(logit.reshape(-1)[0]))))


def _crop(picture: Picture, centre: Floats, side: float, turn: Floats) -> Floats:
    """A square around the face; what lies beyond the picture is black."""
    axes = turn * (side / _SIZE)
    start = centre - axes @ np.array([_SIZE / 2, _SIZE / 2], dtype=np.float32)
    coefficients = (axes[0, 0], axes[0, 1], start[0], axes[1, 0], axes[1, 1], start[1])
    square = Image.fromarray(picture).transform(
        (_SIZE, _SIZE), Image.Transform.AFFINE, tuple(map(float, coefficients)), Image.Resampling.BILINEAR
    )
    return (np.asarray(square, dtype=np.float32) / np.float32(255))[np.newaxis]
