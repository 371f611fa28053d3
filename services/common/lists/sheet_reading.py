"""XLSX files that somebody sent: measured before anything is unpacked, read in a worker process, nothing in them executed."""

import io
import zipfile
from collections.abc import Callable
from typing import TypeVar

from openpyxl import Workbook, load_workbook

Result = TypeVar("Result")

MOST_UNPACKED = 30_000_000
"""Bytes. The reader unpacks no more of a file than it says it holds, so what it says can be believed."""


class SheetBroken(Exception):
    """Not an XLSX, or one that unpacks to more than any honest one."""


def with_book(content: bytes, read: Callable[[Workbook], Result], *, formulas: bool = False) -> Result:
    """What `read` finds in the workbook, which is only open meanwhile. Raises SheetBroken.

    With `formulas` a formula shows as such; without, as the value that the spreadsheet last saw.
    """
    try:
        if _unpacked_size(content) <= MOST_UNPACKED:
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=not formulas, keep_links=False)
            try:
                return read(book)
            finally:
                book.close()
    except Exception:  # noqa: BLE001  a hostile archive makes the reader raise anything, an XML parser's error too
        raise SheetBroken from None
    raise SheetBroken


def _unpacked_size(content: bytes) -> int:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return sum(entry.file_size for entry in archive.infolist())
