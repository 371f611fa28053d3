"""`xianjin audiences`: writes docs/audiences.md, who may call each route, or checks that it is what the code says."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from services.commands.openapi import built_services
from services.contract import contract_of

PAGE = Path("docs/audiences.md")
_HEAD = """# Who may call each route

Generated from the code by `make openapi`; do not edit. The contract carries the same as `x-audience`.

`public`: without signing in. `signed_in`: every person, for their own affairs. Other words are roles; whoever holds none of them
is refused, and rows outside the named ones do not exist for the caller (404). `系统` with a scope: a body's own system with that
scope gets in too, to the rows of its body; without a scope none does. Data is the highest class in the answer:
P0 public, P1 internal, P2 personal, P3 sensitive. Answers of class P2 show identity numbers masked.
"""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("audiences", help="write docs/audiences.md: who may call each route")
    parser.add_argument("--check", action="store_true", help="change nothing; fail when the page differs")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    page = audiences_page()
    if not options.check:
        PAGE.write_text(page, encoding="utf-8")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page:
        print(f"{PAGE} does not say what the code says. Run: make openapi")
        return 1
    return 0


def audiences_page() -> str:
    """One table for each service, in the order of the addresses."""
    parts = [_HEAD]
    for name, service in built_services().items():
        rows = [
            _row(method, path, operation)
            for path, item in sorted(contract_of(service)["paths"].items())
            for method, operation in item.items()
        ]
        parts.append(f"\n## {name}\n\n| route | who | rows | data |\n|---|---|---|---|\n" + "".join(rows))
    return "".join(parts)


def _row(method: str, path: str, operation: Mapping[str, Any]) -> str:
    audience = operation.get("x-audience", {"roles": [], "rows": "", "data_class": ""})
    who = "、".join([*audience["roles"], *(f"系统 `{scope}`" for scope in [audience.get("scope")] if scope)])
    return f"| `{method.upper()} {path}` | {who} | {audience['rows']} | {audience['data_class']} |\n"
