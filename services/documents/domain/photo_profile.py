"""What a campaign demands of a portrait (R124-R126, R188). Every limit is data of the campaign, none is code."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.documents.domain.face_limits import FaceLimits
from services.documents.domain.rule_records import InvalidRules, read_record, read_records


@dataclass(frozen=True, slots=True)
class ByteWindow:
    """File size in bytes. Between the hard and the soft limit lie the sizes on which readings of "KB" differ (R125)."""

    refuse_below: int
    warn_below: int
    warn_above: int
    refuse_above: int

    def __post_init__(self) -> None:
        if not 0 <= self.refuse_below <= self.warn_below <= self.warn_above <= self.refuse_above:
            raise InvalidRules("bytes must rise from refuse_below over warn_below and warn_above to refuse_above")


@dataclass(frozen=True, slots=True)
class PrintSize:
    """One size that counts as 2寸: on paper in millimetres and in pixels at the print resolution (R124)."""

    label: str
    width_mm: float
    height_mm: float
    width_px: int
    height_px: int

    def fits(self, *, width: int, height: int, tolerance: float) -> bool:
        """Whether the picture has this aspect, the difference being a share of the aspect itself."""
        return abs((width / height) / (self.width_mm / self.height_mm) - 1) <= tolerance


@dataclass(frozen=True, slots=True)
class PixelLimits:
    """How few pixels are refused, however the picture lies, and what a decoder may be asked to do at most."""

    refuse_below_short_side: int
    refuse_below_long_side: int
    max_pixels: int  # looked up in the header, before decoding
    max_scans: int  # a progressive file may carry any number of scans; each costs a full pass


@dataclass(frozen=True, slots=True)
class ColourLimits:
    """Whether the picture must be in colour, and the channel difference (0-255) below which it counts as grey."""

    required: bool
    grey_below: float


@dataclass(frozen=True, slots=True)
class BlueRange:
    """Which colours are blue. Hue in degrees (HSV), chroma in CIE Lab, saturation and value from 0 to 1."""

    hue_from: float
    hue_to: float
    chroma_refuse_below: float
    chroma_warn_below: float
    saturation_warn_below: float
    value_warn_below: float

    def __post_init__(self) -> None:
        if not 0 <= self.hue_from < self.hue_to <= 360:
            raise InvalidRules("background.blue: hue_from must be below hue_to, both within 0 to 360")


@dataclass(frozen=True, slots=True)
class BorderLimits:
    """Where the background is looked for without a person mask, and how even it must be there.

    Band sizes are shares of the picture's width and height. Spread is a percentile of the Lab distance from the median
    colour, lightness counted at `lightness_weight`: a lighting fall-off disturbs less than a change of colour.
    """

    top_share: float
    side_share: float
    side_depth_share: float
    blue_share_refuse_below: float
    spread_percentile: float
    spread_refuse_above: float
    lightness_weight: float


@dataclass(frozen=True, slots=True)
class AroundPersonLimits:
    """How even the background must be everywhere around the person, shadows behind the head included.

    A pixel counts when the person mask is sure to have less person in it than `person_below`, and keeps `margin_share` of
    the picture's height as its distance from the person, where hair and soft edges mix both.
    """

    person_below: float
    margin_share: float
    least_share: float  # less background than this in the picture says nothing; the border is looked at instead
    blue_share_refuse_below: float
    spread_percentile: float
    spread_warn_above: float
    spread_refuse_above: float
    lightness_weight: float


@dataclass(frozen=True, slots=True)
class WhiteFrame:
    """A print scanned with its white margin: all four edges are white for at least this share of the side."""

    channel_at_least: int
    white_share: float
    width_share: float


@dataclass(frozen=True, slots=True)
class BackgroundLimits:
    """All demands on what stands behind the person."""

    blue: BlueRange
    border: BorderLimits
    around_person: AroundPersonLimits
    white_frame: WhiteFrame


@dataclass(frozen=True, slots=True)
class PixelSize:
    """Width and height of an upright picture in pixels."""

    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True)
class TargetPhoto:
    """What an automatic fix produces: the best of these sizes for which the source has the pixels, first is best."""

    sizes: tuple[PixelSize, ...]
    background_rgb: tuple[int, ...]  # 0-255, for those who let their background be replaced
    dpi: int
    min_bytes: int
    max_bytes: int

    def __post_init__(self) -> None:
        if len(self.background_rgb) != 3 or not all(0 <= channel <= 255 for channel in self.background_rgb):
            raise InvalidRules("target.background_rgb must be three numbers from 0 to 255")


@dataclass(frozen=True, slots=True)
class PhotoProfile:
    """All demands on one kind of portrait."""

    label: str
    bytes: ByteWindow
    print_sizes: tuple[PrintSize, ...]
    aspect_tolerance: float
    pixels: PixelLimits
    colour: ColourLimits
    background: BackgroundLimits
    face: FaceLimits
    target: TargetPhoto

    def fitting_sizes(self, *, width: int, height: int) -> tuple[PrintSize, ...]:
        """The accepted sizes whose aspect the upright picture has; none means the aspect is wrong."""
        return tuple(
            size for size in self.print_sizes if size.fits(width=width, height=height, tolerance=self.aspect_tolerance)
        )


def parse_photo_profile(data: Mapping[str, Any]) -> PhotoProfile:
    """Reads one profile of `documents.yaml`. Raises InvalidRules naming the wrong field."""
    return read_record(PhotoProfile, data, where="photo_profile")


def parse_photo_profiles(data: Mapping[str, Any]) -> dict[str, PhotoProfile]:
    """Reads the section `photo_profiles`: profiles by their key. Raises InvalidRules naming the wrong field."""
    return read_records(PhotoProfile, data, where="photo_profiles")
