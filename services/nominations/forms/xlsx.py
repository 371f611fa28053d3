"""A summary table as XLSX, from the same tree as the PDF and the DOCX, by XlsxWriter. Runs in a worker process.

Every word is written as text: `=cmd` stays four characters. The file is built in memory; no identity number touches a disk.
"""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import xlsxwriter

from services.nominations.forms.blocks import Closing, FormDocument, Line, Notes, Prose, Row, Table, Text, Title

_FONT = "仿宋"
_MM_OF_A_CHARACTER = 2.0
_POINTS_OF_A_MM = 72 / 25.4
_MOST_CHARACTERS = 32_767
"""Excel holds no longer text in a cell."""
_CREATED = datetime(1980, 1, 1, tzinfo=UTC)
"""Always the same: the same table gives the same bytes."""
_CUT = "……（过长，全文见PDF）"


def render_xlsx(document: FormDocument) -> bytes:
    """One sheet in the order of the form: title, head line, table with its head repeated on each page, notes, foot line."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": document.title, "created": _CREATED})
        _Sheet(book, document).draw(document)
    return file.getvalue()


class _Sheet:
    """Writes row after row."""

    def __init__(self, book: Any, document: FormDocument) -> None:
        self._book = book
        self._sheet = book.add_worksheet("汇总表")
        self._row = 0
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

    def draw(self, document: FormDocument) -> None:
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

    def _across(self, text: str, *, size: float, align: str = "left", bold: bool = False, height: float = 18) -> None:
        style = self._book.add_format({"font_name": _FONT, "font_size": size, "align": align, "bold": bold})
        self._sheet.set_row(self._row, height)
        self._sheet.merge_range(self._row, 0, self._row, self._columns - 1, "", style)
        self._sheet.write_string(self._row, 0, _fitting(text), style)
        self._row += 1

    def _table(self, block: Table) -> None:
        look = {"font_name": _FONT, "font_size": block.size_pt or 12, "border": 1, "text_wrap": True}
        style = self._book.add_format(look | {"align": "center", "valign": "vcenter", "num_format": "@"})
        if block.repeated_rows:
            self._sheet.repeat_rows(self._row, self._row + block.repeated_rows - 1)
        for row in block.rows:
            self._write(row, style)

    def _write(self, row: Row, style: Any) -> None:
        self._sheet.set_row(self._row, row.min_height * _POINTS_OF_A_MM)
        for column, cell in enumerate(row.cells):
            text = cell.content.text if isinstance(cell.content, Text) else ""
            self._sheet.write_string(self._row, column, _fitting(text), style)
        self._row += 1


def _fitting(text: str) -> str:
    return text if len(text) <= _MOST_CHARACTERS else text[: _MOST_CHARACTERS - len(_CUT)] + _CUT
