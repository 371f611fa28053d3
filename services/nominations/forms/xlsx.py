"""A table as XLSX that offices can sort and send on. Runs in a worker process.

XlsxWriter draws the sheet with one row of each list; all its rows are poured in where that one stood, in its look.
Every word is written as text: `=cmd` stays four characters. The file is built in memory; no identity number touches a disk.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter

from services.common.lists.sheet_writing import fitting, of_any_size, rows_xml
from services.nominations.forms.blocks import Closing, FormDocument, Line, Notes, Prose, Row, Table, Text, Title

_FONT = "仿宋"
_MM_OF_A_CHARACTER = 2.0
_POINTS_OF_A_MM = 72 / 25.4
_MOST_LISTED = 1_000_000
"""Rows of a list on one sheet: what stands before and after them has room too."""
_AT_A_TIME = 1_000
"""Rows that are put together before they are written."""
_CREATED = datetime(1980, 1, 1, tzinfo=UTC)
"""Always the same: the same table gives the same bytes."""
_CUT = "……（过长，全文见PDF）"


def render_xlsx(document: FormDocument) -> bytes:
    """One sheet in the order of the form: title, head line, table with its head repeated on each page, notes, foot line."""
    drawn, file = BytesIO(), BytesIO()
    lists: dict[str, list[_List]] = {}
    with xlsxwriter.Workbook(
        drawn, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        book.set_properties({"title": document.title, "created": _CREATED})
        for number, part in enumerate(_parts(document), start=1):
            sheet = _Sheet(book, part, "汇总表" if number == 1 else f"汇总表（{number}）")
            lists[f"xl/worksheets/sheet{number}.xml"] = sheet.draw(part)
    with ZipFile(drawn) as frame, ZipFile(file, "w", ZIP_DEFLATED, compresslevel=1) as finished:
        for name in frame.namelist():
            with finished.open(name, "w") as part_of_book:
                for piece in _poured(frame.read(name), lists.get(name, ())):
                    part_of_book.write(piece)
    return file.getvalue()


@dataclass(frozen=True, slots=True)
class _List:
    """Rows of one look."""

    first: int
    """Where they begin in their sheet, from 1."""
    rows: Sequence[Row]


def _parts(document: FormDocument) -> Iterator[FormDocument]:
    """The document once for each sheet: a list that is too long for one goes on in the next, below the same head."""
    long = next((b for b in document.blocks if isinstance(b, Table) and len(b.rows) > _MOST_LISTED), None)
    if long is None or not long.repeated_rows:
        yield document
        return
    head, rows = long.rows[: long.repeated_rows], long.rows[long.repeated_rows :]
    for start in range(0, len(rows), _MOST_LISTED):
        part = replace(long, rows=head + rows[start : start + _MOST_LISTED])
        yield replace(document, blocks=tuple(part if block is long else block for block in document.blocks))


def _poured(xml: bytes, lists: Sequence[_List]) -> Iterator[bytes]:
    """A part of the book; a sheet with all rows of its lists."""
    for each in lists:
        found = re.search(rb'<row r="%d"( [^>]*)><c r="A%d"( s="\d+")?.*?</row>' % (each.first, each.first), xml)
        assert found is not None
        row_look, cell_look = (attributes.decode() for attributes in found.groups(b""))
        yield of_any_size(xml[: found.start()])
        for start in range(0, len(each.rows), _AT_A_TIME):
            some = [_words(row) for row in each.rows[start : start + _AT_A_TIME]]
            yield rows_xml(some, first=each.first + start, row_look=row_look, cell_look=cell_look, cut=_CUT)
        xml = xml[found.end() :]
    yield xml


class _Sheet:
    """Writes row after row."""

    def __init__(self, book: Any, document: FormDocument, name: str) -> None:
        self._book = book
        self._sheet = book.add_worksheet(name)
        self._row = 0
        self._lists: list[_List] = []
        tables = [block for block in document.blocks if isinstance(block, Table)]
        self._columns = max((len(table.column_widths) for table in tables), default=4)
        for column, width in enumerate(tables[0].column_widths if tables else ()):
            self._sheet.set_column(column, column, width / _MM_OF_A_CHARACTER)
        self._set_page(document)

    def _set_page(self, document: FormDocument) -> None:
        self._sheet.set_paper(9)
        if document.page.orientation == "landscape":
            self._sheet.set_landscape()
        self._sheet.fit_to_pages(1, 0)
        marked = f"&L{document.page.seal_reminder}&R第&P页　共&N页" if document.page.seal_reminder else ""
        code = f"&C打印编号 {document.identity.code}" if document.identity is not None else ""
        self._sheet.set_footer(marked + code)
        if document.mark:
            self._sheet.set_header(f"&R{document.mark}")

    def draw(self, document: FormDocument) -> list[_List]:
        """Gives the lists of which only the first row is drawn."""
        for block in document.blocks:
            match block:
                case Title():
                    if block.annex:
                        self._across(block.annex, size=14)
                    self._across("".join(block.lines), size=block.size_pt, align="center", bold=True, height=32)
                case Line():
                    self._across(
                        "　　".join(f"{label}{value}" for label, _, value, _ in block.items), size=12, height=22
                    )
                case Table():
                    self._table(block)
                case Notes():
                    for point in block.points:
                        self._across(point, size=block.size_pt or 12)
                case Prose():
                    self._across(f"{block.heading}\n{block.text}", size=12)
                case Closing():
                    for line in block.lines:
                        self._across(line, size=12, align="right")
        return self._lists

    def _across(self, text: str, *, size: float, align: str = "left", bold: bool = False, height: float = 18) -> None:
        style = self._book.add_format({"font_name": _FONT, "font_size": size, "align": align, "bold": bold})
        self._sheet.set_row(self._row, height)
        self._sheet.merge_range(self._row, 0, self._row, self._columns - 1, "", style)
        self._sheet.write_string(self._row, 0, fitting(text, _CUT), style)
        self._row += 1

    def _table(self, block: Table) -> None:
        look = {"font_name": _FONT, "font_size": block.size_pt or 12, "border": 1, "text_wrap": True}
        style = self._book.add_format(look | {"align": "center", "valign": "vcenter", "num_format": "@"})
        listed = block.rows[block.repeated_rows :] if block.repeated_rows else ()
        if block.repeated_rows:
            self._sheet.repeat_rows(self._row, self._row + block.repeated_rows - 1)
        for row in block.rows[: len(block.rows) - len(listed)]:
            self._write(row.min_height, _words(row), style)
        if listed:
            self._lists.append(_List(self._row + 1, listed))
            self._write(listed[0].min_height, [""] * len(block.column_widths), style)
            self._row += len(listed) - 1

    def _write(self, height: float, words: Sequence[str], style: Any) -> None:
        self._sheet.set_row(self._row, height * _POINTS_OF_A_MM)
        for column, word in enumerate(words):
            self._sheet.write_string(self._row, column, fitting(word, _CUT), style)
        self._row += 1


def _words(row: Row) -> list[str]:
    return [cell.content.text if isinstance(cell.content, Text) else "" for cell in row.cells]
