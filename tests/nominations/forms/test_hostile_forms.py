"""Whatever was typed or uploaded, every form is drawn whole, as plain text, in every format (R129, R151)."""

import io
import zipfile

import openpyxl
import pypdfium2
import pytest

from services.evidence.names import safe_name
from services.nominations.domain.form_definition import FieldType
from services.nominations.forms import pdf as pdf_module
from services.nominations.forms.docx import render_docx
from services.nominations.forms.pdf import render_pdf
from services.nominations.forms.pictures import UNREADABLE
from services.nominations.forms.xlsx import render_xlsx
from tests.domain.the_campaign import the_campaign
from tests.nominations.forms.every_form import filled, words, words_of_docx, words_of_pdf

MARKUP = [
    '#eval("1+1")',
    '#import "@preview/x:1.0.0": *',
    "$ x^2 $ *粗* _斜_ `码` = 题 - 项",
    "\\ \\u{1F600} \\\\",
    "#set page(width: 1pt)",
    "</w:t></w:r><w:br/>",
    "&lt;b&gt; <script>alert(1)</script> ]]>",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|x",
    "+1-1",
    '{"kind": "picture"} {{ x }} {full_name} %s',
]
LONG_NAME = "古丽" * 20
FIRM = '示例/\\:*?"<>|🏭厂'
NO_GLYPH = {ord("🏭"): None, 0xFFFD: None, 0: None}
TURNED = "示例\u202e厂钢\u202c\u200f\u2067特\u2069殊"
TEXTS = [
    each.key
    for each in the_campaign().forms["attachment_6"].fields
    if each.type in {FieldType.TEXT, FieldType.LONG_TEXT}
]


def everywhere(text: str) -> dict[str, str]:
    """The same words in every field of 附件6 that takes words."""
    return dict.fromkeys(TEXTS, text)


@pytest.mark.parametrize("text", MARKUP)
def test_markup_and_code_in_every_field_is_printed_as_it_was_typed(text):
    form = filled("attachment_6", everywhere(text))
    times = [words_of_docx(render_docx(form)).count(words(text)), words_of_pdf(render_pdf(form)).count(words(text))]
    assert times[0] == times[1] >= 8


@pytest.mark.parametrize("text", [LONG_NAME, FIRM])
@pytest.mark.parametrize("form", ["attachment_4", "attachment_6", "attachment_8_2"])
def test_long_and_odd_names_are_printed_whole_on_every_form(form, text):
    """No font of ours has an emoji: on paper its place is empty, in the DOCX it stands."""
    document = filled(form, {"full_name": text, "employer_name": text})
    on_paper = words_of_pdf(render_pdf(document)).translate(NO_GLYPH)
    found = [words(text) in words_of_docx(render_docx(document)), words(text).translate(NO_GLYPH) in on_paper]
    assert found == [True, True]


def test_a_name_of_forty_characters_stays_inside_its_cell():
    """Nothing is printed beyond the margins: a name too long for its cell makes the row higher."""
    document = pypdfium2.PdfDocument(render_pdf(filled("attachment_4", {"full_name": LONG_NAME})))
    text = document[0].get_textpage()
    boxes = [text.get_charbox(index) for index in range(text.count_chars())]
    width, height = document[0].get_size()
    document.close()
    assert [box for box in boxes if box[0] < 40 or box[2] > width - 40 or box[1] < 15 or box[3] > height - 15] == []


def test_marks_that_turn_the_direction_of_writing_are_left_out():
    document = filled("attachment_6", everywhere(TURNED))
    texts = (words_of_docx(render_docx(document)), words_of_pdf(render_pdf(document)))
    assert ["示例厂钢特殊" in each for each in texts] == [True, True]


@pytest.mark.parametrize("text", [each for each in MARKUP if each[0] in "=@+"])
def test_a_formula_in_a_cell_stays_text(text):
    book = openpyxl.load_workbook(io.BytesIO(render_xlsx(filled("attachment_4", {"post": text}))))
    kinds = {cell.data_type for row in book.worksheets[0].iter_rows() for cell in row if cell.value == text}
    assert kinds == {"s"}


def test_five_thousand_awards_are_all_printed():
    award = {"level": "below_provincial", "year": 2021, "month": 5, "authority": "某厅"}
    awards = [award | {"title": f"奖{number}"} for number in range(5000)]
    document = filled("attachment_6", {"awards_received": awards})
    texts = (words_of_docx(render_docx(document)), words_of_pdf(render_pdf(document)))
    assert [each.count("被某厅授予") for each in texts] == [5000, 5000]


@pytest.mark.parametrize("broken", [b"", b"\xff\xd8\xff\xe0 cut", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n"])
def test_a_broken_picture_says_so_in_its_place_and_the_form_is_whole(broken):
    document = filled("attachment_6")
    document = type(document)(
        **{name: getattr(document, name) for name in document.__slots__} | {"images": {"photo": broken}}
    )
    texts = (words_of_docx(render_docx(document)), words_of_pdf(render_pdf(document)))
    assert [words(UNREADABLE) in each and "示例员工" in each for each in texts] == [True, True]


def test_without_its_own_font_a_form_is_printed_in_the_wide_one(monkeypatch, tmp_path):
    """A font file that is gone costs the looks, not the words."""
    wide = pdf_module.files("pylopdf_fonts_zh_cn")
    monkeypatch.setattr(
        pdf_module,
        "_fonts",
        lambda: pdf_module.typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(wide), str(tmp_path)]
        ),
    )
    assert words_of_pdf(render_pdf(filled("attachment_8_1"))) == words_of_docx(render_docx(filled("attachment_8_1")))


@pytest.mark.parametrize("text", [FIRM, TURNED, LONG_NAME * 3, "CON", "..", "=cmd", "\x00\x1f", ""])
def test_a_file_is_named_so_that_windows_and_a_disc_take_it(text):
    name = safe_name(text)
    with zipfile.ZipFile(io.BytesIO(), "w") as archive:
        archive.writestr(name, b"")
    assert 0 < len(name) <= 57
    assert set(name).isdisjoint('<>:"/\\|?*\x00\x1f\u202e\u200f')
