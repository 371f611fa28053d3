"""Reading an ID card copy: the extra `ocr`, in a worker process of its own, models from its wheel, no network.

onnxruntime does not give all memory back, so the worker is replaced after a number of cards. Nothing read is logged.
"""

import importlib
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from PIL import Image

from services.documents.domain.card_text import CardText, read_card
from services.documents.inspection.photo_source import NotFixable, open_source

_MAX_PIXELS = 50_000_000
_LONGEST = 1280  # at 960 the name on a turned card was lost
_OPTIONS = {
    "Global.log_level": "critical",
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
}
Read = Callable[[Any], Any]


@cache
def _reader() -> Read | None:
    try:
        library = importlib.import_module("rapidocr")  # in a worker only: it is large
    except (ImportError, OSError):  # the extra is not installed, or its libraries do not load here
        return None
    reader: Read = library.RapidOCR(params=_OPTIONS)
    return reader


def can_read() -> bool:
    """Whether cards are read in this worker; loads the models."""
    return _reader() is not None


def read_card_text(content: bytes) -> CardText | None:
    """None for bytes that are no sound picture, and where nothing here can read."""
    reader = _reader()
    if reader is None:
        return None
    try:
        source = open_source(content, max_pixels=_MAX_PIXELS)
        shape = min(source.width, source.height) / max(source.width, source.height)
        picture = Image.fromarray(source.picture(short_side=max(1, round(_LONGEST * shape))))
    except NotFixable:
        return None
    picture.thumbnail((_LONGEST, _LONGEST), Image.Resampling.LANCZOS)
    blue_first = np.ascontiguousarray(np.asarray(picture)[:, :, ::-1])
    return read_card(reader(blue_first).txts or ())
