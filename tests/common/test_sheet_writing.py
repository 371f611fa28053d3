"""Rows of a workbook that are poured in keep every word and become nothing but texts and numbers."""

import io
from collections.abc import Sequence

import pytest
from openpyxl import load_workbook

from services.common.lists import list_tables
from services.common.lists.list_tables import XlsxTable
from services.common.lists.sheet_writing import MOST_CHARACTERS, Value, rows_xml

WORDS = [
    "喆垚犇龑祎 𠅤㛃",
    "<c><v>1</v></c> &amp; ]]> \"'",
    "=cmd|' /C calc'!A0",
    "  两端空格　",
    "第一行\n第二行\t后",
    "0123",
]


def book_of(rows: Sequence[Sequence[Value]]) -> bytes:
    writer = XlsxTable()
    return writer.begin("表", ["甲", "乙"]) + writer.rows(rows) + writer.end()


def values(rows: Sequence[Sequence[Value]]) -> list[tuple[object, ...]]:
    """Below the head, as somebody who opens it reads them."""
    sheet = load_workbook(io.BytesIO(book_of(rows))).active
    assert sheet is not None
    return list(sheet.iter_rows(min_row=2, values_only=True))


@pytest.mark.parametrize("word", WORDS)
def test_every_word_is_read_as_it_was_written(word):
    assert values([[word, "后"]]) == [(word, "后")]


def test_nothing_is_a_cell_without_a_word():
    assert values([["", 0], ["甲", ""]]) == [(None, 0), ("甲", None)]


def test_numbers_stay_numbers_among_texts():
    assert values([["1", 1], [2.5, "2.5"], [-3, 10**15]]) == [("1", 1), (2.5, "2.5"), (-3, 10**15)]


def test_a_word_that_holds_the_signs_of_markup_gets_no_cell_of_its_own():
    signs = "".join(map(chr, range(32)))
    assert values([[f"甲{signs}乙", "丙"]]) == [("甲\t\n\n乙", "丙")]  # a reader of XML takes \r for \n


def test_what_excel_would_read_as_an_escape_is_escaped():
    assert b">_x005F_x0041_ _x41_<" in rows_xml([["_x0041_ _x41_"]], first=1)


def test_a_text_that_is_too_long_for_a_cell_says_so():
    ((long, _),) = values([["字" * (MOST_CHARACTERS + 1), ""]])
    assert (len(str(long)), str(long)[-6:]) == (MOST_CHARACTERS, "……（过长）")


def test_rows_know_their_number_and_their_look():
    assert rows_xml([["甲"], [1]], first=7, row_look=' ht="20"', cell_look=' s="3"').decode() == (
        '<row r="7" ht="20"><c s="3" t="inlineStr"><is><t xml:space="preserve">甲</t></is></c></row>'
        '<row r="8" ht="20"><c s="3"><v>1</v></c></row>'
    )


@pytest.mark.parametrize("pages", [[7], [3, 4], [4, 1, 2], [1] * 7])
def test_a_list_that_is_longer_than_a_sheet_goes_on_below_the_same_head(monkeypatch, pages):
    monkeypatch.setattr(list_tables, "MOST_ROWS", 4)
    writer, numbers = XlsxTable(), iter(range(7))
    written = writer.begin("表", ["甲"])
    for length in pages:
        written += writer.rows([[next(numbers)] for _ in range(length)])
    book = load_workbook(io.BytesIO(written + writer.end()))
    assert {sheet.title: [row[0] for row in sheet.iter_rows(values_only=True)] for sheet in book} == {
        "表": ["甲", 0, 1, 2],
        "表（2）": ["甲", 3, 4, 5],
        "表（3）": ["甲", 6],
    }
    assert [bool(sheet.sheet_view.tabSelected) for sheet in book] == [True, False, False]


def test_a_list_that_just_fills_a_sheet_has_no_second_one(monkeypatch):
    monkeypatch.setattr(list_tables, "MOST_ROWS", 4)
    assert load_workbook(io.BytesIO(book_of([[1, 1], [2, 2], [3, 3]]))).sheetnames == ["表"]
