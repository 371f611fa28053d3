"""A frame that was cut open and filled is the very document that python-docx saves with the same words in it."""

import io
import zipfile
from dataclasses import replace

import pytest
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from lxml import etree

from services.nominations.forms import docx as docx_module
from services.nominations.forms import docx_frame
from services.nominations.forms.blocks import FormDocument
from services.nominations.forms.docx import render_docx
from services.nominations.forms.docx_frame import Look, draw_frame
from services.nominations.forms.print_identity import PrintIdentity
from services.nominations.forms.wordml import picture_relation
from tests.nominations.forms.every_form import FORMS, blank, filled
from tests.nominations.forms.sample_form import picture
from tests.nominations.forms.test_hostile_forms import MARKUP, everywhere

IDENTITY = PrintIdentity("5a" * 32)
DOCUMENTS = {
    **{f"{form} blank": blank(form) for form in FORMS},
    **{f"{form} final": replace(filled(form), identity=IDENTITY) for form in FORMS},
    **{f"{form} draft": replace(filled(form), mark="草稿") for form in FORMS},
    **{
        f"values {text!r}": filled("attachment_6", everywhere(text))
        for text in [*MARKUP, "喆垚犇龑祎", "", " a\x00\ud800\n"]
    },
    "several pictures": replace(
        filled("attachment_6"),
        images={
            "photo": b"no picture",
            "id_card_front": picture(856, 540, "red", "PNG"),
            "certificates": picture(800, 500, "pink"),
            "certificates/2": picture(100, 500, "blue"),
        },
    ),
}


class BesideTheFrame:
    """Takes what goes into a frame, and lets python-docx put it there: parsed, inserted, saved."""

    def __init__(self, look: Look) -> None:
        self._look = look

    def filled(self, sections, pictures, _identity) -> bytes:
        word = draw_frame(self._look)
        marks = [paragraph._p for paragraph in word.paragraphs if paragraph.text == "此处"]
        for mark, xml in zip(marks, sections, strict=True):
            for element in parse_xml(f"<w:body {nsdecls('w', 'r', 'wp')}>{xml}</w:body>"):
                mark.addprevious(element)
            mark.getparent().remove(mark)
        for number, content in enumerate(pictures, start=1):
            part = word.part.package.get_or_add_image_part(io.BytesIO(content))
            word.part.load_rel(RELATIONSHIP_TYPE.IMAGE, part, picture_relation(number))
        file = io.BytesIO()
        word.save(file)
        return file.getvalue()


def xml_parts(word: bytes) -> dict[str, bytes]:
    """The body in canonical form. What lies where is looked at as pictures."""
    with zipfile.ZipFile(io.BytesIO(word)) as package:
        names = [name for name in package.namelist() if name.endswith(".xml") and not name.startswith("[")]
        parts = {name: package.read(name) for name in names}
    return parts | {"word/document.xml": etree.tostring(etree.fromstring(parts["word/document.xml"]), method="c14n")}


def pictures_of(word: bytes) -> list[tuple[str, str, bytes]]:
    """By the place that shows them; without the code at the foot, which is drawn anew."""
    part = Document(io.BytesIO(word)).part
    related = {key: each.target_part for key, each in part.rels.items() if each.reltype == RELATIONSHIP_TYPE.IMAGE}
    return sorted((key, image.content_type, image.blob) for key, image in related.items())


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_part_is_the_one_that_python_docx_writes(monkeypatch, name):
    document = DOCUMENTS[name]
    ours = render_docx(document)
    monkeypatch.setattr(docx_module, "frame_of", BesideTheFrame)
    monkeypatch.setattr(docx_frame, "_NOBODYS", document.identity or docx_frame._NOBODYS)
    its = render_docx(document)
    assert xml_parts(ours) == xml_parts(its)
    assert pictures_of(ours) == pictures_of(its)


def test_a_frame_is_drawn_once_for_all_prints_of_a_form(monkeypatch):
    drawn: list[Look] = []
    monkeypatch.setattr(docx_frame, "draw_frame", lambda look: drawn.append(look) or draw_frame(look))
    docx_frame.frame_of.cache_clear()
    for name in ("示例甲", "示例乙"):
        render_docx(replace(filled("attachment_6", {"full_name": name}), identity=PrintIdentity(name.encode().hex())))
    assert len(drawn) == 1


def code_image(document: FormDocument) -> bytes:
    with zipfile.ZipFile(io.BytesIO(render_docx(document))) as package:
        return package.read("word/media/image1.png")


def test_each_print_carries_its_own_code():
    one, other = (replace(filled("attachment_4"), identity=PrintIdentity(digit * 64)) for digit in "12")
    assert code_image(one) != code_image(other)


def test_the_same_form_gives_the_same_bytes():
    docx_frame.frame_of.cache_clear()
    one = render_docx(DOCUMENTS["attachment_6 final"])
    docx_frame.frame_of.cache_clear()
    assert render_docx(DOCUMENTS["attachment_6 final"]) == one


def test_a_picture_is_stored_as_it_is():
    with zipfile.ZipFile(io.BytesIO(render_docx(DOCUMENTS["several pictures"]))) as package:
        kept = {entry.filename: entry.compress_type for entry in package.infolist() if "picture" in entry.filename}
    assert kept == {f"word/media/picture{number}.jpeg": zipfile.ZIP_STORED for number in (1, 2)}


def test_python_docxs_own_template_says_what_a_jpeg_is():
    frame = docx_frame.frame_of(Look("表", filled("attachment_6").page, filled("attachment_6").text, "", 1, False))
    with zipfile.ZipFile(io.BytesIO(frame.fixed)) as package:
        assert b'<Default Extension="jpeg" ContentType="image/jpeg"/>' in package.read("[Content_Types].xml")
