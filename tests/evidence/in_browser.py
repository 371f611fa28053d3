"""The page's own check in a real browser, by its WebCrypto, from a file and without a network. Run by `make test-office`."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from services.evidence.seals import encoded
from tests.evidence.bags_of_tests import bag, files_of, zipped

WHOLE = bag()
FILES = files_of(WHOLE)
EVENTS = "data/cases/case-1/events.jsonl"
BAGS = {
    "whole": (WHOLE, []),
    "changed": (zipped(FILES | {EVENTS: b"x"}), [EVENTS]),
    "missing": (zipped({name: content for name, content in FILES.items() if name != EVENTS}), [EVENTS]),
    "added": (zipped(FILES | {"data/extra.txt": b""}), ["data/extra.txt"]),
}
HARNESS = """
<!doctype html><meta charset="utf-8"><title>…</title><pre id="told"></pre>
<script>VERIFIER</script>
<script>
const coded = FILES;
const files = new Map(Object.entries(coded).map(([name, text]) => [name, unbase64(text)]));
verifyBag(files).then(
  (found) => { document.getElementById("told").textContent = JSON.stringify(found.faults.map((each) => each.split(":")[0])); },
  (error) => { document.getElementById("told").textContent = JSON.stringify([String(error)]); },
);
</script>
"""


@pytest.mark.parametrize("name", BAGS)
def test_the_browser_finds_what_the_command_finds(name, tmp_path):
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    assert browser, "Chromium is not installed"
    content, faults = BAGS[name]
    told = told_by(browser, tmp_path, content)
    assert told[:1] == faults


def told_by(browser: str, folder: Path, content: bytes) -> list[str]:
    coded = json.dumps({name: encoded(each) for name, each in files_of(content).items()})
    verifier = Path("services/evidence/verify.js").read_text(encoding="utf-8")
    page = folder / "check.html"
    page.write_text(HARNESS.replace("VERIFIER", verifier).replace("FILES", coded, 1), encoding="utf-8")
    asked = [browser, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/profile"]
    asked += ["--virtual-time-budget=20000", "--dump-dom", page.as_uri()]
    shown = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=120).stdout
    told: list[str] = json.loads(shown.partition('<pre id="told">')[2].partition("</pre>")[0])
    return told
