"""A HEIC becomes a JPEG: decoded upright, in sRGB, without camera data or place. The decode-only library does it."""

import io
from dataclasses import dataclass

import pi_heif
from pi_heif import options
from PIL import Image, ImageCms

from services.documents.domain.photo_measures import FileFault
from services.documents.inspection.file_format import real_format

_QUALITY = 92
_DPI = (300, 300)

options.DECODE_THREADS = 1  # a worker process has one core's worth of work
options.THUMBNAILS = False
options.DEPTH_IMAGES = False
options.AUX_IMAGES = False


@dataclass(frozen=True, slots=True)
class HeicPicture:
    """Width and height of the upright picture; `jpeg` only where nothing stands against decoding."""

    fault: FileFault | None = None
    width: int | None = None
    height: int | None = None
    pictures: int = 1
    jpeg: bytes | None = None


def jpeg_of_heic(content: bytes, *, max_pixels: int) -> HeicPicture:
    """Expects bytes that start as a HEIC. Reads the sizes first and decodes nothing oversized. Never raises."""
    if _truncated(content):
        return HeicPicture(FileFault.TRUNCATED)
    try:
        return _converted(content, max_pixels)
    except Exception:  # noqa: BLE001  the decoder meets hostile bytes: whatever it stumbles over, the file is not sound
        return HeicPicture(FileFault.CORRUPT)


def as_jpeg(content: bytes, *, max_pixels: int) -> bytes:
    """The JPEG that a phone's HEIC is kept as; anything else, and a HEIC that cannot be kept, as it came."""
    if real_format(content) != "heic":
        return content
    return jpeg_of_heic(content, max_pixels=max_pixels).jpeg or content


def _truncated(content: bytes) -> bool:
    """Boxes follow one another to the end of the file; the last one is cut when it claims more than is there."""
    position = 0
    while position + 8 <= len(content):
        size = int.from_bytes(content[position : position + 4])
        if size == 1:
            size = int.from_bytes(content[position + 8 : position + 16])
        if size == 0:
            return False
        if size < 8:
            return False  # no box at all: the decoder will say so
        position += size
    return position != len(content)


def _converted(content: bytes, max_pixels: int) -> HeicPicture:
    heif = pi_heif.open_heif(content, convert_hdr_to_8bit=True)
    width, height = heif.size
    if len(heif) > 1 or width * height > max_pixels:
        return HeicPicture(None, width, height, len(heif))
    profile = heif.info.get("icc_profile")
    picture = _on_white(heif.to_pillow())
    if profile:
        picture = _in_srgb(picture, profile)
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=_QUALITY, dpi=_DPI, exif=b"", icc_profile=None)
    return HeicPicture(None, *picture.size, jpeg=file.getvalue())


def _on_white(picture: Image.Image) -> Image.Image:
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB")


def _in_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    """iPhones write Display P3: taken for sRGB its blues would be measured wrong."""
    wide = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    converted = ImageCms.profileToProfile(picture, wide, ImageCms.createProfile("sRGB"), outputMode="RGB")
    return converted or picture
