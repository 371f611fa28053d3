"""Reading an XLSX that somebody sent: in a worker process, bounded, text only. And the empty one to fill in."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.datavalidation import DataValidation

from services.auth.domain.invitation_sheet import COLUMNS, MOST_ROWS, ROLE_NAMES
from services.common.lists.sheet_reading import with_book

_MOST_COLUMNS = 50
_LONGEST_CELL = 500


@dataclass(frozen=True, slots=True)
class Sheet:
    """`rows` with the number that the spreadsheet shows; empty ones left out."""

    head: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]
    too_long: bool


def read_sheet(content: bytes) -> Sheet:
    """The first sheet. Raises SheetBroken."""
    return with_book(content, _first_sheet)


def _first_sheet(book: Workbook) -> Sheet:
    return _sheet_of(book.worksheets[0].iter_rows(max_col=_MOST_COLUMNS, max_row=MOST_ROWS * 2, values_only=True))


def _sheet_of(lines: Iterable[tuple[object, ...]]) -> Sheet:
    head: tuple[str, ...] = ()
    rows: list[tuple[int, dict[str, str]]] = []
    for number, line in enumerate(lines, start=1):
        cells = [_text(cell) for cell in line]
        if not any(cells):
            continue
        if not head:
            head = tuple(cells)
        elif len(rows) == MOST_ROWS:
            return Sheet(head, (), too_long=True)
        else:
            rows.append((number, dict(zip(head, cells, strict=False))))
    return Sheet(head, tuple(rows), too_long=False)


def _text(cell: object) -> str:
    """Spreadsheets turn numbers of phones into floats."""
    if cell is None or isinstance(cell, bool | datetime):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()[:_LONGEST_CELL]


def empty_sheet() -> bytes:
    """The template: its columns as text, so that no phone becomes a number; the roles to choose from."""
    book = Workbook()
    sheet = book.active
    sheet.title = "邀请名单"
    sheet.append(COLUMNS)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for column, width in zip("ABCDE", (36, 24, 14, 16, 22), strict=True):
        sheet.column_dimensions[column].width = width
        sheet.column_dimensions[column].number_format = "@"
    choice = DataValidation(type="list", formula1=f'"{",".join(ROLE_NAMES)}"', allow_blank=False)
    sheet.add_data_validation(choice)
    choice.add(f"E2:E{MOST_ROWS + 1}")
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()
