"""Rows of a workbook, poured into a book that XlsxWriter has drawn.

The library is the author of the look: styles, widths, page, head and foot. A cell costs it microseconds of Python; here the
words of many rows are put together, escaped and given their markup as one text, for a tenth of that.
"""

import re
from collections.abc import Sequence

Value = str | int | float

MOST_ROWS = 1_048_576
"""Excel and WPS open no longer sheet."""
MOST_CHARACTERS = 32_767
"""Excel holds no longer text in a cell."""
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_READ_AS_ESCAPE = re.compile(rb"_(?=x[0-9A-Fa-f]{4}_)")
"""Excel would read `_x0041_` as A."""
_SIZE = re.compile(rb"<dimension [^>]*/>")


def of_any_size(sheet: bytes) -> bytes:
    """A drawn sheet that does not say how many rows it has."""
    return _SIZE.sub(b"", sheet)


def rows_xml(
    rows: Sequence[Sequence[Value]], *, first: int, row_look: str = "", cell_look: str = "", cut: str = "……（过长）"
) -> bytes:
    """Cells that are texts and numbers, never formulas. `first`: number of the first row, from 1.

    `row_look` and `cell_look` are attributes of their elements, such as ` s="3"`; `cut` ends a text that is too long for a
    cell. Until the words are escaped, control characters stand for the markup: no word holds one.
    """
    words = "".join([f"\x01{number}\x02{_cells(row, cut)}\x03" for number, row in enumerate(rows, first)])
    xml = _READ_AS_ESCAPE.sub(b"_x005F_", words.encode())
    for mark, markup in (
        ("&", "&amp;"),
        ("<", "&lt;"),
        (">", "&gt;"),
        ("\x01", '<row r="'),
        ("\x02", f'"{row_look}>'),
        ("\x03", "</row>"),
        ("\x04\x05", f"<c{cell_look}/>"),
        ("\x04\x06", f"<c{cell_look}><v>"),
        ("\x06\x05", "</v></c>"),
        ("\x05", "</t></is></c>"),
        ("\x04", f'<c{cell_look} t="inlineStr"><is><t xml:space="preserve">'),
    ):
        xml = xml.replace(mark.encode(), markup.encode())
    return xml


def fitting(text: str, cut: str) -> str:
    """What a cell can hold of it."""
    return text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - len(cut)] + cut


def _cells(row: Sequence[Value], cut: str) -> str:
    """Each between two marks, a number between two more; looked at one by one only where a word may not stay as it is."""
    words = "".join([value for value in row if isinstance(value, str)])
    if not words.isprintable() or len(words) > MOST_CHARACTERS:
        row = [fitting(_NOT_IN_XML.sub("", value), cut) if isinstance(value, str) else value for value in row]
    cells = "\x05\x04".join([value if isinstance(value, str) else f"\x06{value}\x06" for value in row])
    return f"\x04{cells}\x05"
