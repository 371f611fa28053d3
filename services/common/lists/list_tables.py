"""Rows as CSV or XLSX, written as they come: what has gone out is forgotten.

Both open in Excel and WPS by a tap. No cell is ever computed: XLSX cells are texts and numbers, and a text that a spreadsheet
would take for a formula when it opens a CSV gets an apostrophe before it.
"""

import csv
import io
import re
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Sequence
from xml.sax.saxutils import escape

import xlsxwriter

Value = str | int | float
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MOST_CHARACTERS = 32_767
_SHEET, _ROWS_END = "xl/worksheets/sheet1.xml", b"</sheetData>"


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
    """The book is XlsxWriter's, made with the head alone; the rows go into its sheet while it is being sent."""

    def __init__(self) -> None:
        self._outlet = _Outlet()
        self._zip = zipfile.ZipFile(self._outlet, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
        self._row = 1

    def begin(self, title: str, headings: Sequence[str]) -> bytes:
        with zipfile.ZipFile(io.BytesIO(_book_with_head(title, headings))) as book:
            for name in book.namelist():
                if name != _SHEET:
                    self._zip.writestr(name, book.read(name))
            head, self._tail = book.read(_SHEET).split(_ROWS_END)
        self._sheet = self._zip.open(_SHEET, "w", force_zip64=True)
        self._sheet.write(head)
        return self._outlet.take()

    def rows(self, rows: Sequence[Sequence[Value]]) -> bytes:
        for row in rows:
            self._row += 1
            self._sheet.write(f'<row r="{self._row}">{"".join(map(_cell, row))}</row>'.encode())
        return self._outlet.take()

    def end(self) -> bytes:
        self._sheet.write(_ROWS_END + self._tail)
        self._sheet.close()
        self._zip.close()
        return self._outlet.take()


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


def _book_with_head(title: str, headings: Sequence[str]) -> bytes:
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"title": title})
        sheet = book.add_worksheet(title)
        style = book.add_format({"bold": True, "text_wrap": True, "border": 1})
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(headings) - 1, 18)
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, heading, style)
    return file.getvalue()


def _harmless(value: Value) -> Value:
    """A number is one; a text that begins as a formula does is marked as text."""
    return f"'{value}" if isinstance(value, str) and value.lstrip(" \u3000")[:1] in _FORMULA and value else value


def _cell(value: Value) -> str:
    if not isinstance(value, str):
        return f"<c><v>{value}</v></c>"
    text = escape(_NOT_IN_XML.sub("", value[:_MOST_CHARACTERS]))
    return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
