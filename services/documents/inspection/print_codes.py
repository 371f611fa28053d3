"""Reads the codes that forms carry from scans and phone photos of them (R148). Runs in a worker process.

Pages of a PDF are drawn by PDFium, codes are found by ZXing. Whatever the bytes hold, it is no error to find nothing.
"""

import io
import time
from collections.abc import Iterator

import pypdfium2
import pypdfium2.raw as pdfium
import zxingcpp
from PIL import Image

from services.documents.domain.print_code import MOST_CODES, is_print_code
from services.documents.inspection.file_format import real_format

_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
_LONGEST_SIDE = 2400  # an A4 page at 205 dpi: a module of our code is 3 pixels wide
_LONGEST_PHOTO = 4000
_MOST_PIXELS = 60_000_000  # of a picture inside a page: PDFium would decode it whole
_SECONDS = 3.0  # of processor time, for all pages together; the worker's limit is 5


def read_print_codes(content: bytes) -> tuple[str, ...]:
    """Each code once, in the order of the pages."""
    found: dict[str, None] = {}
    end = time.process_time() + _SECONDS
    pages = _pdf_pages(content) if real_format(content) == "pdf" else _photo(content)
    try:
        for page in pages:
            codes = zxingcpp.read_barcodes(page, formats=_QR)
            found |= dict.fromkeys(code.text for code in codes if is_print_code(code.text))
            if len(found) >= MOST_CODES or time.process_time() > end:
                break
    except (OSError, ValueError, SyntaxError, RuntimeError, pypdfium2.PdfiumError, Image.DecompressionBombError):
        pass
    return tuple(found)[:MOST_CODES]


def _photo(content: bytes) -> Iterator[Image.Image]:
    with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as picture:
        if picture.width * picture.height <= _MOST_PIXELS:
            picture.draft("L", (_LONGEST_SIDE, _LONGEST_SIDE))
            picture.thumbnail((_LONGEST_PHOTO, _LONGEST_PHOTO))
            yield picture.convert("L")


def _pdf_pages(content: bytes) -> Iterator[Image.Image]:
    document = pypdfium2.PdfDocument(content)
    try:
        for page in document:
            if not _holds_too_large_picture(page):
                scale = _LONGEST_SIDE / max(*page.get_size(), 1)
                yield page.render(scale=scale, grayscale=True, may_draw_forms=False).to_pil()
            page.close()
    finally:
        document.close()


def _holds_too_large_picture(page: pypdfium2.PdfPage) -> bool:
    pictures = page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE])
    sizes = (picture.get_px_size() for picture in pictures if isinstance(picture, pypdfium2.PdfImage))
    return any(width * height > _MOST_PIXELS for width, height in sizes)
