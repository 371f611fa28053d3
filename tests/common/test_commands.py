"""`xianjin COMMAND` imports what the command needs, and nothing else."""

import argparse
import importlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from services.__main__ import MODULES

IMPORTED = """
import importlib, sys
from services.__main__ import main
{}
print(sorted({{name for name in sys.modules if name.startswith({})}}))
"""


@pytest.mark.parametrize("name", MODULES)
def test_a_command_stands_in_the_module_that_is_imported_for_it(name):
    commands = argparse.ArgumentParser().add_subparsers()
    importlib.import_module(f"services.commands.{MODULES[name]}").add_to(commands)
    assert name in commands.choices


def test_no_module_adds_a_command_that_is_not_listed():
    commands = argparse.ArgumentParser().add_subparsers()
    for module in dict.fromkeys(MODULES.values()):
        importlib.import_module(f"services.commands.{module}").add_to(commands)
    assert list(commands.choices) == list(MODULES)


def imported_by(line: str, among: tuple[str, ...]) -> str:
    """What a process of its own has imported after that line."""
    program = IMPORTED.format(line, among)
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.splitlines()[-1]


def test_an_auditor_verifies_without_the_services():
    among = ("services.auth", "services.nominations", "fastapi")
    assert imported_by('assert main(["verify", "no-such-package.zip"]) == 1', among) == "[]"


def test_the_embedded_servers_are_started_before_the_services_are_read():
    among = ("services.app", "services.auth", "services.documents", "services.nominations")
    assert imported_by('importlib.import_module("services.commands.serve")', among) == "[]"


PAGES = (
    *Path("docs").glob("*.md"),
    Path("README.md"),
    Path("CONTRIBUTING.md"),
    *(path for path in Path("deploy").rglob("*") if path.is_file()),
)
TOLD = re.compile(r"(?:xianjin|-m services) ([a-z][a-z-]*)((?: +[^\s`#|;&]+)*)")


def options_of(parser: argparse.ArgumentParser) -> set[str]:
    return {option for action in parser._actions for option in action.option_strings}


def parser_of(command: str, rest: list[str]) -> argparse.ArgumentParser:
    """Of the deed, where the command has several. Raises KeyError for a command or deed that is not there."""
    commands = argparse.ArgumentParser().add_subparsers()
    importlib.import_module(f"services.commands.{MODULES[command]}").add_to(commands)
    parser = commands.choices[command]
    deeds = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    given = [word for word in rest if re.fullmatch(r"[a-z][a-z-]*", word)]
    return deeds[0].choices[given[0]] if deeds and given else parser


def test_every_command_that_a_page_names_exists_with_its_options():
    told = [
        (str(path), command, rest.split())
        for path in PAGES
        for command, rest in TOLD.findall(path.read_text("utf-8"))
        if command in MODULES or path.suffix == ".md"
    ]
    lost = []
    for path, command, rest in told:
        try:
            known = options_of(parser_of(command, rest))
        except KeyError as missing:
            lost.append((path, command, str(missing)))
        else:
            named = [word.lstrip("[").rstrip("].,:)") for word in rest if word.lstrip("[").startswith("--")]
            lost += [(path, command, option) for option in named if option not in known]
    assert (len(told) > 30, lost) == (True, [])


def test_every_command_of_a_container_exists():
    compose = yaml.load(Path("deploy/compose.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)["services"].values()
    given = [service["command"] for service in compose if service["image"].startswith("xianjin")]
    given += [
        json.loads(line)
        for path in Path("deploy/kubernetes").glob("*.yaml")
        for line in re.findall(r"args: (\[.*\])", path.read_text("utf-8"))
    ]
    assert len(given) > 8
    for command, *rest in given:
        assert {word for word in rest if word.startswith("--")} <= options_of(parser_of(command, rest)), command
