"""Reading a spreadsheet again, as somebody who opens it would."""

import io

import openpyxl

from tests.nominations.forms.every_form import words


def sheet_words(book: bytes) -> str:
    sheet = openpyxl.load_workbook(io.BytesIO(book)).worksheets[0]
    return words("".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None))
