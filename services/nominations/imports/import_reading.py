"""Reads a filled-in import workbook, in a worker process: text as text, and told apart what only looks like it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook

from services.common.lists.sheet_reading import with_book
from services.nominations.domain.form_definition import FieldType
from services.nominations.domain.import_rows import Cell, Line
from services.nominations.domain.import_sheet import (
    MOST_LIST_ROWS,
    MOST_ROWS,
    NO,
    NUMBER,
    RESULT,
    YES,
    ImportSheet,
)

_MOST_COLUMNS = 300
_FIRST_LOST = 10**15
"""A spreadsheet keeps fifteen digits of a number; an identity number has eighteen."""


@dataclass
class ReadBook:
    """Lines by sheet. What is not as in the template is named, and nothing of such a file is used."""

    lines: dict[str, list[Line]] = field(default_factory=dict)
    missing: list[tuple[str, str]] = field(default_factory=list)
    """Sheet and heading; no heading where the sheet itself is missing."""
    unknown: list[tuple[str, str]] = field(default_factory=list)
    too_long: list[str] = field(default_factory=list)


def read_import(content: bytes, sheets: Sequence[ImportSheet]) -> ReadBook:
    """Raises SheetBroken."""
    return with_book(content, lambda book: _read(book, sheets), formulas=True)


def _read(book: Workbook, sheets: Sequence[ImportSheet]) -> ReadBook:
    found = ReadBook()
    for sheet in sheets:
        if sheet.title not in book.sheetnames:
            found.missing.append((sheet.title, ""))
            continue
        rows = book[sheet.title].iter_rows(max_col=_MOST_COLUMNS)
        headings = [str(cell.value).strip() if cell.value is not None else "" for cell in next(rows, ())]
        found.missing += [(sheet.title, heading) for heading in sheet.headings if heading not in headings]
        allowed = {*sheet.headings, RESULT, ""}
        found.unknown += [(sheet.title, heading[:50]) for heading in headings if heading not in allowed]
        _take(found, sheet, headings, rows)
    return found


def _take(found: ReadBook, sheet: ImportSheet, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    types = {column.heading: column.field.type for column in sheet.columns}
    lines = found.lines[sheet.title] = []
    most = MOST_ROWS if sheet.list_key is None else MOST_LIST_ROWS
    for number, row in enumerate(rows, start=2):
        cells = _cells(headings, row, types)
        if not cells.keys() - {NUMBER}:
            continue
        if len(lines) == most:
            found.too_long.append(sheet.title)
            return
        lines.append(Line(number, cells))


def _cells(headings: Sequence[str], row: Sequence[Any], types: Mapping[str, FieldType]) -> dict[str, Cell]:
    read = ((heading, _cell(cell, types.get(heading))) for heading, cell in zip(headings, row, strict=False))
    return {heading: cell for heading, cell in read if heading not in ("", RESULT) and cell.text}


def _cell(cell: Any, kind: FieldType | None) -> Cell:
    value = cell.value
    if value is None:
        return Cell("")
    if cell.data_type == "f":
        return Cell(value if isinstance(value, str) else "=", "formula")
    if isinstance(value, bool):
        return Cell(YES if value else NO)
    if isinstance(value, datetime | date):
        return Cell(f"{value:%Y-%m}" if kind is FieldType.YEAR_MONTH else f"{value:%Y-%m-%d}")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int):
        return Cell(str(value), "cut_number" if abs(value) >= _FIRST_LOST else "text")
    return Cell(str(value).strip())
