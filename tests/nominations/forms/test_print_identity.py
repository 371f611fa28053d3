"""Each final print carries which one it is, on every page, and is known again from a scan or a photo (R129, R148)."""

import re
import zipfile
from dataclasses import replace
from datetime import date
from io import BytesIO
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.documents.inspection.print_codes import read_print_codes
from services.nominations.forms.docx import render_docx
from services.nominations.forms.form_content import FormContent, SignedOpinion
from services.nominations.forms.form_document import compose, print_identity
from services.nominations.forms.pdf import render_pdf
from services.nominations.forms.print_identity import PrintIdentity, hash_in, identity_of
from tests.nominations.forms.papers import as_jpeg, as_scan, page_of, photographed, sealed
from tests.nominations.forms.sample_form import CODED_FIELDS, CODES, VALUES, page_texts, picture

CASE, OTHER_CASE = UUID(int=1), UUID(int=2)
PICTURES = {"photo": "a" * 64}


@pytest.fixture(scope="module")
def content() -> FormContent:
    images = {"photo": picture(413, 579, "royalblue")}
    return FormContent(values=VALUES, enum_labels=CODES, field_enums=CODED_FIELDS, images=images, status="final")


@pytest.fixture(scope="module")
def identity(layout, content) -> PrintIdentity:
    return print_identity(layout, content, subject=CASE, pictures=PICTURES)


@pytest.fixture(scope="module")
def pdf(layout, content, identity) -> bytes:
    return render_pdf(replace(compose(layout, content), identity=identity))


@given(st.binary(min_size=32, max_size=32))
def test_a_qr_code_gives_back_the_whole_hash_r148(content_hash):
    identity = PrintIdentity(content_hash.hex())
    assert hash_in(identity.qr_text) == content_hash.hex()


@pytest.mark.parametrize(
    "text", ["", "XJ1", "XJ1" + "a" * 52, "XJ2" + "A" * 52, "XJ1" + "A" * 53, "https://example.com"]
)
def test_a_qr_code_of_somebody_else_gives_nothing_r148(text):
    assert hash_in(text) is None


def test_the_short_code_can_be_read_out_r148(identity):
    assert re.fullmatch("[A-Z2-7]{5}-[A-Z2-7]{5}", identity.code)


def test_opinions_signed_later_leave_it_the_same_print_r148(layout, content, identity):
    signed = replace(content, opinions={"opinion_unit": SignedOpinion("同意", "示例", date(2025, 2, 20))})
    assert print_identity(layout, signed, subject=CASE, pictures=PICTURES) == identity


def test_boxes_that_nobody_signs_leave_it_the_same_print_a13(layout, content, identity):
    city_level = replace(content, unsigned_boxes=frozenset({"opinion_county_hrss", "opinion_county_iit"}))
    assert print_identity(layout, city_level, subject=CASE, pictures=PICTURES) == identity


@pytest.mark.parametrize(
    "change",
    [
        {"values": VALUES | {"post": "厂长"}},
        {"subject": OTHER_CASE},
        {"pictures": {"photo": "b" * 64}},
    ],
    ids=["one word", "another case", "another photo"],
)
def test_whatever_was_entered_makes_another_print_r148(layout, content, identity, change):
    asked = {"values": VALUES, "subject": CASE, "pictures": PICTURES} | change
    changed = replace(content, values=asked.pop("values"))
    assert print_identity(layout, changed, **asked) != identity


def test_another_layout_makes_another_print_r129(layout, content, identity):
    moved = replace(layout, page=replace(layout.page, margin_top=26))
    assert print_identity(moved, content, subject=CASE, pictures=PICTURES) != identity


def test_every_page_of_a_final_print_carries_the_code_r148(pdf, identity):
    codes = [f"打印编号 {identity.code}" in text for text in page_texts(pdf)]
    read = [read_print_codes(as_jpeg(page_of(pdf, number, dpi=110))) for number in range(len(codes))]
    assert (codes, read) == ([True] * len(codes), [(identity.qr_text,)] * len(codes))


def test_drafts_and_blank_forms_carry_none_r148(drawn_form, blank_form):
    texts = [text for form in (drawn_form(status="draft"), blank_form) for text in page_texts(render_pdf(form))]
    assert [text for text in texts if "打印编号" in text] == []


def test_a_word_file_carries_the_same_code_r148(layout, content, identity):
    word = render_docx(replace(compose(layout, content), identity=identity))
    with zipfile.ZipFile(BytesIO(word)) as file:
        pictures = [file.read(name) for name in file.namelist() if name.endswith(".png")]
        feet = [file.read(name).decode() for name in file.namelist() if re.match(r"word/footer\d+\.xml", name)]
    read = [read_print_codes(each) for each in pictures]
    assert (read, any(identity.code in foot for foot in feet)) == ([(identity.qr_text,)], True)


@pytest.mark.parametrize("dpi", [100, 200])
def test_a_scan_of_the_sealed_paper_is_known_r148(pdf, identity, dpi):
    pages = [sealed(page_of(pdf, number, dpi=dpi)) for number in (0, 2)]
    assert read_print_codes(as_scan(*pages, dpi=dpi)) == (identity.qr_text,)


@pytest.mark.parametrize(("angle", "longest"), [(7, 2000), (-20, 1800), (97, 1600), (183, 1500)])
def test_a_phones_photo_of_the_paper_is_known_r148(pdf, identity, angle, longest):
    photo = photographed(sealed(page_of(pdf, 2)), angle=angle, longest=longest)
    assert read_print_codes(photo) == (identity.qr_text,)


def test_papers_scanned_together_give_all_their_codes_r148(layout, content, pdf, identity):
    other = identity_of("another")
    second = render_pdf(replace(compose(layout, content), identity=other))
    assert read_print_codes(as_scan(page_of(pdf), page_of(second))) == (identity.qr_text, other.qr_text)


@pytest.mark.parametrize("junk", [b"", b"%PDF-1.7 broken", b"\xff\xd8\xff broken", b"GIF89a"])
def test_what_is_no_paper_gives_no_code_and_no_error_r148(junk):
    assert read_print_codes(junk) == ()


def test_a_paper_without_a_code_gives_none_r148(blank_form):
    assert read_print_codes(as_scan(page_of(render_pdf(blank_form)))) == ()
