"""Measuring an ID card copy: where the card is, how sharp and how evenly lit. Nothing on it is read."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from services.documents.domain.card_rule import CardLimits, CardMeasures, CardSide, judge_card
from services.documents.domain.photo_findings import Finding
from services.documents.inspection.colour_space import lab
from services.documents.inspection.face_detection import far_faces
from services.documents.inspection.face_mesh import face_mesh
from services.documents.inspection.photo_source import NotFixable, open_source
from services.documents.inspection.regions import Region, darkest_channel, shrunk
from services.documents.inspection.sharpness import measure_sharpness
from services.documents.inspection.vision_models import VisionModels, load_vision_models

Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]

_MAX_PIXELS = 50_000_000
_WIDTH = 1000  # pixels of the longer side at which everything is measured
_FRAME = 0.015  # share of the longer side: the edge of the picture
_PAPER = 225  # a frame brighter than this is a scanner's glass or a sheet, not a table
_BRIGHTER, _DARKER = 45, 40  # than the frame: a card on a table, ink on paper
_BURNT = 252
_SPOT = 4  # pixels a burnt spot must reach in every direction: not the white of a letter's edge
_COLOURED = 12.0  # 99th percentile of chroma: a photocopy has less
_RED_CHROMA, _RED_HUES, _DARKEST_RED = 40, (340, 45), 25
_REALLY_A_FACE = 0.5
_LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)


def check_card(content: bytes, side: CardSide) -> tuple[Finding, ...] | None:
    """Gives what a reviewer should look at; None for bytes that are no sound picture."""
    try:
        source = open_source(content, max_pixels=_MAX_PIXELS)
        shape = min(source.width, source.height) / max(source.width, source.height)
        picture = source.picture(short_side=max(1, round(_WIDTH * shape)))
    except NotFixable:
        return None
    measures = measure_card(picture, max(source.width, source.height), load_vision_models())
    return tuple(judge_card(measures, side, CardLimits()))


def measure_card(picture: Picture, full_length: int, models: VisionModels | None) -> CardMeasures:
    """`full_length` is the longer side of the picture as it came."""
    small = _reduced(picture)
    luma = small @ _LUMA
    frame = _frame(luma.shape)
    on_paper = float(np.median(luma[frame])) >= _PAPER
    card = luma < np.median(luma[frame]) - _DARKER if on_paper else luma > _brighter_than(luma[frame])
    share = _extent(card) / max(small.shape)
    coloured = lab(small[::2, ::2].reshape(-1, 3))
    chroma = np.hypot(coloured[:, 1], coloured[:, 2])
    return CardMeasures(
        share=share,
        long_side=round(share * full_length),
        cut_share=0.0 if on_paper else _crossed(card),
        edge_width=measure_sharpness(luma).edge_width,
        glare_share=0.0 if on_paper else float(shrunk(darkest_channel(small) >= _BURNT, _SPOT).mean()),
        red_share=_red_share(coloured, chroma),
        in_colour=float(np.percentile(chroma, 99)) > _COLOURED,
        has_face=None if models is None else _has_face(models, small),
    )


def _reduced(picture: Picture) -> Picture:
    height, width = picture.shape[:2]
    scale = _WIDTH / max(height, width)
    if scale >= 1:
        return picture
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0))


def _brighter_than(table: Floats) -> float:
    """The median and the darker half tell the table: the card may cover much of the rest of the edge."""
    darkest, middle = (float(level) for level in np.percentile(table, (10, 50)))
    return middle + max(_BRIGHTER, 2 * (middle - darkest))


def _frame(shape: tuple[int, ...]) -> Region:
    width = max(1, round(_FRAME * max(shape)))
    frame = np.ones(shape, dtype=np.bool_)
    frame[width:-width, width:-width] = False
    return frame


def _extent(card: Region) -> int:
    """The longer side of the box around the region, stray pixels left out."""
    rows, columns = np.nonzero(card)
    if rows.size == 0:
        return 0
    return int(max(np.ptp(np.percentile(rows, (1, 99))), np.ptp(np.percentile(columns, (1, 99)))))


def _crossed(card: Region) -> float:
    width = max(1, round(_FRAME * max(card.shape)))
    return max(float(edge.mean()) for edge in (card[:width], card[-width:], card[:, :width], card[:, -width:]))


def _red_share(colours: Floats, chroma: Floats) -> float:
    hues = np.degrees(np.arctan2(colours[:, 2], colours[:, 1])) % 360
    reddish = (hues > _RED_HUES[0]) | (hues < _RED_HUES[1])
    return float(((chroma > _RED_CHROMA) & reddish & (colours[:, 0] > _DARKEST_RED)).mean())


def _has_face(models: VisionModels, picture: Picture) -> bool:
    """A card may lie any way round; the mesh confirms what the detector takes for a face."""
    for turns in range(4):
        turned = np.ascontiguousarray(np.rot90(picture, turns))
        if any(face_mesh(models, turned, face).presence >= _REALLY_A_FACE for face in far_faces(models, turned)[:2]):
            return True
    return False
