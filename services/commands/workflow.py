"""`xianjin workflow`: writes docs/workflow.md from the transition table."""

import argparse
from pathlib import Path

from services.nominations.workflow_page import workflow_page

PAGE = Path("docs/workflow.md")


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("workflow", help="write docs/workflow.md from the transition table")
    parser.add_argument("--check", action="store_true", help="change nothing; fail when the page differs")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    text = workflow_page()
    current = PAGE.exists() and PAGE.read_text(encoding="utf-8") == text
    if not current and options.check:
        print("docs/workflow.md is not what the transition table says. Run: make openapi")
        return 1
    if not current:
        PAGE.write_text(text, encoding="utf-8")
    return 0
