"""Where faces are in a picture: BlazeFace's answers turned into boxes and points."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from services.documents.inspection.vision_models import Model, VisionModels

Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]

_SURE = 0.5
_SAME_FACE = 0.3  # overlap of two boxes, intersection over union


@dataclass(frozen=True, slots=True)
class Face:
    """Box and points in shares of the picture's width and height; may reach beyond the picture.

    Points: the person's right eye, left eye, nose, mouth, right ear, left ear.
    """

    score: float
    left: float
    top: float
    right: float
    bottom: float
    points: Floats  # (6, 2)

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top


def near_faces(models: VisionModels, picture: Picture) -> list[Face]:
    """Faces as large as in a portrait, the surest first."""
    return _detect(models.near_faces, picture, size=128, anchors=_NEAR_ANCHORS)


def far_faces(models: VisionModels, picture: Picture) -> list[Face]:
    """The same with a model that also sees small faces, such as somebody in the background."""
    return _detect(models.far_faces, picture, size=192, anchors=_FAR_ANCHORS)


def _detect(model: Model, picture: Picture, *, size: int, anchors: Floats) -> list[Face]:
    height, width = picture.shape[:2]
    longer = max(height, width)
    values, logits = model(_squared(picture, size))
    scores: Floats = (1 / (1 + np.exp(-np.clip(logits.reshape(-1), -80, 80)))).astype(np.float32)
    found = np.flatnonzero(scores > _SURE)
    shares: Floats = values.reshape(-1, 8, 2)[found] / np.float32(size)
    shares[:, 0] += anchors[found]
    shares[:, 2:] += anchors[found, np.newaxis]
    scale = np.array([longer / width, longer / height], dtype=np.float32)
    margin = np.array([(longer - width) / 2 / width, (longer - height) / 2 / height], dtype=np.float32)
    shares *= scale
    shares[:, 0] -= margin
    shares[:, 2:] -= margin
    return _merged(scores[found], shares)


def _squared(picture: Picture, size: int) -> Floats:
    """The whole picture in the middle of a black square, from -1 to 1."""
    height, width = picture.shape[:2]
    scale = size / max(height, width)
    inside = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = Image.fromarray(picture).resize(inside, Image.Resampling.BILINEAR, reducing_gap=2.0)
    square = Image.new("RGB", (size, size))
    square.paste(small, ((size - inside[0]) // 2, (size - inside[1]) // 2))
    return (np.asarray(square, dtype=np.float32) / 127.5 - 1)[np.newaxis]


def _merged(scores: Floats, shares: Floats) -> list[Face]:
    """Boxes of one face become their mean, weighted by how sure each is."""
    faces: list[Face] = []
    left = list(np.argsort(-scores))
    while left:
        overlaps = _overlaps(shares[left[0]], shares[left])
        same = [index for index, overlap in zip(left, overlaps, strict=True) if overlap > _SAME_FACE]
        same = same or [left[0]]
        weights = scores[same] / scores[same].sum()
        faces.append(_face(float(scores[left[0]]), np.einsum("i,ijk->jk", weights, shares[same])))
        left = [index for index in left if index not in same]
    return faces


def _face(score: float, shares: Floats) -> Face:
    (x, y), (width, height) = shares[0], shares[1]
    return Face(
        score=score,
        left=float(x - width / 2),
        top=float(y - height / 2),
        right=float(x + width / 2),
        bottom=float(y + height / 2),
        points=shares[2:],
    )


def _overlaps(one: Floats, many: Floats) -> Floats:
    """Intersection over union of boxes given as centre and size."""
    low = np.maximum(one[0] - one[1] / 2, many[:, 0] - many[:, 1] / 2)
    high = np.minimum(one[0] + one[1] / 2, many[:, 0] + many[:, 1] / 2)
    common: Floats = np.prod(np.clip(high - low, 0, None), axis=1)
    union = np.prod(one[1]) + np.prod(many[:, 1], axis=1) - common
    shared: Floats = common / np.maximum(union, np.float32(1e-9))
    return shared


def _anchors(*layers: tuple[int, int]) -> Floats:
    """Centres of the cells that the model speaks about: (cells a side, boxes a cell) for each layer."""
    centres = []
    for cells, boxes in layers:
        axis = (np.arange(cells, dtype=np.float32) + 0.5) / cells
        grid = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
        centres.append(np.repeat(grid, boxes, axis=0))
    return np.concatenate(centres)


_NEAR_ANCHORS = _anchors((16, 2), (8, 6))
_FAR_ANCHORS = _anchors((48, 1))
