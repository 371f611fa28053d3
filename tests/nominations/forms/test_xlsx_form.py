"""A table as XLSX, opened again with openpyxl: XlsxWriter's look in every row, however many there are."""

import io
import zipfile
from dataclasses import replace
from typing import Any

import pytest
from openpyxl import load_workbook

from services.nominations.forms import xlsx
from services.nominations.forms.blocks import Cell, FormDocument, Row, Table, Text
from services.nominations.forms.xlsx import render_xlsx
from tests.nominations.forms.every_form import TABLES, filled


def with_rows(document: FormDocument, count: int) -> FormDocument:
    """Its list with so many rows, the first cell of each its number."""
    return replace(document, blocks=tuple(_longer(b, count) if isinstance(b, Table) else b for b in document.blocks))


def _longer(table: Table, count: int) -> Table:
    head, example = table.rows[0], table.rows[1]
    numbered = (replace(example, cells=(Cell(Text("value", str(n))), *example.cells[1:])) for n in range(1, count + 1))
    return replace(table, rows=(head, *numbered))


def sheets(document: FormDocument) -> list[Any]:
    return load_workbook(io.BytesIO(render_xlsx(document))).worksheets


def first_cells(sheet: Any) -> list[object]:
    return [row[0].value for row in sheet.iter_rows()]


def look(cell: Any) -> tuple[object, ...]:
    sides, stands = cell.border, cell.alignment
    edges = tuple(side.style for side in (sides.left, sides.right, sides.top, sides.bottom))
    return (
        cell.font.name,
        cell.font.size,
        edges,
        stands.horizontal,
        stands.vertical,
        stands.wrap_text,
        cell.number_format,
    )


@pytest.mark.parametrize("form", TABLES)
def test_every_row_of_a_list_has_the_look_of_its_head(form):
    document = filled(form)
    (sheet,) = sheets(document)
    (table,) = (block for block in document.blocks if isinstance(block, Table))
    words = [cell.content.text for row in table.rows for cell in row.cells if isinstance(cell.content, Text)]
    top = next(
        row[0].row for row in sheet.iter_rows() if [c.value for c in row] == [w or None for w in words[: len(row)]]
    )
    rows = list(sheet.iter_rows(min_row=top, max_row=top + len(table.rows) - 1))
    size = table.size_pt or 12
    assert {look(cell) for row in rows for cell in row} == {
        ("仿宋", size, ("thin",) * 4, "center", "center", True, "@"),
    }
    assert [cell.value for row in rows for cell in row] == [word or None for word in words]


def test_every_row_has_its_height_on_paper():
    (sheet,) = sheets(with_rows(filled("attachment_4"), 3))
    (table,) = (block for block in filled("attachment_4").blocks if isinstance(block, Table))
    heights = [sheet.row_dimensions[number].height for number in range(4, 8)]
    asked = [row.min_height * 72 / 25.4 for row in (table.rows[0], *[table.rows[1]] * 3)]
    assert heights == pytest.approx(asked, abs=0.75)  # XlsxWriter rounds to pixels


def test_what_stands_below_a_list_of_any_length_is_merged_across_it():
    (sheet,) = sheets(with_rows(filled("attachment_4"), 2_500))
    assert first_cells(sheet)[4:2_504] == [str(number) for number in range(1, 2_501)]
    assert sorted(area.min_row for area in sheet.merged_cells.ranges) == [1, 2, 3, 2505, 2506, 2507, 2508, 2509]
    assert (sheet.print_title_rows, sheet["A2509"].value.startswith("联系人")) == ("$4:$4", True)


def test_a_list_that_is_too_long_for_a_sheet_goes_on_in_the_next(monkeypatch):
    monkeypatch.setattr(xlsx, "_MOST_LISTED", 2)
    document = with_rows(filled("attachment_4"), 5)
    found = sheets(document)
    assert [sheet.title for sheet in found] == ["汇总表", "汇总表（2）", "汇总表（3）"]
    assert [first_cells(sheet)[4:-5] for sheet in found] == [["1", "2"], ["3", "4"], ["5"]]
    assert len({tuple(first_cells(sheet)[:4]) for sheet in found}) == 1
    assert {sheet.print_title_rows for sheet in found} == {"$4:$4"}


def test_a_cell_that_is_too_long_points_to_the_pdf():
    long = Row(10, (Cell(Text("value", "字" * 40_000)),))
    table = Table((20.0,), (Row(10, (Cell(Text("label", "头")),)), long), 1)
    (sheet,) = sheets(replace(filled("attachment_4"), blocks=(table,)))
    assert (len(sheet["A2"].value), sheet["A2"].value[-5:]) == (32_767, "见PDF）")


def test_the_same_table_gives_the_same_bytes_on_another_day():
    book = render_xlsx(filled("attachment_3"))
    assert render_xlsx(filled("attachment_3")) == book
    with zipfile.ZipFile(io.BytesIO(book)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
