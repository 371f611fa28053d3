"""A QR code as SVG for Typst and as PNG for Word, by segno."""

from io import BytesIO

import segno

_QUIET_ZONE = 4
_PIXELS_OF_A_MODULE = 8


def qr_svg(text: str) -> str:
    drawn: str = _code(text).svg_inline(border=_QUIET_ZONE, omitsize=True)
    return drawn


def qr_png(text: str) -> bytes:
    file = BytesIO()
    _code(text).save(file, kind="png", border=_QUIET_ZONE, scale=_PIXELS_OF_A_MODULE)
    return file.getvalue()


def _code(text: str) -> segno.QRCode:
    return segno.make_qr(text, error="m")
