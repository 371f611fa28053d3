"""The package around a form's words: styles, page, head and foot line, drawn by python-docx once for each look, then cut open.

What differs from print to print goes in where it was cut: the body, its pictures, the code at the foot.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from itertools import chain, zip_longest
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from services.nominations.forms.print_identity import EDGE_MM, SIDE_MM, PrintIdentity
from services.nominations.forms.print_specs import PageSpec, TextSpec
from services.nominations.forms.qr_code import qr_png
from services.nominations.forms.wordml import BODY_FONT, TITLE_FONT, page_numbers, picture_relation

_BODY, _RELATIONS, _FOOT, _CODE = (
    "word/document.xml",
    "word/_rels/document.xml.rels",
    "word/footer1.xml",
    "word/media/image1.png",
)
_HERE = "<w:p><w:r><w:t>此处</w:t></w:r></w:p>"
"""Stands in the drawn body where a section's blocks go in."""
_NOBODYS = PrintIdentity("0" * 64)
"""Its code is drawn, and gives way to that of the print."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a frame depends on: the same for all prints of a form at one stage of its life."""

    title: str
    page: PageSpec
    text: TextSpec
    mark: str
    sections: int
    """Each after the first begins on a new sheet."""
    identified: bool


@dataclass(frozen=True, slots=True)
class Frame:
    fixed: bytes
    """A ZIP of the parts that are the same on every print."""
    body: tuple[str, ...]
    """XML around and between the sections."""
    relations: str
    foot: str

    def filled(self, sections: Iterable[str], pictures: Sequence[bytes], identity: PrintIdentity | None) -> bytes:
        """`sections`: their XML, as many as were drawn. `pictures`: JPEGs, in the order of their numbers."""
        file = BytesIO()
        file.write(self.fixed)
        with ZipFile(file, "a") as package:
            _add(package, _BODY, "".join(chain(*zip_longest(self.body, sections, fillvalue=""))))
            related = "".join(_relationship(number) for number in range(1, len(pictures) + 1))
            _add(package, _RELATIONS, self.relations.replace("</Relationships>", f"{related}</Relationships>"))
            _add(package, _FOOT, self.foot.replace(_NOBODYS.code, identity.code) if identity else self.foot)
            for number, picture in enumerate(pictures, start=1):
                _add(package, f"word/{_picture_path(number)}", picture)
            if identity:
                _add(package, _CODE, qr_png(identity.qr_text))
        return file.getvalue()


@lru_cache(maxsize=64)
def frame_of(look: Look) -> Frame:
    drawn = BytesIO()
    draw_frame(look).save(drawn)
    with ZipFile(drawn) as package:
        parts = {name: package.read(name) for name in package.namelist() if name != _CODE}
    body, relations, foot = (parts.pop(name).decode() for name in (_BODY, _RELATIONS, _FOOT))
    fixed = BytesIO()
    with ZipFile(fixed, "w") as package:
        for name, content in parts.items():
            _add(package, name, content)
    return Frame(fixed.getvalue(), tuple(body.split(_HERE)), relations, foot)


def draw_frame(look: Look) -> Any:
    """A document of python-docx with a mark in place of each section's blocks."""
    word = Document()
    _set_styles(word, look)
    _set_page(word, look)
    for number in range(look.sections):
        if number:
            word.add_section(WD_SECTION.ODD_PAGE)
        word.element.body.sectPr.addprevious(parse_xml(_HERE.replace("<w:p>", f"<w:p {nsdecls('w')}>")))
    return word


def _add(package: ZipFile, name: str, content: bytes | str) -> None:
    """Always of the same day: the same form gives the same bytes. What is compressed already is only stored."""
    entry = ZipInfo(name)
    entry.compress_type = ZIP_STORED if name.startswith("word/media/") else ZIP_DEFLATED
    package.writestr(entry, content)


def _picture_path(number: int) -> str:
    return f"media/picture{number}.jpeg"


def _relationship(number: int) -> str:
    kind, target = RELATIONSHIP_TYPE.IMAGE, _picture_path(number)
    return f'<Relationship Id="{picture_relation(number)}" Type="{kind}" Target="{target}"/>'


def _set_styles(word: Any, look: Look) -> None:
    normal = word.styles["Normal"]
    normal.font.name = BODY_FONT
    normal.font.size = Pt(look.text.size_pt)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), BODY_FONT)
    normal.paragraph_format.line_spacing_rule = WD_LINE_SPACING.AT_LEAST
    normal.paragraph_format.line_spacing = Pt(look.text.line_pitch_pt)
    word.core_properties.title = look.title
    word.core_properties.author = ""
    word.core_properties.comments = ""


def _set_page(word: Any, look: Look) -> None:
    section, page = word.sections[0], look.page
    width, height = page.size_mm
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.orientation = WD_ORIENT.PORTRAIT if page.orientation == "portrait" else WD_ORIENT.LANDSCAPE
    section.top_margin, section.bottom_margin = Mm(page.margin_top), Mm(page.margin_bottom)
    section.left_margin = section.right_margin = Mm(page.margin_side)
    if look.mark:
        _mark(section.header.paragraphs[0], look.mark)
    foot = section.footer.paragraphs[0]
    if page.seal_reminder:
        for element in parse_xml(f"<w:p {nsdecls('w')}>{page_numbers(page.seal_reminder)}</w:p>"):
            foot._p.append(element)
    if look.identified:
        section.footer_distance = Mm(EDGE_MM)
        _print_identity(foot, _NOBODYS)


def _print_identity(foot: Any, identity: PrintIdentity) -> None:
    """At the right end of the foot line, as on the PDF."""
    foot.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    code = foot.add_run(f"　打印编号 {identity.code}")
    code.font.size = Pt(7.5)
    picture = foot.add_run().add_picture(BytesIO(qr_png(identity.qr_text)), Mm(SIDE_MM), Mm(SIDE_MM))
    picture._inline.docPr.set("descr", f"打印编号 {identity.code}")


def _mark(header: Any, mark: str) -> None:
    header.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    stamp = header.add_run(mark)
    stamp.font.size, stamp.font.bold, stamp.font.color.rgb = Pt(26), True, RGBColor(0xC0, 0x00, 0x00)
    stamp.font.name = TITLE_FONT
    stamp._element.rPr.rFonts.set(qn("w:eastAsia"), TITLE_FONT)
