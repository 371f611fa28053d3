"""Every line of docs/security.md is held by tests that exist."""

import re
from pathlib import Path


def test_every_test_that_the_security_page_names_exists():
    page = Path("docs/security.md").read_text("utf-8")
    exist = {
        name for path in Path("tests").rglob("*.py") for name in re.findall(r"def (test_\w+)", path.read_text("utf-8"))
    }
    assert set(re.findall(r"`(test_\w+)`", page)) - exist == set()


def test_every_threat_names_what_holds_it():
    table = Path("docs/security.md").read_text("utf-8").partition("## Threats")[2].partition("\n## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("|") and not line.startswith(("|-", "| threat"))]
    assert [row for row in rows if "`test_" not in row] == []
