"""A form as DOCX that Word and WPS can edit, by python-docx. Runs in a worker process."""

from collections.abc import Iterator, Mapping
from io import BytesIO
from math import ceil
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from services.nominations.forms.blocks import (
    Block,
    Cell,
    Closing,
    Cover,
    FormDocument,
    Instructions,
    Line,
    NewPage,
    Notes,
    Opinion,
    Picture,
    Pictures,
    Prose,
    Table,
    Text,
    Title,
)
from services.nominations.forms.docx_template import fill_template
from services.nominations.forms.pictures import UNREADABLE, picture_for_print
from services.nominations.forms.print_identity import EDGE_MM, SIDE_MM, PrintIdentity
from services.nominations.forms.qr_code import qr_png
from services.nominations.forms.wordml import (
    BODY_FONT,
    COVER_WIDTHS_MM,
    TITLE_FONT,
    Stands,
    cell,
    cover_line,
    merged_cell,
    page_numbers,
    paragraph,
    row,
    run,
    table,
    value_line,
)

_LINE_MM = 6.7
_CHARACTER_MM = 4.23
_SIGNATURE_MM = 40.0
"""Signer, seal and date with their distances, and the margin of the cell."""


def render_docx(document: FormDocument) -> bytes:
    """Draws the form with the same words, tables, spans and page breaks as the PDF, or in the office's own template."""
    own = fill_template(document) if document.template is not None else None
    if own is not None:
        return own
    word = Document()
    _set_styles(word, document)
    _set_page(word, document)
    pen = _Pen(word, document.images)
    for block in document.blocks:
        pen.draw(block)
    pen.finish()
    file = BytesIO()
    word.save(file)
    return file.getvalue()


def _set_styles(word: Any, document: FormDocument) -> None:
    normal = word.styles["Normal"]
    normal.font.name = BODY_FONT
    normal.font.size = Pt(document.text.size_pt)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), BODY_FONT)
    normal.paragraph_format.line_spacing_rule = WD_LINE_SPACING.AT_LEAST
    normal.paragraph_format.line_spacing = Pt(document.text.line_pitch_pt)
    word.core_properties.title = document.title
    word.core_properties.author = ""
    word.core_properties.comments = ""


def _set_page(word: Any, document: FormDocument) -> None:
    section, page = word.sections[0], document.page
    width, height = page.size_mm
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.orientation = WD_ORIENT.PORTRAIT if page.orientation == "portrait" else WD_ORIENT.LANDSCAPE
    section.top_margin, section.bottom_margin = Mm(page.margin_top), Mm(page.margin_bottom)
    section.left_margin = section.right_margin = Mm(page.margin_side)
    if document.mark:
        _mark(section.header.paragraphs[0], document.mark)
    foot = section.footer.paragraphs[0]
    if page.seal_reminder:
        for element in parse_xml(f"<w:p {nsdecls('w')}>{page_numbers(page.seal_reminder)}</w:p>"):
            foot._p.append(element)
    if document.identity is not None:
        section.footer_distance = Mm(EDGE_MM)
        _print_identity(foot, document.identity)


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


