"""`xianjin requirements`: writes docs/requirements.md from the tests, or checks that it says what they say.

A test holds a requirement when its name ends in the number (`…_r49`) or its docstring names it (R49). The words stand in
the campaign's own data.
"""

import argparse
import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from services.nominations.campaigns.campaign_files import read_yaml

_CAMPAIGN = Path("campaigns/shanxi-manufacturing-2025/requirements.yaml")
_PAGE = Path("docs/requirements.md")
_IN_NAME = re.compile(r"_r(\d{1,3})(?=_|$)")
_IN_TEXT = re.compile(r"\bR(\d{1,3})(?:–R?(\d{1,3}))?\b")
_HEAD = """# Requirements and the tests that hold them

Generated from the tests by `make openapi`; do not edit. Numbers and words are those of the clauses of 忻人社函〔2025〕7号.

| R | 原文 | tests |
|---|---|---|
"""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("requirements", help="write docs/requirements.md from the tests")
    parser.add_argument("--check", action="store_true", help="change nothing; fail when the page differs")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    page = requirements_page(Path("tests"))
    if not options.check:
        _PAGE.write_text(page, encoding="utf-8")
    elif not _PAGE.exists() or _PAGE.read_text(encoding="utf-8") != page:
        print(f"{_PAGE} does not say what the tests say. Run: make openapi")
        return 1
    return 0


def requirements_page(tests: Path) -> str:
    """The page: each requirement with its words and its tests, in the order of the notice."""
    held: dict[int, list[str]] = defaultdict(list)
    for path in sorted(tests.rglob("test_*.py")):
        for name, numbers in _tests_in(path):
            for number in numbers:
                held[number].append(f"{path.relative_to(tests).with_suffix('').as_posix()}::{name}")
    words: dict[str, str] = read_yaml(_CAMPAIGN)["requirements"]
    return _HEAD + "".join(_row(key, text, held.get(int(key[1:]), [])) for key, text in words.items())


def _tests_in(path: Path) -> Iterator[tuple[str, set[int]]]:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            numbers = {int(number) for number in _IN_NAME.findall(node.name)}
            for first, last in _IN_TEXT.findall(ast.get_docstring(node) or ""):
                numbers |= set(range(int(first), int(last or first) + 1))
            yield node.name, numbers


def _row(key: str, text: str, tests: list[str]) -> str:
    shown = "<br>".join(f"`{name}`" for name in tests) or "—"
    return f"| {key} | {text.replace('|', chr(92) + '|')} | {shown} |\n"
