"""`xianjin conformance URL`: whether a server keeps the contract that it publishes, told by operation."""

import argparse
import sys
from pathlib import Path
from typing import Any

import httpx
import yaml

from services.conformance.given import PARTS, ContractUnreadable, Given

CAMPAIGN = "shanxi-manufacturing-2025"
_IN_THE_SANDBOX = {
    "unit_clerk": "wutai-clerk",
    "unit_head": "wutai-head",
    "nominee": "wutai-nominee",
    "county_officer": "wutai-office",
    "county_hrss": "wutai-hrss",
    "county_iit": "wutai-iit",
    "city_officer": "city-office",
    "city_hrss": "city-hrss",
    "city_iit": "city-iit",
    "system_admin": "admin",
    "audit_admin": "audit",
    "outsider": "dingxiang-clerk",
    "other_officer": "dingxiang-office",
}


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        "conformance", help="whether a server keeps its contract: journeys as every role, by operation"
    )
    parser.add_argument("url", help="such as http://127.0.0.1:8400; it reads URL/openapi.yaml")
    parser.add_argument(
        "--accounts", type=Path, help=f"YAML of {{username, password}} by {', '.join(PARTS)}; default: the sandbox's"
    )
    parser.add_argument("--campaign", default=CAMPAIGN)
    parser.add_argument("--json", type=Path, help="where to write the report for programs")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """0: every rule held; 1: some did not; 2: there is nothing to test there, or nothing to test it with."""
    try:
        from services.conformance.running import run as run_conformance  # noqa: PLC0415  needs what servers do without
    except ModuleNotFoundError as missing:
        print(f"pip install 'xianjin[conformance]': {missing.name}", file=sys.stderr)
        return 2
    with httpx.Client(base_url=options.url, timeout=60) as http:
        try:
            report = run_conformance(http, _given(http, options))
        except (ContractUnreadable, _NoAccounts) as reason:
            print(f"{options.url}: {reason}", file=sys.stderr)
            return 2
        except httpx.TransportError as error:
            print(f"{options.url} 没有应答 does not answer: {type(error).__name__}", file=sys.stderr)
            return 2
    print(report.as_text())
    if options.json:
        options.json.write_text(report.as_json(), encoding="utf-8")
    return 0 if report.passed else 1


class _NoAccounts(Exception):
    """Nobody to sign in as."""


def _given(http: httpx.Client, options: argparse.Namespace) -> Given:
    answer = http.get("/v1/sandbox")
    sandbox: dict[str, Any] = answer.json() if answer.status_code == 200 else {}
    if options.accounts:
        written = yaml.load(options.accounts.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        people = {part: (each["username"], each["password"]) for part, each in written.items()}
    elif sandbox:
        people = {part: (username, sandbox["password"]) for part, username in _IN_THE_SANDBOX.items()}
    else:
        raise _NoAccounts("不是沙箱，请用 --accounts 给出账号。Not a sandbox: name accounts with --accounts.")
    missing = [part for part in PARTS if part not in people]
    if missing:
        raise _NoAccounts(f"缺少账号 missing accounts: {', '.join(missing)}")
    return Given(
        campaign=options.campaign,
        accounts=people,
        wechat_url=sandbox.get("wechat_url", ""),
        appid=sandbox.get("appid", ""),
        is_sandbox=bool(sandbox),
    )
