"""`xianjin COMMAND` imports what the command needs, and nothing else."""

import argparse
import importlib
import subprocess
import sys

import pytest

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
