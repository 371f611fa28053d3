"""`xianjin COMMAND` imports what the command needs, and nothing else."""

import argparse
import importlib
import subprocess
import sys

import pytest

from services.__main__ import MODULES

IMPORTED = """
import sys
from services.__main__ import main
code = main(["verify", "no-such-package.zip"])
print(code, sorted({name for name in sys.modules if name.startswith(("services.auth", "services.nominations", "fastapi"))}))
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


def test_an_auditor_verifies_without_the_services():
    told = subprocess.run([sys.executable, "-c", IMPORTED], capture_output=True, text=True, check=True).stdout
    assert told.splitlines()[-1] == "1 []"
