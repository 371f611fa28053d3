"""Rows as CSV or XLSX, written as they come: what has gone out is forgotten.

Both open in Excel and WPS by a tap. No cell is ever computed: XLSX cells are texts and numbers, and a text that a spreadsheet
would take for a formula when it opens a CSV gets an apostrophe before it.
"""

import csv
import io
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Sequence

import xlsxwriter

from services.common.lists.sheet_writing import MOST_ROWS, Value, of_any_size, rows_xml

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_ROWS_END = b"</sheetData>"
_KNOWN_FIRST = ("_rels/.rels", "docProps/core.xml")
"""Parts that say nothing of the sheets. A scanner tells a workbook from any ZIP by what stands at its beginning."""


class TableWriter(ABC):
    """Each method gives the bytes that are ready to go out."""

    @abstractmethod
    def begin(self, title: str, headings: Sequence[str]) -> bytes: ...

    @abstractmethod
    def rows(self, rows: Sequence[Sequence[Value]]) -> bytes: ...

    @abstractmethod
    def end(self) -> bytes: ...


class CsvTable(TableWriter):
    """UTF-8 with the mark by which Excel knows it."""

    def begin(self, title: str, headings: Sequence[str]) -> bytes:  # noqa: ARG002  a CSV has no place for a title
        return b"\xef\xbb\xbf" + self.rows([headings])

    def rows(self, rows: Sequence[Sequence[Value]]) -> bytes:
        text = io.StringIO()
        csv.writer(text, lineterminator="\r\n").writerows([[_harmless(value) for value in row] for row in rows])
        return text.getvalue().encode("utf-8", "replace")

    def end(self) -> bytes:
        return b""


class XlsxTable(TableWriter):
    """The book is XlsxWriter's, made with the heads alone; the rows go into its sheets while it is being sent.

    A list that is longer than a sheet goes on in a second one, below the same head.
    """

    def __init__(self) -> None:
        self._outlet = _Outlet()
        self._zip = zipfile.ZipFile(self._outlet, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
        self._sheets = 0

    def begin(self, title: str, headings: Sequence[str]) -> bytes:
        self._title, self._headings = title, headings
        self._begin_sheet()
        return self._outlet.take()

    def rows(self, rows: Sequence[Sequence[Value]]) -> bytes:
        while len(rows) > (room := MOST_ROWS - self._row):
            self._pour(rows[:room])
            rows = rows[room:]
            self._end_sheet()
            self._begin_sheet()
        self._pour(rows)
        return self._outlet.take()

    def end(self) -> bytes:
        self._end_sheet()
        self._copy([name for name in self._book.namelist() if name not in self._zip.namelist()])
        self._zip.close()
        return self._outlet.take()

    def _begin_sheet(self) -> None:
        self._sheets += 1
        self._book = _book_of_heads(self._title, self._headings, sheets=self._sheets)
        if self._sheets == 1:
            self._copy(_KNOWN_FIRST)
        path = f"xl/worksheets/sheet{self._sheets}.xml"
        head, self._tail = of_any_size(self._book.read(path)).split(_ROWS_END)
        self._sheet = self._zip.open(path, "w", force_zip64=True)
        self._sheet.write(head)
        self._row = 1

    def _pour(self, rows: Sequence[Sequence[Value]]) -> None:
        self._sheet.write(rows_xml(rows, first=self._row + 1))
        self._row += len(rows)

    def _end_sheet(self) -> None:
        self._sheet.write(_ROWS_END + self._tail)
        self._sheet.close()

    def _copy(self, names: Sequence[str]) -> None:
        for name in names:
            self._zip.writestr(name, self._book.read(name))


class _Outlet(io.RawIOBase):
    """What the ZIP writes, kept until it is taken away. It cannot seek: sizes follow each file's bytes."""

    def __init__(self) -> None:
        self._chunks: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, content: object) -> int:
        chunk = bytes(content)  # type: ignore[call-overload]  # whatever has bytes
        self._chunks.append(chunk)
        return len(chunk)

    def take(self) -> bytes:
        written, self._chunks = b"".join(self._chunks), []
        return written


def _book_of_heads(title: str, headings: Sequence[str], *, sheets: int) -> zipfile.ZipFile:
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"title": title})
        style = book.add_format({"bold": True, "text_wrap": True, "border": 1})
        for number in range(1, sheets + 1):
            sheet = book.add_worksheet(title if number == 1 else f"{title}（{number}）")
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(headings) - 1, 18)
            for column, heading in enumerate(headings):
                sheet.write_string(0, column, heading, style)
    return zipfile.ZipFile(file)


def _harmless(value: Value) -> Value:
    """A number is one; a text that begins as a formula does is marked as text."""
    return f"'{value}" if isinstance(value, str) and value.lstrip(" \u3000")[:1] in _FORMULA and value else value
