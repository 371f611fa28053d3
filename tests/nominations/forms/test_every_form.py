"""Each form says the notice's words in the notice's order, with the values in place, as PDF and as DOCX (R114–R120, R134–R204).

`tests/data/forms/*.txt`: the words, taken from the notice and read against it. `*.png`: pages drawn small, looked at by people.
`XIANJIN_WRITE_GOLDENS=1` writes them anew.
"""

import os
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pytest
from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook
from openpyxl.cell import Cell
from PIL import Image, ImageFilter

from services.nominations.forms.docx import render_docx
from services.nominations.forms.pdf import render_pdf
from services.nominations.forms.xlsx import render_xlsx
from tests.nominations.forms.every_form import FORMS, TABLES, blank, filled, words, words_of_docx, words_of_pdf
from tests.nominations.forms.sheets_again import sheet_words

GOLDENS = Path("tests/data/forms")
_WRITING = os.environ.get("XIANJIN_WRITE_GOLDENS") == "1"
_DPI = 30
_PHOTO = "照片(近期2寸正面半身免冠蓝底彩色照片)"
"""Spans four rows of the blank 附件6: a reader of the PDF meets it after them, a reader of the DOCX in the first."""
_FOOT = "本页加盖单位公章第1页共1页"
KINDS = {"blank": blank, "filled": filled}


@cache
def pdf_of(form: str, kind: str) -> bytes:
    return render_pdf(KINDS[kind](form))


def golden_words(form: str, kind: str) -> str:
    path = GOLDENS / f"{form}.{kind}.txt"
    if _WRITING:
        path.write_text(_in_lines(words_of_docx(render_docx(KINDS[kind](form)))), encoding="utf-8")
    return words(path.read_text(encoding="utf-8"))


def _in_lines(text: str) -> str:
    return "\n".join(text[start : start + 60] for start in range(0, len(text), 60)) + "\n"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", FORMS)
def test_the_words_stand_in_the_order_of_the_notice(form, kind):
    golden = golden_words(form, kind)
    assert words_of_docx(render_docx(KINDS[kind](form))) == golden
    assert words_of_pdf(pdf_of(form, kind)).replace(_FOOT, "").replace(_PHOTO, "") == golden.replace(_PHOTO, "")


@pytest.mark.parametrize("form", FORMS)
def test_no_cell_of_a_filled_form_is_empty_r151_r171(form):
    """Boxes of opinions not signed yet hold the words for signer, seal and date."""
    cells = Document(BytesIO(render_docx(filled(form)))).element.body.iter(qn("w:tc"))
    assert [cell for cell in cells if not _continues(cell) and not _says_something(cell)] == []


def _continues(cell: Any) -> bool:
    """The lower part of a cell that spans rows."""
    return any(merge.get(qn("w:val")) in {None, "continue"} for merge in cell.iter(qn("w:vMerge")))


def _says_something(cell: Any) -> bool:
    words = "".join(text.text or "" for text in cell.iter(qn("w:t")))
    return bool(words.strip()) or next(cell.iter(qn("w:drawing")), None) is not None


@pytest.mark.parametrize("form", TABLES)
def test_no_cell_of_a_table_is_empty_in_a_spreadsheet_r151(form):
    book = load_workbook(BytesIO(render_xlsx(filled(form))))
    rows = [[cell.value for cell in row if type(cell) is Cell] for sheet in book for row in sheet.iter_rows()]
    heading = next(number for number, row in enumerate(rows) if len(row) > 3 and None not in row)
    assert [row for row in rows[heading:] if None in row and any(row)] == []


@pytest.mark.parametrize("form", TABLES)
def test_a_table_says_the_same_as_a_spreadsheet(form):
    assert sheet_words(render_xlsx(filled(form))) == golden_words(form, "filled")


def pages_of(pdf: bytes) -> list[Image.Image]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.render(scale=_DPI / 72, grayscale=True).to_pil() for page in document]
    finally:
        document.close()


def side_by_side(pages: list[Image.Image]) -> Image.Image:
    """All pages of a form as one small picture of sixteen greys."""
    strip = Image.new("L", (sum(page.width for page in pages), pages[0].height), 255)
    left = 0
    for page in pages:
        strip.paste(page, (left, 0))
        left += page.width
    return strip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", FORMS)
def test_the_pages_look_as_people_have_seen_them(form, kind):
    drawn, path = side_by_side(pages_of(pdf_of(form, kind))), GOLDENS / f"{form}.{kind}.png"
    if _WRITING:
        drawn.quantize(16).save(path, optimize=True)
    with Image.open(path) as golden:
        assert drawn.size == golden.size
        assert difference(drawn, golden.convert("L")) < 4.0


def difference(one: Image.Image, other: Image.Image) -> float:
    """The mean distance of greys where the two differ most: a page blurred first, so that a hinted edge weighs little."""
    soft = [np.asarray(each.filter(ImageFilter.GaussianBlur(1.5)), float) for each in (one, other)]
    rows = np.abs(soft[0] - soft[1]).mean(axis=1)
    return float(np.sort(rows)[-12:].mean())


def test_a_line_that_moved_by_two_millimetres_would_be_seen():
    pages = pages_of(pdf_of("attachment_7_1", "blank"))
    moved = Image.new("L", pages[0].size, 255)
    moved.paste(pages[0].crop((0, 100, pages[0].width, pages[0].height)), (0, 102))
    moved.paste(pages[0].crop((0, 0, pages[0].width, 100)), (0, 0))
    assert difference(pages[0], moved) > 4.0


def test_words_that_are_missing_would_be_seen():
    assert difference(*(side_by_side(pages_of(pdf_of("attachment_9", kind))) for kind in KINDS)) > 4.0
