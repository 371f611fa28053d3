"""From cells to answers, and from what the checks say of an answer back to the cell that holds it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from services.nominations.domain.form_definition import Enums, FieldType, Finding
from services.nominations.domain.import_sheet import NO, NUMBER, YES, ImportSheet, SheetColumn

CellState = Literal["text", "formula", "cut_number"]
_FLAGS: Mapping[str, bool] = {YES: True, NO: False}


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell says. A formula and a number too long for a number are no text that anybody wrote."""

    text: str
    state: CellState = "text"


@dataclass(frozen=True, slots=True)
class Line:
    """A row as the spreadsheet numbers it: cells by heading, empty ones left out."""

    number: int
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a cell stands."""

    sheet: str
    row: int
    heading: str


@dataclass
class ImportedRow:
    """One nominee: the answers as written, and where each of them stands."""

    line: Line
    main: ImportSheet
    values: dict[str, Any] = field(default_factory=dict)
    faults: list[tuple[Place, Finding]] = field(default_factory=list)
    """What no check would see: the cell holds no text."""
    entries: dict[str, list[tuple[ImportSheet, Line]]] = field(default_factory=dict)

    def place_of(self, pointer: str) -> Place:
        """The cell that a finding means; the row's first cell where it has none."""
        key, _, rest = pointer.removeprefix("/form/").partition("/")
        index, _, member = rest.partition("/")
        entries = self.entries.get(key, [])
        if index.isdecimal() and int(index) < len(entries):
            sheet, line = entries[int(index)]
            return Place(sheet.title, line.number, _heading(sheet, member))
        return Place(self.main.title, self.line.number, _heading(self.main, key))

    def is_answered(self, pointer: str) -> bool:
        return pointer.removeprefix("/form/").partition("/")[0] in self.values


def rows_of(
    sheets: Sequence[ImportSheet], lines: Mapping[str, Sequence[Line]], enums: Enums
) -> tuple[list[ImportedRow], list[tuple[Place, str]]]:
    """The nominees, and what belongs to none of them: entries under a 序号 that no nominee has, or that two have."""
    main = sheets[0]
    rows = [_row(main, line, enums) for line in lines.get(main.title, ())]
    by_number: dict[str, list[ImportedRow]] = defaultdict(list)
    for row in rows:
        by_number[_number(row.line)].append(row)
    loose = [
        (Place(main.title, row.line.number, NUMBER), f"“{NUMBER}”与另一行相同")
        for number, same in by_number.items()
        for row in same[1:]
        if number
    ]
    for sheet in sheets[1:]:
        for line in lines.get(sheet.title, ()):
            owners = by_number.get(_number(line), []) if _number(line) else []
            if len(owners) != 1:
                told = f"“{NUMBER}”须与“{main.title}”表中的一行相同"
                loose.append((Place(sheet.title, line.number, NUMBER), told))
                continue
            _add_entry(owners[0], sheet, line, enums)
    return rows, loose


def _row(main: ImportSheet, line: Line, enums: Enums) -> ImportedRow:
    row = ImportedRow(line, main)
    for column in main.columns:
        cell = line.cells.get(column.heading)
        if cell is None:
            continue
        pointer = f"/form/{column.field.key}"
        if column.choice is None:
            row.values[column.field.key] = _value(row, main, line, column, enums, pointer)
        elif _flag(row, main, line, column, pointer):
            row.values.setdefault(column.field.key, []).append(column.choice)
    return row


def _add_entry(row: ImportedRow, sheet: ImportSheet, line: Line, enums: Enums) -> None:
    assert sheet.list_key is not None
    entries = row.entries.setdefault(sheet.list_key, [])
    if not entries and sheet.list_key in row.values:
        place = row.place_of(f"/form/{sheet.list_key}")
        told = f"填了“{row.values[sheet.list_key]}”，“{sheet.title}”表中却有内容"
        row.faults.append((place, Finding(f"/form/{sheet.list_key}", "list_contradicts_cell", told, "")))
    if not entries:
        row.values[sheet.list_key] = []
    pointer = f"/form/{sheet.list_key}/{len(entries)}"
    entries.append((sheet, line))
    row.values[sheet.list_key].append(
        {
            column.field.key: _value(row, sheet, line, column, enums, f"{pointer}/{column.field.key}")
            for column in sheet.columns
            if column.heading in line.cells
        }
    )


def _value(  # noqa: PLR0917  one cell, and everything that says what it is
    row: ImportedRow, sheet: ImportSheet, line: Line, column: SheetColumn, enums: Enums, pointer: str
) -> Any:
    cell, definition = line.cells[column.heading], column.field
    _require_text(row, Place(sheet.title, line.number, column.heading), cell, column, pointer)
    if definition.type is FieldType.ENUM:
        codes = {choice.label: choice.value for choice in enums[definition.enum or ""]}
        return codes.get(cell.text, cell.text)
    if definition.type is FieldType.BOOLEAN:
        return _FLAGS.get(cell.text, cell.text)
    return cell.text


def _flag(row: ImportedRow, sheet: ImportSheet, line: Line, column: SheetColumn, pointer: str) -> bool:
    cell = line.cells[column.heading]
    place = Place(sheet.title, line.number, column.heading)
    _require_text(row, place, cell, column, pointer)
    if cell.state == "text" and cell.text not in _FLAGS:
        told = f"“{column.heading}”符合的填“{YES}”，不符合的不填"
        row.faults.append((place, Finding(pointer, "not_in_list", told, column.field.requirement)))
    return _FLAGS.get(cell.text, False)


def _require_text(row: ImportedRow, place: Place, cell: Cell, column: SheetColumn, pointer: str) -> None:
    told = {
        "formula": ("cell_is_formula", f"“{column.heading}”是公式，请改为文字"),
        "cut_number": (
            "number_cut",
            f"“{column.heading}”被表格软件变成了数字，后几位已经丢失，请将单元格设为文本后重新输入",
        ),
    }.get(cell.state)
    if told is not None:
        row.faults.append((place, Finding(pointer, *told, column.field.requirement)))


def _heading(sheet: ImportSheet, key: str) -> str:
    found: Iterable[str] = (column.heading for column in sheet.columns if column.field.key == key)
    return next(iter(found), NUMBER)


def _number(line: Line) -> str:
    cell = line.cells.get(NUMBER)
    return cell.text if cell is not None else ""
