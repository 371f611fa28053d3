"""`xianjin errors`: writes docs/errors.md from the problem classes and the rules."""

import argparse
from pathlib import Path

from services.commands.openapi import built_services
from services.error_catalogue import error_page

PAGE = Path("docs/errors.md")


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("errors", help="write docs/errors.md from the code")
    parser.add_argument("--check", action="store_true", help="change nothing; fail when the page differs")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    built_services()  # imports every service, and so every problem
    text = error_page()
    current = PAGE.exists() and PAGE.read_text(encoding="utf-8") == text
    if not current and options.check:
        print("docs/errors.md is not what the code says. Run: make openapi")
        return 1
    if not current:
        PAGE.write_text(text, encoding="utf-8")
    return 0
