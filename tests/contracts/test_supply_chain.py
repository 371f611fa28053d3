"""What is shipped with the product: pinned by hash, under licences we may pass on, with patterns that cannot be made to hang."""

import importlib
import importlib.metadata
import pkgutil
import re
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

import services

LOCKS = (
    "requirements.lock",
    "bench/requirements.lock",
    "deploy/requirements.lock",
    "deploy/requirements-ocr.lock",
    "tests/s3/requirements.lock",
)
_ALLOWED = re.compile(
    r"\b(MIT|MIT-0|MIT-CMU|BSD|Apache|PSF|MPL|Mozilla|ISC|Zlib|OFL|Unlicense|CC0|HPND|Python Software Foundation|LGPL)",
    re.IGNORECASE,
)
_OTHER_SYSTEMS = {"colorama"}
"""Marked for another system in the lock, so not installed here."""
HOSTILE = (
    "a" * 5000, "1" * 5000, " " * 5000, "-" * 5000, "中" * 5000, "a1" * 2500, "\\" * 5000, '"' * 5000, "山西省" + "市" * 4000,
    "https://" + "a." * 2500, "0-" * 2500 + "x", "[" * 5000, "eyJ" + "a." * 2500, "Bearer " + "a" * 5000 + "\n",
)  # fmt: skip
_BUDGET_SECONDS = 0.2


def requirements(lock: str) -> list[str]:
    return re.findall(
        r"^([a-z0-9_.\[\]-]+==[^ \\]+.*?)(?=^\S|\Z)", Path(lock).read_text("utf-8"), re.MULTILINE | re.DOTALL
    )


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_by_hash(lock):
    assert [each.split()[0] for each in requirements(lock) if "--hash=sha256:" not in each] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_names_a_host(lock):
    assert "://" not in Path(lock).read_text("utf-8")


def licence_of(name: str) -> str:
    facts = importlib.metadata.metadata(name)
    classifiers = [each for each in facts.get_all("Classifier") or [] if each.startswith("License")]
    return " ".join([facts.get("License-Expression") or "", *classifiers, (facts.get("License") or "")[:60]])


def test_every_package_that_is_shipped_has_a_licence_that_we_may_pass_on():
    names = [each.split("==")[0] for each in requirements("deploy/requirements.lock")]
    installed = {each.metadata["Name"].lower().replace("_", "-") for each in importlib.metadata.distributions()}
    shipped = [name for name in names if name in installed and name not in _OTHER_SYSTEMS]
    assert [name for name in shipped if not _ALLOWED.search(licence_of(name))] == []


def own_modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(services.__path__, "services."):
        if ".migrations" not in found.name and not found.name.endswith("__main__"):
            yield importlib.import_module(found.name)


def patterns() -> set[str]:
    """Every pattern of the contract, of every campaign, and of our own code."""
    found: set[str] = set()

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            if isinstance(value.get("pattern"), str):
                found.add(value["pattern"])
            for each in value.values():
                walk(each)
        elif isinstance(value, re.Pattern) and isinstance(value.pattern, str):
            found.add(value.pattern)
        elif isinstance(value, list | tuple):
            for each in value:
                walk(each)

    campaigns = [path for path in Path("campaigns").rglob("*.yaml") if not path.name.endswith(".print.yaml")]
    for path in campaigns:
        walk(yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader))
    found |= {
        yaml.load(each, Loader=yaml.CSafeLoader)
        for each in re.findall(r"^ +pattern: (.+)$", Path("openapi/xianjin.yaml").read_text("utf-8"), re.MULTILINE)
    }
    for module in own_modules():
        walk(list(vars(module).values()))
    return found


def test_no_pattern_can_be_made_to_hang():
    slow = []
    for pattern in sorted(patterns()):
        compiled = re.compile(pattern)
        started = time.process_time()
        for text in HOSTILE:
            compiled.fullmatch(text)
            compiled.search(text[:1000])
        if time.process_time() - started > _BUDGET_SECONDS:
            slow.append(pattern)
    assert slow == []


def test_the_patterns_are_found():
    assert len(patterns()) >= 30
