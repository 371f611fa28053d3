"""Pictures made ready for paper: upright, without camera data, no larger than print needs."""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

_DPI = 300
_MAX_PIXELS = 60_000_000
_JPEG_QUALITY = 90
UNREADABLE = "（无法作为图片打印，请另附纸质件）"
"""Printed in a place whose file is no picture: a PDF, or a damaged one."""


@dataclass(frozen=True, slots=True)
class PrintPicture:
    """A JPEG and the size in mm at which it fills its place without being cropped or stretched."""

    content: bytes
    width_px: int
    height_px: int
    width: float
    height: float


def picture_for_print(content: bytes, *, width: float, height: float) -> PrintPicture | None:
    """Fits a JPEG or PNG into a place of `width` × `height` mm. None when the bytes are no readable picture."""
    try:
        return _fitted(content, width, height)
    except (OSError, SyntaxError, ValueError, UnidentifiedImageError, Image.DecompressionBombError):
        return None


def _fitted(content: bytes, width: float, height: float) -> PrintPicture | None:
    with Image.open(BytesIO(content), formats=("JPEG", "PNG")) as opened:
        if opened.width * opened.height > _MAX_PIXELS:
            return None
        longest = round(max(width, height) / 25.4 * _DPI)
        opened.draft("RGB", (longest, longest))  # a phone's JPEG is decoded at a fraction of its size
        opened.load()
        bare = _bare(opened)
        ImageOps.exif_transpose(opened, in_place=True)
        small = _sized(_on_white(opened), width, height)
        scale = min(width / small.width, height / small.height)
        return PrintPicture(
            content=content if bare and small is opened else _jpeg(small),
            width_px=small.width,
            height_px=small.height,
            width=small.width * scale,
            height=small.height * scale,
        )


def _sized(image: Image.Image, width: float, height: float) -> Image.Image:
    share = min(width / 25.4 * _DPI / image.width, height / 25.4 * _DPI / image.height)
    if share > 0.66:
        return image
    return image.resize((max(1, round(image.width * share)), max(1, round(image.height * share))), reducing_gap=2.0)


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode == "RGB":
        return image
    if not image.has_transparency_data:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB")


def _bare(image: Image.Image) -> bool:
    """A whole JPEG that was neither reduced nor turned and carries no data of the camera, such as the place."""
    return image.format == "JPEG" and image.mode == "RGB" and not {"exif", "xmp", "comment", "mp"} & image.info.keys()


def _jpeg(image: Image.Image) -> bytes:
    file = BytesIO()
    image.save(file, "JPEG", quality=_JPEG_QUALITY, dpi=(_DPI, _DPI))
    return file.getvalue()
