"""A form as DOCX that Word and WPS can edit, by python-docx. Runs in a worker process."""

from collections.abc import Iterator, Mapping
from math import ceil

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
from services.nominations.forms.docx_frame import Look, frame_of
from services.nominations.forms.docx_template import fill_template
from services.nominations.forms.pictures import UNREADABLE, picture_for_print
from services.nominations.forms.wordml import (
    COVER_WIDTHS_MM,
    Stands,
    cell,
    cover_line,
    merged_cell,
    paragraph,
    picture,
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
    pen = _Pen(document.images)
    for block in document.blocks:
        pen.draw(block)
    pen.finish()
    look = Look(
        title=document.title,
        page=document.page,
        text=document.text,
        mark=document.mark,
        sections=len(pen.sections),
        identified=document.identity is not None,
    )
    return frame_of(look).filled(map("".join, pen.sections), pen.pictures, document.identity)


class _Pen:
    """Writes block after block, section after section."""

    def __init__(self, images: Mapping[str, bytes]) -> None:
        self.sections: list[list[str]] = [[]]
        """XML."""
        self.pictures: list[bytes] = []
        self._images = images
        self._new_page = False

    def draw(self, block: Block) -> None:
        match block:
            case NewPage(to_odd=True):
                self.sections.append([])
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
        self.sections[-1].append(xml)

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
        fitted = picture_for_print(self._images[place.key], width=place.width, height=place.height)
        if fitted is None:
            return run(UNREADABLE)
        self.pictures.append(fitted.content)
        return picture(len(self.pictures), name=place.name, width_mm=fitted.width, height_mm=fitted.height)


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
