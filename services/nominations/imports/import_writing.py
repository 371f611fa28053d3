"""Writes import workbooks, in a worker process: the empty template, and the copy that says what is wrong where.

The marked copy is the template filled anew with what was read: macros, links and formulas of the file that came are not in it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from services.nominations.domain.form_definition import FieldType
from services.nominations.domain.import_rows import Line, Place
from services.nominations.domain.import_sheet import (
    GUIDE,
    MAIN,
    MOST_LIST_ROWS,
    MOST_ROWS,
    NUMBER,
    RESULT,
    ImportSheet,
    SheetColumn,
)

_CHOICES = "选项"
_CREATED = datetime(1980, 1, 1, tzinfo=UTC)
"""Always the same: the same template has the same ETag."""
_RED, _YELLOW = "#FFC7CE", "#FFEB9C"
_WIDE = {FieldType.LONG_TEXT: 60, FieldType.ADDRESS: 36, FieldType.RESIDENT_ID: 22, FieldType.CREDIT_CODE: 22}
_MOST_CHARACTERS = 32_767
_KINDS = {
    FieldType.YEAR_MONTH: "年月，例如1985-03",
    FieldType.DATE: "日期，例如2025-02-07",
    FieldType.INTEGER: "整数",
    FieldType.ENUM: "从列表中选择",
    FieldType.ENUM_SET: "符合的填“是”",
    FieldType.BOOLEAN: "是或否",
    FieldType.RESIDENT_ID: "文本，18位",
    FieldType.LIST: "逐条填写在另一张表",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """What is said of one cell; `is_error` stands against the row, else it only has to be looked at."""

    place: Place
    message: str
    is_error: bool


@dataclass(frozen=True, slots=True)
class Filled:
    """What goes into the template: lines by sheet, remarks, and by row of the nominees what came of it."""

    lines: Mapping[str, Sequence[Line]] = field(default_factory=dict)
    marks: Sequence[Mark] = ()
    results: Mapping[int, str] = field(default_factory=dict)


def cell_name(sheet: ImportSheet, place: Place) -> str:
    """Such as `C5`: the columns stand as in the template."""
    return str(xl_rowcol_to_cell(place.row - 1, sheet.headings.index(place.heading)))


def write_import(title: str, sheets: Sequence[ImportSheet], filled: Filled | None = None) -> bytes:
    """The template; with `filled`, the marked copy."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": title, "created": _CREATED})
        _Book(book, sheets, filled).write()
    return file.getvalue()


class _Book:
    def __init__(self, book: Any, sheets: Sequence[ImportSheet], filled: Filled | None) -> None:
        self._book, self._sheets, self._filled = book, sheets, filled
        self._text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        self._red = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top", "bg_color": _RED})
        self._yellow = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top", "bg_color": _YELLOW})
        self._head = book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1})
        self._must = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1, "bg_color": "#DDEBF7"}
        )
        self._choices: dict[tuple[str, ...], str] = {}

    def write(self) -> None:
        pages = [self._book.add_worksheet(sheet.title) for sheet in self._sheets]
        guide = self._book.add_worksheet(GUIDE)
        self._options = self._book.add_worksheet(_CHOICES)
        self._options.very_hidden()
        for sheet, page in zip(self._sheets, pages, strict=True):
            self._heads(sheet, page)
            if self._filled is None and sheet.list_key is None:
                for row in range(1, MOST_ROWS + 1):
                    page.write_string(row, 0, str(row), self._text)
            elif self._filled is not None:
                self._lines(sheet, page, self._filled)
        self._guide(guide)

    def _heads(self, sheet: ImportSheet, page: Any) -> None:
        page.freeze_panes(1, 2)
        page.set_row(0, 36)
        page.set_column(0, 0, 8, self._text)
        page.write_string(0, 0, NUMBER, self._must)
        told = "每行一个推荐对象，序号不重复" if sheet.list_key is None else f"与“{MAIN}”表中的序号相同，可有多行"
        page.write_comment(0, 0, told)
        last = MOST_ROWS if sheet.list_key is None else MOST_LIST_ROWS
        for number, column in enumerate(sheet.columns, start=1):
            page.set_column(number, number, _WIDE.get(column.field.type, 16), self._text)
            page.write_string(0, number, column.heading, self._must if column.field.required else self._head)
            if column.help:
                page.write_comment(0, number, column.help)
            if column.choices:
                page.data_validation(1, number, last, number, self._validation(column))

    def _validation(self, column: SheetColumn) -> dict[str, Any]:
        if column.choices not in self._choices:
            at = len(self._choices)
            for row, word in enumerate(column.choices):
                self._options.write_string(row, at, word)
            letter = xl_col_to_name(at)
            self._choices[column.choices] = f"='{_CHOICES}'!${letter}$1:${letter}${len(column.choices)}"
        return {
            "validate": "list",
            "source": self._choices[column.choices],
            "show_error": column.closed,
            "error_title": "请从列表中选择",
            "error_message": "这一栏只能选择列表中的内容",
        }

    def _lines(self, sheet: ImportSheet, page: Any, filled: Filled) -> None:
        marks: dict[tuple[int, str], list[Mark]] = defaultdict(list)
        for mark in filled.marks:
            if mark.place.sheet == sheet.title:
                marks[mark.place.row, mark.place.heading].append(mark)
        for line in filled.lines.get(sheet.title, ()):
            for number, heading in enumerate(sheet.headings):
                said = marks.get((line.number, heading), [])
                self._cell(page, line, number, heading=heading, said=said)
        if sheet.list_key is None:
            at = len(sheet.headings)
            page.set_column(at, at, 60)
            page.write_string(0, at, RESULT, self._head)
            for row, told in filled.results.items():
                page.write_string(row - 1, at, told[:_MOST_CHARACTERS], self._text)

    def _cell(self, page: Any, line: Line, number: int, *, heading: str, said: Sequence[Mark]) -> None:
        cell = line.cells.get(heading)
        look = self._text
        if said:
            look = self._red if any(mark.is_error for mark in said) else self._yellow
            page.write_comment(line.number - 1, number, "\n".join(mark.message for mark in said), {"x_scale": 2})
        if cell is not None:
            page.write_string(line.number - 1, number, cell.text[:_MOST_CHARACTERS], look)
        elif said:
            page.write_blank(line.number - 1, number, None, look)

    def _guide(self, page: Any) -> None:
        page.set_column(0, 1, 26, self._text)
        page.set_column(2, 3, 22, self._text)
        page.set_column(4, 4, 90, self._text)
        page.freeze_panes(1, 0)
        for number, word in enumerate(("工作表", "栏目", "是否必填", "填写方式", "说明")):
            page.write_string(0, number, word, self._head)
        rows = [(sheet.title, column) for sheet in self._sheets for column in sheet.columns]
        for row, (title, column) in enumerate(rows, start=1):
            definition = column.field
            needed = "视情况" if definition.required_if is not None else "必填" if definition.required else "选填"
            kind = _KINDS.get(definition.type, "从列表中选择或填写" if column.choices else "文字")
            for number, text in enumerate((title, column.heading, needed, kind, column.help)):
                page.write_string(row, number, text, self._text)
