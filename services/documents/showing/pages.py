"""The first page of a PDF as a picture. PDFium draws it, in a worker process with little memory to spend."""

import io
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pypdfium2
from PIL import Image

from services.documents.showing.pictures import as_shown

_MOST_MEMORY = 512 * 1024 * 1024  # beyond what the worker holds; a picture inside a page may ask for any amount
_PAGES_HELD = Path("/proc/self/statm")


def first_page(content: bytes, *, longest: int, watermark: tuple[str, ...]) -> bytes | None:
    """A JPEG; None when the page cannot be drawn. Nothing in the file is run: forms and scripts are left out."""
    try:
        with _bounded_memory():
            page = _drawn(content, longest)
    except (pypdfium2.PdfiumError, ValueError, MemoryError, OSError):
        return None
    return as_shown(page, watermark)


def _drawn(content: bytes, longest: int) -> Image.Image:
    document = pypdfium2.PdfDocument(io.BytesIO(content))
    try:
        page = document[0]
        scale = longest / max(1.0, *page.get_size())
        picture: Image.Image = page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
    finally:
        document.close()
    picture.thumbnail((longest, longest))  # rounding may have given a pixel more
    return picture


@contextmanager
def _bounded_memory() -> Iterator[None]:
    """PDFium ends its process when memory is refused: that is one worker, and not the machine."""
    if not _PAGES_HELD.exists():
        yield
        return
    held = int(_PAGES_HELD.read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (held + _MOST_MEMORY, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
