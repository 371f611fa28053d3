"""The plain ways to write the same files, by the libraries' manuals, and the least that any way has to do."""

import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docxtpl import DocxTemplate, InlineImage

from services.nominations.forms.blocks import Block, Cell, FormDocument, Opinion, Picture, Pictures, Table, Text
from services.nominations.forms.docx import render_docx

_LOOK = {"font_name": "仿宋", "font_size": 9, "border": 1, "text_wrap": True, "align": "center", "num_format": "@"}


def xlsx_by_library(rows: Sequence[Sequence[str]], *, styled: bool) -> bytes:
    """XlsxWriter, row after row, in its mode of constant memory."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "constant_memory": True}) as book:
        sheet = book.add_worksheet()
        style = book.add_format(_LOOK) if styled else None
        for number, row in enumerate(rows):
            if styled:
                sheet.set_row(number, 32)
            for column, word in enumerate(row):
                sheet.write_string(number, column, word, style)
    return file.getvalue()


def sheet_by_hand(rows: Sequence[Sequence[str]]) -> int:
    """The least: each word escaped, each row deflated, nothing else of a workbook."""
    packed, sent = zlib.compressobj(1), 0
    for number, row in enumerate(rows, start=1):
        cells = "".join([f'<c t="inlineStr"><is><t>{escape(word)}</t></is></c>' for word in row])
        sent += len(packed.compress(f'<row r="{number}">{cells}</row>'.encode()))
    return sent + len(packed.flush())


def docx_by_library(document: FormDocument) -> bytes:
    """python-docx: the same tables, spans, words, sizes and pictures."""
    word = Document()
    normal = word.styles["Normal"]
    normal.font.name, normal.font.size = "仿宋", Pt(document.text.size_pt)
    for block in document.blocks:
        if not isinstance(block, Table):
            for text in _texts(block):
                _write(word.add_paragraph(), text)
            continue
        table = word.add_table(rows=len(block.rows), cols=len(block.column_widths))
        places = [row.cells for row in table.rows]  # asked once: `table.cell` counts through the table every time
        for (row, column), cell in _places(block):
            place = places[row][column]
            if cell.colspan > 1 or cell.rowspan > 1:
                place = place.merge(places[row + cell.rowspan - 1][column + cell.colspan - 1])
            _fill(place, cell, document)
    file = io.BytesIO()
    word.save(file)
    return file.getvalue()


def _places(table: Table) -> Iterator[tuple[tuple[int, int], Cell]]:
    """Each cell where it stands, beside those that hang down from above."""
    taken: set[tuple[int, int]] = set()
    for number, row in enumerate(table.rows):
        column = 0
        for cell in row.cells:
            while (number, column) in taken:
                column += 1
            taken |= {(number + down, column + right) for down in range(cell.rowspan) for right in range(cell.colspan)}
            yield (number, column), cell


def _fill(place: Any, cell: Cell, document: FormDocument) -> None:
    match cell.content:
        case Picture() as picture if picture.key in document.images:
            run = place.paragraphs[0].add_run()
            run.add_picture(io.BytesIO(document.images[picture.key]), Mm(picture.width), Mm(picture.height))
        case Text(text=text):
            for line in text.split("\n"):
                _write(place.add_paragraph(), line)
        case Opinion() as opinion:
            for line in (opinion.heading, opinion.text, opinion.signer, opinion.seal, opinion.date):
                _write(place.add_paragraph(), line)
        case Picture() | Pictures():
            place.text = ""


def _write(paragraph: Any, text: str) -> None:
    run = paragraph.add_run(text)
    run.font.size = Pt(12)
    run.font.name = "仿宋"
    run._element.rPr.rFonts.set(qn("w:eastAsia"), "仿宋")


def _texts(node: object) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, tuple):
        for each in node:
            yield from _texts(each)
    elif hasattr(node, "__slots__"):
        for name in node.__slots__:
            if name != "kind":
                yield from _texts(getattr(node, name))


class FilledTemplate:
    """docxtpl: our own DOCX with a place in double braces for every answer of a table."""

    def __init__(self, document: FormDocument) -> None:
        self._answers: dict[str, str] = {}
        self._photo = next(iter(document.images.values()))
        blocks = tuple(self._with_places(block) for block in document.blocks)
        self._template = render_docx(replace(document, blocks=blocks, images={}))

    def _with_places(self, block: Block) -> Block:
        if not isinstance(block, Table):
            return block
        rows = (replace(row, cells=tuple(map(self._with_place, row.cells))) for row in block.rows)
        return replace(block, rows=tuple(rows))

    def _with_place(self, cell: Cell) -> Cell:
        if isinstance(cell.content, Picture):
            return replace(cell, content=Text("value", "{{ photo }}"))
        if not isinstance(cell.content, Text) or cell.content.role in {"label", "heading"}:
            return cell
        name = f"answer_{len(self._answers)}"
        self._answers[name] = cell.content.text
        return replace(cell, content=replace(cell.content, text=f"{{{{ {name} }}}}"))

    def filled(self) -> bytes:
        word = DocxTemplate(io.BytesIO(self._template))
        photo = InlineImage(word, io.BytesIO(self._photo), Mm(35), Mm(49))
        word.render({**self._answers, "photo": photo}, autoescape=True)
        file = io.BytesIO()
        word.save(file)
        return file.getvalue()


class CutTemplate:
    """The least: the parts of the finished DOCX, every word escaped anew, all of it zipped."""

    def __init__(self, document: FormDocument) -> None:
        with zipfile.ZipFile(io.BytesIO(render_docx(document))) as package:
            self._parts = {name: package.read(name) for name in package.namelist()}
        self._pieces = self._parts["word/document.xml"].decode().split("</w:t>")

    def filled(self) -> bytes:
        words = ((piece.rpartition(">")) for piece in self._pieces)
        body = "</w:t>".join(f"{before}>{escape(word)}" for before, _, word in words)
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
            for name, content in (self._parts | {"word/document.xml": body.encode()}).items():
                kind = zipfile.ZIP_STORED if name.startswith("word/media/") else zipfile.ZIP_DEFLATED
                package.writestr(name, content, kind)
        return file.getvalue()
