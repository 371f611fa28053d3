"""Every DOCX and XLSX opens in LibreOffice, and what it saves again says the same. Run by `make test-office`."""

import io
import shutil
import subprocess
from pathlib import Path

import pytest
from openpyxl import load_workbook

from services.common.lists import list_tables
from services.common.lists.list_tables import XlsxTable
from services.nominations.forms.docx import render_docx
from services.nominations.forms.xlsx import render_xlsx
from tests.nominations.forms.every_form import FORMS, TABLES, blank, filled, words_of_docx
from tests.nominations.forms.sheets_again import sheet_words

KINDS = {"blank": blank, "filled": filled}
FILES = {f"{form}.{kind}.docx": (form, kind) for form in FORMS for kind in KINDS} | {
    f"{form}.{kind}.xlsx": (form, kind) for form in TABLES for kind in KINDS
}
LONG_LIST = "long list.xlsx"
WORDS = ["<&> \"'", " =1+1", "_x0041_", "第一行\n第二行", "喆垚犇龑祎", "0123"]


def long_list() -> bytes:
    """Its last word on a second sheet."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(list_tables, "MOST_ROWS", len(WORDS))
        writer = XlsxTable()
        return writer.begin("名单", ["名称", "件数"]) + writer.rows([[word, 1] for word in WORDS]) + writer.end()


@pytest.fixture(scope="session")
def saved_again(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One start of LibreOffice for each format, for all files."""
    office = shutil.which("soffice")
    assert office, "LibreOffice (soffice) is not installed"
    here, there = tmp_path_factory.mktemp("drawn"), tmp_path_factory.mktemp("saved")
    profile = tmp_path_factory.mktemp("profile").as_uri()
    for name, (form, kind) in FILES.items():
        render = render_docx if name.endswith("docx") else render_xlsx
        (here / name).write_bytes(render(KINDS[kind](form)))
    (here / LONG_LIST).write_bytes(long_list())
    for extension in ("docx", "xlsx"):
        asked = [office, f"-env:UserInstallation={profile}", "--headless", "--convert-to", extension, "--outdir", there]
        subprocess.run([*asked, *sorted(here.glob(f"*.{extension}"))], check=True, capture_output=True, timeout=300)
    return there


@pytest.mark.parametrize("name", FILES)
def test_it_opens_and_says_the_same_when_it_was_saved_again(saved_again, name):
    form, kind = FILES[name]
    again = (saved_again / name).read_bytes()
    if name.endswith("docx"):
        assert words_of_docx(again) == words_of_docx(render_docx(KINDS[kind](form)))
    else:
        assert sheet_words(again) == sheet_words(render_xlsx(KINDS[kind](form)))


def test_a_list_that_goes_on_in_a_second_sheet_opens_with_every_word(saved_again):
    book = load_workbook(io.BytesIO((saved_again / LONG_LIST).read_bytes()))
    assert {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book} == {
        "名单": [("名称", "件数"), *[(word, 1) for word in WORDS[:-1]]],
        "名单（2）": [("名称", "件数"), (WORDS[-1], 1)],
    }
