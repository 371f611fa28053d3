"""A QR code as SVG for Typst and as PNG for Word, by the library that reads them from scans."""

from io import BytesIO

import zxingcpp
from PIL import Image

_PIXELS_OF_A_MODULE = 8


def qr_svg(text: str) -> str:
    drawn: str = _code(text).to_svg()
    return drawn


def qr_png(text: str) -> bytes:
    file = BytesIO()
    modules = Image.fromarray(_code(text).to_image(scale=_PIXELS_OF_A_MODULE))
    modules.convert("1", dither=Image.Dither.NONE).save(file, "PNG")
    return file.getvalue()


def _code(text: str) -> zxingcpp.Barcode:
    """With its quiet zone, at level M."""
    return zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
