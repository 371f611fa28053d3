"""The story that `make demo` tells, and what it prints."""

from pathlib import Path

import httpx
import pypdfium2

from services.demo.narrator import Narrator
from services.demo.story import tell

SERVICES = ("auth", "documents", "nominations")


def tell_story(base_urls: dict[str, str], output: Path) -> str:
    """Tells the story and gives the text of the printed form."""
    with httpx.Client(timeout=60) as http:
        tell(Narrator(base_urls, http), output=output, county=None)
    document = pypdfium2.PdfDocument(output / "attachment_6.pdf")
    try:
        return "".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()
