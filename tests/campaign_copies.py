"""Campaigns of the tests: the notice under another key, with as many seats as a test needs."""

import re
import shutil
from pathlib import Path

CAMPAIGNS = Path("campaigns")
NOTICE = "shanxi-manufacturing-2025"


def copy_of_notice(folder: Path, key: str, *, seats: int) -> None:
    """Adds the copy to a folder of campaigns, with so many seats in every quota unit and category."""
    # Its bodies are those of the notice itself, which lies in the same folder.
    shutil.copytree(CAMPAIGNS / NOTICE, folder / key, ignore=shutil.ignore_patterns("organisations.yaml"))
    rules = folder / key / "campaign.yaml"
    rules.write_text(rules.read_text("utf-8").replace(f"key: {NOTICE}", f"key: {key}", 1), "utf-8")
    quotas = folder / key / "quotas.csv"
    counted = re.sub(r",\d+,\d+$", f",{seats},{seats}", quotas.read_text("utf-8"), flags=re.MULTILINE)
    quotas.write_text(counted, "utf-8")
