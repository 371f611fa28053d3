"""Checked pictures made ready to be shown: upright, bare of camera data, reduced, watermarked."""

import io
import warnings
from functools import cache
from textwrap import wrap

import pylopdf_fonts_zh_cn
from PIL import Image, ImageDraw, ImageFont, ImageOps

_FORMATS = ("JPEG", "PNG")
_QUALITY = 88
LONGEST_SHOWN = 2000
"""Pixels of the longer side: enough to read an ID card, little enough to be drawn in a moment."""
LONGEST_THUMBNAIL = 320
_ORIENTATION = 0x0112
_ANGLE = 24
_LINE = 16  # characters: short lines make a small pattern that leaves no large place clean
_DARK, _LIGHT = (20, 20, 20, 110), (255, 255, 255, 110)  # one of the two stands out on any ground


def shown(content: bytes, *, longest: int, watermark: tuple[str, ...]) -> bytes:
    """A JPEG of a picture that was checked when it came. `watermark` holds lines of text; none leaves it clean."""
    with warnings.catch_warnings(action="ignore"), Image.open(io.BytesIO(content), formats=_FORMATS) as opened:
        picture = upright(opened, longest=longest)
    return as_shown(picture, watermark)


def can_be_opened(content: bytes) -> bool:
    """Of a JPEG that a strict decoder took: whether `shown` will take it too.

    Nothing is decoded: libjpeg does that for both, and they differ only in what they read of the segments before.
    """
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(io.BytesIO(content), formats=_FORMATS) as opened:
            _orientation(opened)
    except Exception:  # noqa: BLE001  hostile bytes: whatever it stumbles over, it will again
        return False
    return True


def upright(opened: Image.Image, *, longest: int) -> Image.Image:
    """A reduced copy without camera data; decoded at a fraction where that is still to be done."""
    orientation = _orientation(opened)
    opened.thumbnail((longest, longest), reducing_gap=1.0)  # every copy is small
    picture = _on_white(opened)
    picture.info.clear()  # a comment would be written out again
    picture.getexif()[_ORIENTATION] = orientation
    ImageOps.exif_transpose(picture, in_place=True)
    return picture


def as_shown(picture: Image.Image, watermark: tuple[str, ...]) -> bytes:
    """The JPEG that leaves, with the lines of the watermark burnt in where there are any."""
    if watermark:
        picture = _marked(picture, watermark)
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=_QUALITY)
    return file.getvalue()


def _orientation(picture: Image.Image) -> int:
    """1 to 8; upright where the camera data cannot be read: the picture itself was checked when it came, they were not."""
    try:
        told = picture.getexif().get(_ORIENTATION, 1)
    except SyntaxError:  # how Pillow says that it is no EXIF
        return 1
    return told if told in range(1, 9) else 1


def _on_white(picture: Image.Image) -> Image.Image:
    if not picture.has_transparency_data:
        return picture.convert("RGB")  # a copy also of what is RGB already
    layer = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB")


def _marked(picture: Image.Image, lines: tuple[str, ...]) -> Image.Image:
    """The lines again and again across the whole picture, so that no crop of it is clean."""
    tile = _tile(lines, size=max(11, max(picture.size) // 36))
    marked = picture.convert("RGB")
    across, down = tile.width * 4 // 5, tile.height * 2 // 3  # the turned tile's corners are empty: let them overlap
    for row, top in enumerate(range(-tile.height // 3, picture.height, down)):
        for left in range(-across // 2 if row % 2 else 0, picture.width, across):
            marked.paste(tile, (left, top), tile)
    return marked


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(pylopdf_fonts_zh_cn.sans_path()), size)


def _tile(lines: tuple[str, ...], *, size: int) -> Image.Image:
    font, text = _font(size), "\n".join(part for line in lines for part in wrap(line, _LINE))
    box = ImageDraw.Draw(Image.new("RGBA", (1, 1))).multiline_textbbox((0, 0), text, font=font)
    tile = Image.new("RGBA", (int(box[2]) + 2 * size, int(box[3]) + 2 * size))
    draw = ImageDraw.Draw(tile)
    draw.multiline_text((size + 1, size + 1), text, font=font, fill=_LIGHT)
    draw.multiline_text((size, size), text, font=font, fill=_DARK)
    return tile.rotate(_ANGLE, Image.Resampling.BILINEAR, expand=True)
