"""The first page of a PDF as people are shown it."""

import io
import resource

import numpy as np
import pytest
from PIL import Image

from services.documents.showing.pages import first_page
from tests.documents.papers import pdf
from tests.documents.pictures import drawing, encoded, mutations

MARK = ("仅供示例评选活动使用", "示例甲 查看", "2025-02-07 09:00")


def scanned(picture: Image.Image, *, width: int = 0, height: int = 0) -> bytes:
    """A PDF whose one page is a photograph; its picture may claim to be larger than it is."""
    jpeg = encoded(picture)
    size = (width or picture.width, height or picture.height)
    image = b"<</Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB" % size
    image += b" /BitsPerComponent 8 /Filter /DCTDecode /Length %d>>\nstream\n%b\nendstream" % (len(jpeg), jpeg)
    paint = b"q 595 0 0 842 0 0 cm /P Do Q"
    content = b"<</Length %d>>\nstream\n%b\nendstream" % (len(paint), paint)
    page = b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]>>"
    drawn = (
        b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources <</XObject <</P 4 0 R>>>>>>"
    )
    return pdf(extra=(image, content)).replace(page, drawn)


def opened(content: bytes | None) -> Image.Image:
    assert content is not None
    return Image.open(io.BytesIO(content))


def test_a_scan_is_drawn_upright_and_small():
    picture = drawing(width=595, height=842)
    seen = opened(first_page(scanned(picture), longest=320, watermark=()))
    wanted = picture.convert("RGB").resize(seen.size)
    assert (seen.format, seen.size) == ("JPEG", (227, 320))
    assert np.abs(np.asarray(seen, dtype=int) - np.asarray(wanted, dtype=int)).mean() < 12


def test_a_page_is_marked_all_over_where_its_kind_is():
    clean, marked = (
        np.asarray(opened(first_page(pdf(), longest=320, watermark=mark)), dtype=int) for mark in ((), MARK)
    )
    touched = np.abs(clean - marked).max(axis=2) > 8
    quarters = [half for rows in np.array_split(touched, 2) for half in np.array_split(rows, 2, axis=1)]
    assert min(quarter.mean() for quarter in quarters) > 0.01


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7", pdf(pages=0), b"\xff\xd8"], ids=["empty", "bare", "no page", "jpeg"]
)
def test_what_cannot_be_drawn_is_not(content):
    assert first_page(content, longest=320, watermark=()) is None


def test_a_page_as_large_as_a_field_is_a_thumbnail_too():
    field = pdf().replace(b"[0 0 595 842]", b"[0 0 14400 7200]")
    assert opened(first_page(field, longest=320, watermark=())).size == (320, 160)


def test_no_mutation_of_a_scan_makes_it_raise_or_leaves_the_memory_limit_behind():
    before = resource.getrlimit(resource.RLIMIT_AS)
    for mutated in mutations(scanned(drawing(width=200, height=280)), count=60, first=1):
        assert isinstance(first_page(mutated, longest=320, watermark=MARK), bytes | None)
    assert resource.getrlimit(resource.RLIMIT_AS) == before
