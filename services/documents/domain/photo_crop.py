"""Where an automatic fix cuts: the head as large and as high in the frame as an official portrait has it."""

from dataclasses import dataclass

_FACE_SHARE = 0.46  # height of the face box (brows to chin) in the new picture; official portraits have 0.42-0.57
_SMALLEST_FACE_SHARE = 0.34  # a wider cut is worth it when the narrow one has too few pixels
_ROOM_ABOVE = 0.07  # between the hair and the upper edge
_HIGHEST_MIDDLE = 0.48  # of the face, however flat the hair lies
_LOWEST_MIDDLE = 0.60  # of the face, however high the hair stands


@dataclass(frozen=True, slots=True)
class Head:
    """Middle and height of the face box and the top of the hair, in pixels of the upright picture."""

    middle_x: float
    middle_y: float
    face_height: float
    hair_top: float


@dataclass(frozen=True, slots=True)
class Crop:
    """A rectangle in pixels of the upright picture."""

    left: float
    top: float
    width: float
    height: float

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom."""
        return (self.left, self.top, self.left + self.width, self.top + self.height)


def crop_around(head: Head, *, picture: Crop, aspect: float, least_width: float, zoom: float = 1.0) -> Crop:
    """The best rectangle of this aspect (width by height) that stays within the picture and is not narrower than need be.

    `zoom` below 1 makes it so much smaller, the face larger in it.
    Where the picture is too narrow or too low for it, the face stays larger than it should be; the check afterwards tells.
    """
    widened = min(least_width / aspect, head.face_height / _SMALLEST_FACE_SHARE)
    height = min(zoom * max(head.face_height / _FACE_SHARE, widened), picture.height, picture.width / aspect)
    width = height * aspect
    highest = head.middle_y - _LOWEST_MIDDLE * height
    lowest = head.middle_y - _HIGHEST_MIDDLE * height
    top = min(max(head.hair_top - _ROOM_ABOVE * height, highest), lowest)
    return Crop(
        left=_within(head.middle_x - width / 2, picture.left, picture.left + picture.width - width),
        top=_within(top, picture.top, picture.top + picture.height - height),
        width=width,
        height=height,
    )


def _within(value: float, lowest: float, highest: float) -> float:
    return max(lowest, min(value, highest))
