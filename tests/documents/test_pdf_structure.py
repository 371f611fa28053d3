"""PDF scans (R130, R185): whole, open, and without anything that acts by itself."""

import io
import zlib

import pytest
from pypdf import PdfWriter

from services.documents.domain.photo_measures import FileFault
from services.documents.inspection.pdf_structure import PdfStructure, read_pdf_structure
from tests.documents.papers import packed_object, pdf

SCRIPT = b"<</S /JavaScript /JS (app.alert\\(1\\))>>"


def written(**changes: str) -> bytes:
    """What a common library writes: streams packed, objects renumbered."""
    writer = PdfWriter(clone_from=io.BytesIO(pdf(pages=2)))
    if "password" in changes:
        writer.encrypt(changes["password"])
    if "attachment" in changes:
        writer.add_attachment(changes["attachment"], b"MZ")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


@pytest.mark.parametrize("pages", [1, 3])
def test_the_pages_of_a_sound_pdf_are_counted(pages):
    assert read_pdf_structure(pdf(pages=pages)) == PdfStructure(pages=pages)


@pytest.mark.parametrize("padding", [b"", b"\n", b"\r\n\x00\x00"])
def test_padding_behind_the_end_is_nothing(padding):
    assert read_pdf_structure(pdf() + padding) == PdfStructure(pages=1)


def test_a_pdf_with_a_password_is_encrypted_also_when_the_password_to_open_is_empty():
    assert [read_pdf_structure(written(password=word)) for word in ("secret", "")] == [PdfStructure(encrypted=True)] * 2


@pytest.mark.parametrize(
    ("content", "active"),
    [
        (pdf(catalog="/OpenAction <</S /JavaScript /JS (app.alert(1))>>"), "JS"),
        (pdf(catalog="/OpenAction 4 0 R", extra=(SCRIPT,)), "JS"),
        (pdf(catalog="/Names <</JavaScript <</Names []>>>>"), "JavaScript"),
        (pdf(catalog="/OpenAction <</S /Launch /F (calc.exe)>>"), "Launch"),
        (pdf(extra=(b"<</Type /Action /S /SubmitForm /F (http://example.invalid)>>",)), "SubmitForm"),
        (pdf(extra=(b"[[[<</S /Launch>>]]]",)), "Launch"),
        (pdf(extra=(b"<</Type /Annot /Subtype /FileAttachment>>",)), "FileAttachment"),
        (pdf(catalog="/AcroForm <</XFA (x)>>"), "XFA"),
        (pdf(catalog="/OpenAction <</S /J#61vaScript /J#53 (x)>>"), "JS"),
    ],
)
def test_what_acts_by_itself_is_named(content, active):
    assert read_pdf_structure(content) == PdfStructure(active=active)


def test_an_attached_file_is_found():
    assert read_pdf_structure(written(attachment="a.exe")).active in {"EF", "EmbeddedFiles"}


def test_a_link_to_a_page_is_no_action_to_fear():
    assert read_pdf_structure(pdf(catalog="/OpenAction <</S /GoTo /D [3 0 R /Fit]>>")) == PdfStructure(pages=1)


def test_a_script_in_a_packed_object_is_found():
    writer = PdfWriter(clone_from=io.BytesIO(pdf(catalog="/OpenAction 4 0 R", extra=(SCRIPT,))))
    file = io.BytesIO()
    writer.compress_identical_objects()
    writer.write(file)
    assert read_pdf_structure(file.getvalue()).active in {"JS", "JavaScript"}


@pytest.mark.parametrize("content", [pdf()[:-20], pdf()[:60], b"%PDF-1.7"])
def test_a_pdf_without_its_end_is_cut_off(content):
    assert read_pdf_structure(content).fault is FileFault.TRUNCATED


@pytest.mark.parametrize(
    ("behind", "name"), [(b"PK\x03\x04rest", "zip"), (b"MZ\x90\x00", "exe"), (b"<html>", "html"), (b"note", "unknown")]
)
def test_what_stands_behind_the_end_is_named(behind, name):
    assert read_pdf_structure(pdf() + behind) == PdfStructure(tail=name)


def test_a_pdf_without_pages_is_no_document():
    assert read_pdf_structure(pdf(pages=0)) == PdfStructure(FileFault.CORRUPT, pages=0)


def test_a_pdf_of_junk_is_damaged():
    assert read_pdf_structure(b"%PDF-1.4\n" + b"0" * 400 + b"\n%%EOF\n").fault is FileFault.CORRUPT


def test_a_pdf_of_too_many_objects_is_not_walked():
    assert read_pdf_structure(pdf(extra=(b"null",) * 20_001)).too_complex


def with_packed_objects(streams: int, *, padding: int) -> bytes:
    """A sound PDF whose list of objects names so many object streams, each unpacking to so many bytes and one object."""
    objects = [b"<</Type /Catalog /Pages 2 0 R>>", b"<</Type /Pages /Kids [3 0 R] /Count 1>>"]
    objects.append(b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 1 1]>>")
    for number in range(streams):
        packed = zlib.compress(b"%d 0 null" % (1000 + number) + b" " * padding)
        head = b"<</Type /ObjStm /N 1 /First 7 /Filter /FlateDecode /Length %d>>\nstream\n" % len(packed)
        objects.append(head + packed + b"\nendstream")
    body, rows = b"%PDF-1.7\n", b"\x00" + bytes(5)
    for number, content in enumerate(objects, start=1):
        rows += b"\x01" + len(body).to_bytes(4) + b"\x00"
        body += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    rows += b"\x01" + len(body).to_bytes(4) + b"\x00"
    rows += b"".join(b"\x02" + (4 + number).to_bytes(4) + b"\x00" for number in range(streams))
    own = len(objects) + 1
    head = b"<</Type /XRef /Size %d /Root 1 0 R /W [1 4 1] /Index [0 %d 1000 %d] /Length %d>>" % (
        1000 + streams, own + 1, streams, len(rows)
    )  # fmt: skip
    return body + b"%d 0 obj\n%b\nstream\n%b\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % (
        own,
        head,
        rows,
        len(body),
    )


@pytest.mark.parametrize(
    ("streams", "padding", "too_complex"), [(1, 10, False), (100, 10, False), (101, 10, True), (1, 3_000_000, True)]
)
def test_packed_objects_are_unpacked_within_bounds(streams, padding, too_complex):
    """A few kilobytes that unpack to gigabytes must not fill the memory of a worker."""
    assert read_pdf_structure(with_packed_objects(streams, padding=padding)).too_complex is too_complex


def test_endless_nesting_is_damage_and_no_hang():
    assert read_pdf_structure(pdf(extra=(b"[" * 3000 + b"]" * 3000,))).fault is FileFault.CORRUPT


def test_an_object_stream_that_nothing_lists_is_not_believed():
    assert read_pdf_structure(pdf(extra=(packed_object(SCRIPT),))) == PdfStructure(pages=1)
