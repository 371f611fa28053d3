from pathlib import Path
from typing import Any

import pytest
import yaml

from services.documents.domain.photo_profile import PhotoProfile, parse_photo_profiles

RULES = Path(__file__).parents[2] / "campaigns" / "shanxi-manufacturing-2025" / "documents.yaml"


@pytest.fixture(scope="session")
def rules() -> dict[str, Any]:
    """The campaign's own file: the tests hold the rules that people will meet."""
    return yaml.load(RULES.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


@pytest.fixture(scope="session")
def profile(rules: dict[str, Any]) -> PhotoProfile:
    return parse_photo_profiles(rules["photo_profiles"])["two_inch_blue"]
