"""Reads quotas.csv (附件2) and names every fault with its line. The columns after `quota_unit` and `name` are categories."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any

_FIXED = ("quota_unit", "name")
_COUNT = re.compile(r"\d{1,6}", re.ASCII)


@dataclass(frozen=True, slots=True)
class QuotaFault:
    line: int
    message: str


@dataclass(frozen=True, slots=True)
class QuotaTable:
    """The rows that can be read, the line on which each stands, and what is wrong with the others."""

    rows: tuple[dict[str, Any], ...]
    lines: tuple[int, ...]
    faults: tuple[QuotaFault, ...]


def read_quota_table(text: str) -> QuotaTable:
    """A row with a fault is left out; an empty text is a table without rows."""
    try:
        reader = csv.reader(StringIO(text), strict=True)
        numbered = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        return QuotaTable((), (), (QuotaFault(reader.line_num, str(error)),))
    if not numbered:
        return QuotaTable((), (), ())
    (head_line, head), *body = numbered
    faults = [QuotaFault(head_line, message) for message in _about_head(head)]
    rows: dict[int, dict[str, Any]] = {}
    if not faults:
        for line, cells in body:
            wrong = [QuotaFault(line, message) for message in _about_row(head, cells)]
            faults += wrong
            if not wrong:
                rows[line] = _row(head, cells)
    return QuotaTable(tuple(rows.values()), tuple(rows), tuple(faults))


def _about_head(head: Sequence[str]) -> Iterator[str]:
    for column in _FIXED:
        if column not in head:
            yield f"column {column} is missing"
    for column in dict.fromkeys(column for column in head if head.count(column) > 1):
        yield f"column {column} stands twice"
    if "" in head:
        yield "a column has no name"


def _about_row(head: Sequence[str], cells: Sequence[str]) -> Iterator[str]:
    if len(cells) != len(head):
        yield f"has {len(cells)} cells for {len(head)} columns"
        return
    for column, cell in zip(head, cells, strict=True):
        if column in _FIXED and not cell.strip():
            yield f"{column} is empty"
        elif column not in _FIXED and not _COUNT.fullmatch(cell.strip()):
            yield f"{column}: {cell!r} is not a number of seats"


def _row(head: Sequence[str], cells: Sequence[str]) -> dict[str, Any]:
    row = dict(zip(head, (cell.strip() for cell in cells), strict=True))
    return {
        "quota_unit": row.pop("quota_unit"),
        "name": row.pop("name"),
        "seats": {category: int(seats) for category, seats in row.items()},
    }
