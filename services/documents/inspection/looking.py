"""Looking at an upright picture: how many faces, how the largest is held and lit, what stands behind the person."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from services.documents.domain.photo_measures import BackgroundMeasures, FaceSearch
from services.documents.domain.photo_profile import PhotoProfile
from services.documents.inspection.background import background_of, has_white_frame, without_white_frame
from services.documents.inspection.face_measures import Reduced, measure_face
from services.documents.inspection.face_mesh import face_mesh
from services.documents.inspection.face_search import find_faces
from services.documents.inspection.jpeg_decoding import PRINT_SIDE
from services.documents.inspection.person_mask import person_mask
from services.documents.inspection.vision_models import VisionModels

Picture = NDArray[np.uint8]

_HALF = 2  # colour is measured at half the print size: a quarter of the pixels, and noise averages away
_MOST_FACES = 5  # more than one is too many already
_REALLY_A_FACE = 0.5  # the detector also takes cups and wheels for faces, the mesh does not
_LONGEST = 4 * PRINT_SIDE  # a strip would be as wide as a house at print size


@dataclass(frozen=True, slots=True)
class Seen:
    """Without models nothing is known of faces, and of the background only what the border shows."""

    faces: FaceSearch | None
    background: BackgroundMeasures


def at_print_size(picture: Picture) -> Picture:
    """Sharpness has a meaning only at one size: that at which the picture is printed. Never enlarges."""
    height, width = picture.shape[:2]
    scale = min(PRINT_SIDE / min(height, width), _LONGEST / max(height, width))
    if scale >= 1:
        return picture
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0))


def look_at(picture: Picture, profile: PhotoProfile, models: VisionModels | None) -> Seen:
    """A white frame around the picture is cut off first: what is inside is judged by itself."""
    frame = profile.background.white_frame
    inside = without_white_frame(picture, frame) if has_white_frame(picture, frame) else picture
    if models is None:
        return Seen(None, background_of(_halved(inside), None, profile.background))
    return _look_with(models, picture, inside, profile)


def _look_with(models: VisionModels, picture: Picture, inside: Picture, profile: PhotoProfile) -> Seen:
    half = _halved(picture)
    found = find_faces(models, half, counted_from_height=profile.face.place.counted_from_height)
    turned, half = (np.ascontiguousarray(np.rot90(one, found.quarter_turns)) for one in (picture, half))
    person = person_mask(models, half)
    meshes = [(face, face_mesh(models, turned, face)) for face in found.faces[:_MOST_FACES]]
    faces = [(face, mesh) for face, mesh in meshes if mesh.presence >= _REALLY_A_FACE]
    largest = measure_face(turned, *faces[0], Reduced(half, person)) if faces else None
    behind = half if inside is picture else _halved(inside)
    return Seen(
        FaceSearch(len(faces), found.quarter_turns, largest),
        background_of(behind, person if inside is picture else None, profile.background),
    )


def _halved(picture: Picture) -> Picture:
    height, width = picture.shape[:2]
    if min(height, width) < 2 * _HALF:
        return picture
    return np.asarray(Image.fromarray(picture).reduce(_HALF))
