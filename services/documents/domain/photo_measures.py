"""The numbers that an inspection of a portrait yields. None: an earlier fault kept it from being measured."""

from dataclasses import dataclass
from enum import StrEnum


class FileFault(StrEnum):
    """Why the bytes are not a whole JPEG."""

    EMPTY = "empty"  # 空文件
    NOT_JPEG = "not_jpeg"  # 不是 JPG
    TRUNCATED = "truncated"  # 文件不完整
    CORRUPT = "corrupt"  # 文件损坏


@dataclass(frozen=True, slots=True)
class FileMeasures:
    """Facts from the file's structure, found without decoding a pixel. Width and height are of the upright picture."""

    byte_count: int
    real_format: str
    fault: FileFault | None
    width: int | None
    height: int | None
    colour_model: str | None  # rgb, grey, cmyk or other
    tail: str | None  # what stands behind the picture: zip, pdf, html, php, elf, exe or unknown
    further_pictures: int
    markup: bool


@dataclass(frozen=True, slots=True)
class BackgroundMeasures:
    """The background's median colour and how even it is. Hue in degrees (HSV), lightness and chroma in CIE Lab."""

    hue: float
    saturation: float
    value: float
    lightness: float
    chroma: float
    blue_share: float
    spread: float
    around_person: bool = False  # measured everywhere around the person, or only in bands along the border


@dataclass(frozen=True, slots=True)
class FaceMeasures:
    """The largest face. Shares are of the picture's width or height; nothing here tells one person from another."""

    box_height: float
    centre_x: float
    centre_y: float
    outside: float
    roll: float  # degrees, positive towards the person's left shoulder
    yaw: float
    eye_openness: float
    eye_contrast: float
    eye_brightness: float
    under_eye_brightness: float
    mouth_contrast: float
    mouth_red_shift: float
    mouth_yellow_shift: float
    head_colour_share: float
    cloth_beside_share: float
    brightest: float
    clipped_share: float
    edge_width: float
    edge_width_ratio: float  # worst direction over best: motion smears one direction
    detail: float


@dataclass(frozen=True, slots=True)
class FaceSearch:
    """How many faces there are, and by how many quarters the picture was turned (against the clock) to find them."""

    count: int
    quarter_turns: int = 0
    largest: FaceMeasures | None = None


@dataclass(frozen=True, slots=True)
class PhotoMeasures:
    """All that was measured. Without a decoded picture only `file` is known."""

    file: FileMeasures
    colour_difference: float | None = None
    white_frame: bool | None = None
    background: BackgroundMeasures | None = None
    faces: FaceSearch | None = None
