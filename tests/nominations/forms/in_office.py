"""Every DOCX and XLSX opens in LibreOffice, and what it saves again says the same. Run by `make test-office`."""

import shutil
import subprocess
from pathlib import Path

import pytest

from services.nominations.forms.docx import render_docx
from services.nominations.forms.xlsx import render_xlsx
from tests.nominations.forms.every_form import FORMS, TABLES, blank, filled, words_of_docx
from tests.nominations.forms.sheets_again import sheet_words

KINDS = {"blank": blank, "filled": filled}
FILES = {f"{form}.{kind}.docx": (form, kind) for form in FORMS for kind in KINDS} | {
    f"{form}.{kind}.xlsx": (form, kind) for form in TABLES for kind in KINDS
}


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