class _Pen:
    """Writes block after block to the end of the body."""

    def __init__(self, word: Any, images: Mapping[str, bytes]) -> None:
        self._word = word
        self._images = images
        self._new_page = False
        self._pictures = 0

    def draw(self, block: Block) -> None:
        match block:
            case NewPage(to_odd=True):
                self._word.add_section(WD_SECTION.ODD_PAGE)
            case NewPage():
                self._new_page = True
            case Cover():
                self._write(_cover(block))
            case Instructions():
                self._write(_instructions(block, page_break_before=self._taken_break()))
            case Table():
                if self._taken_break():
                    self._write(paragraph(page_break_before=True, line_pt=1))
                self._write(self._table(block))
            case _:
                self._write(_sheet_part(block))

    def finish(self) -> None:
        """A document may not end with a table."""
        self._write(paragraph(line_pt=1))

    def _taken_break(self) -> bool:
        taken, self._new_page = self._new_page, False
        return taken

    def _write(self, xml: str) -> None:
        end = self._word.element.body.sectPr
        for element in parse_xml(f"<w:body {nsdecls('w')}>{xml}</w:body>"):
            end.addprevious(element)

    def _table(self, block: Table) -> str:
        return table(self._rows(block), column_widths_mm=block.column_widths)

    def _rows(self, block: Table) -> Iterator[str]:
        hanging: dict[int, tuple[int, int]] = {}  # column → rows still to be spanned, columns spanned
        for number, line in enumerate(block.rows):
            cells, column, waiting = [], 0, iter(line.cells)
            while column < len(block.column_widths):
                if column in hanging:
                    depth, colspan = hanging.pop(column)
                    width = sum(block.column_widths[column : column + colspan])
                    cells.append(merged_cell(width_mm=width, colspan=colspan))
                else:
                    item = next(waiting)
                    depth, colspan = item.rowspan, item.colspan
                    width = sum(block.column_widths[column : column + colspan])
                    cells.append(self._cell(item, width, line.min_height, block.size_pt))
                if depth > 1:
                    hanging[column] = (depth - 1, colspan)
                column += colspan
            repeated = number < block.repeated_rows
            yield row(cells, min_height_mm=line.min_height, breakable=line.breakable, repeated=repeated)

    def _cell(self, item: Cell, width: float, height: float, size_pt: float) -> str:
        if size_pt and isinstance(item.content, Text):
            small = paragraph(run(item.content.text, size_pt=size_pt), align="center", line_at_least_pt=size_pt + 4)
            return cell(small, width_mm=width, colspan=item.colspan, rowspan=item.rowspan, stands="center")
        content, stands = self._content(item.content, width, height)
        return cell(content, width_mm=width, colspan=item.colspan, rowspan=item.rowspan, stands=stands)

    def _content(self, content: Text | Picture | Opinion | Pictures, width: float, height: float) -> tuple[str, Stands]:
        """The paragraphs of a cell, and where they stand in it."""
        match content:
            case Text(role="prose"):
                return _paragraphs(content.text, indented=True), "top"
            case Text(role="lines"):
                return _paragraphs(content.text), "top"
            case Text():
                return paragraph(run(content.text), align="center"), "center"
            case Picture():
                return paragraph(self._picture(content), align="center"), "center"
            case Opinion():
                return _opinion(content, width, height), "top"
            case Pictures():
                heading = paragraph(run(content.heading, size_pt=14, title=True), align="center", before_mm=2)
                places = [paragraph(self._picture(p), align="center", before_mm=4) for p in content.places]
                return heading + "".join(places), "top"

    def _picture(self, place: Picture) -> str:
        if place.key not in self._images:
            return run(place.placeholder)
        picture = picture_for_print(self._images[place.key], width=place.width, height=place.height)
        if picture is None:
            return run(UNREADABLE)
        self._pictures += 1
        inline = self._word.part.new_pic_inline(BytesIO(picture.content), Mm(picture.width), Mm(picture.height))
        inline.docPr.set("id", str(self._pictures))
        inline.docPr.set("descr", place.name)
        return f"<w:r><w:drawing>{inline.xml}</w:drawing></w:r>"


def _sheet_part(block: Title | Line | Notes | Prose | Closing) -> str:
    match block:
        case Title():
            annex = paragraph(run(block.annex, size_pt=14)) if block.annex else ""
            lines = [paragraph(run(line, size_pt=block.size_pt, title=True), align="center") for line in block.lines]
            return annex + "".join(lines) + paragraph(line_pt=12)
        case Line():
            return value_line(block.items) + paragraph(line_pt=6)
        case Notes():
            size = block.size_pt or None
            return "".join(paragraph(run(point, size_pt=size)) for point in block.points) + paragraph(line_pt=4)
        case Prose():
            heading = paragraph(run(block.heading, bold=True), first_line_chars=2, before_mm=3)
            return heading + _paragraphs(block.text, indented=True)
        case Closing():
            lines = [paragraph(run(line), align="right", before_mm=3, indent_right_mm=8) for line in block.lines]
            return paragraph(before_mm=12) + "".join(lines)


def _paragraphs(text: str, *, indented: bool = False) -> str:
    lines = text.split("\n")
    if indented:
        return "".join(paragraph(run(line), align="both", first_line_chars=2) for line in lines)
    return "".join(paragraph(run(line)) for line in lines)


def _opinion(box: Opinion, width: float, height: float) -> str:
    """Word knows no stretching space: the distance above the signature is reckoned from the length of the text."""
    written = [text for text in (box.heading, box.text) if text]
    lines = sum(ceil((len(line) + 2) * _CHARACTER_MM / (width - 4)) for text in written for line in text.split("\n"))
    space = max(6.0, height - _SIGNATURE_MM - lines * _LINE_MM)
    return "".join(
        (
            paragraph(run(box.heading)) if box.heading else "",
            _paragraphs(box.text, indented=True) if box.text else "",
            paragraph(run(box.signer), before_mm=space, indent_left_mm=4),
            paragraph(run(box.seal), align="right", before_mm=8, indent_right_mm=13),
            paragraph(run(box.date), align="right", before_mm=4, indent_right_mm=4),
        )
    )


def _cover(block: Cover) -> str:
    titles = [
        paragraph(run(line, size_pt=26, title=True), align="center", before_mm=0 if number else 42)
        for number, line in enumerate(block.title_lines)
    ]
    items = [cover_line(f"{label}：", value, size_pt=16) for label, value in block.items]
    return "".join(titles) + paragraph(before_mm=55) + table(items, column_widths_mm=COVER_WIDTHS_MM, bordered=False)


def _instructions(block: Instructions, *, page_break_before: bool) -> str:
    heading = run(block.heading, size_pt=18, title=True)
    return paragraph(heading, align="center", page_break_before=page_break_before) + _paragraphs(
        "\n".join(block.points), indented=True
    )
