"""What a JPEG says of itself: truth of the format, size, colour model, orientation, scans and what hides in it."""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from services.documents.domain.photo_measures import FileFault
from services.documents.inspection.exif_orientation import exif_orientation
from services.documents.inspection.file_format import real_format
from services.documents.inspection.file_tail import Tail, read_tail
from services.documents.inspection.jpeg_markers import (
    APP0,
    APP1,
    APP14,
    APP15,
    COM,
    FRAMES,
    SOS,
    Segment,
    walk_markers,
)

_MARKUP = re.compile(rb"<script|<\?php|<html|<svg|javascript:", re.IGNORECASE)
_COMPONENTS = (1, 3, 4)
_YCCK = 2  # the Adobe marker's transform for four components


@dataclass(frozen=True, slots=True)
class JpegStructure:
    """Facts from the markers alone. Width and height are as stored, before the orientation is applied."""

    fault: FileFault | None
    real_format: str
    width: int | None = None
    height: int | None = None
    colour_model: str | None = None
    orientation: int = 1
    scans: int = 0
    markup: bool = False
    tail: Tail = field(default_factory=Tail)

    @property
    def transposed(self) -> bool:
        """Whether EXIF lays the stored picture on its side."""
        return self.orientation >= 5


def read_structure(content: bytes) -> JpegStructure:
    """Walks to the end of the first picture and looks at what stands behind it. Never raises."""
    name = real_format(content)
    if name != "jpeg":
        return JpegStructure(FileFault.EMPTY if name == "empty" else FileFault.NOT_JPEG, name)
    walk = walk_markers(content)
    frame = _frame(walk.segments)
    scans = sum(segment.marker == SOS for segment in walk.segments)
    return JpegStructure(
        fault=walk.fault or (None if frame.whole and scans else FileFault.CORRUPT),
        real_format=name,
        width=frame.width,
        height=frame.height,
        colour_model=_colour_model(frame.components, walk.segments),
        orientation=_orientation(walk.segments),
        scans=scans,
        markup=any(_holds_markup(segment) for segment in walk.segments),
        tail=read_tail(content, walk.end) if walk.end else Tail(),
    )


class _Frame(NamedTuple):
    width: int | None
    height: int | None
    components: int
    whole: bool


def _frame(segments: tuple[Segment, ...]) -> _Frame:
    """Size and components. A picture has exactly one frame, neither side is zero, and its colours are known ones."""
    frames = [segment.body for segment in segments if segment.marker in FRAMES]
    if not frames or len(frames[0]) < 6:
        return _Frame(None, None, 0, whole=False)
    body = frames[0]
    width, height = int.from_bytes(body[3:5]), int.from_bytes(body[1:3])
    whole = len(frames) == 1 and width > 0 and height > 0 and body[5] in _COMPONENTS
    return _Frame(width or None, height or None, body[5], whole)


def _colour_model(components: int, segments: tuple[Segment, ...]) -> str | None:
    """Names grey, rgb, cmyk or ycck. YCbCr is how a JPEG stores rgb."""
    if components == 4:
        return "ycck" if _adobe_transform(segments) == _YCCK else "cmyk"
    return {1: "grey", 3: "rgb"}.get(components)


def _adobe_transform(segments: tuple[Segment, ...]) -> int | None:
    bodies = (segment.body for segment in segments if segment.marker == APP14)
    return next((body[11] for body in bodies if body.startswith(b"Adobe") and len(body) >= 12), None)


def _orientation(segments: tuple[Segment, ...]) -> int:
    found = (exif_orientation(segment.body) for segment in segments if segment.marker == APP1)
    return next((orientation for orientation in found if orientation), 1)


def _holds_markup(segment: Segment) -> bool:
    speaks = segment.marker == COM or APP0 <= segment.marker <= APP15
    return speaks and _MARKUP.search(segment.body) is not None
