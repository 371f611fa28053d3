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


@dataclass(frozen=True, slots=True)
class PhotoMeasures:
    """All that was measured. Without a decoded picture only `file` is known."""

    file: FileMeasures
    colour_difference: float | None = None
    white_frame: bool | None = None
    background: BackgroundMeasures | None = None
