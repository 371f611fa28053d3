"""`xianjin verify`: checks case files and packages from nothing but themselves. No database, no network."""

import argparse
import sys
from pathlib import Path

from services.evidence.containers import ContainerBroken, opened
from services.evidence.seals import decoded, key_id_of
from services.evidence.verifying import verify


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("verify", help="check a case file or package (ZIP or unpacked folder), offline")
    parser.add_argument("bags", nargs="+", type=Path, metavar="BUNDLE")
    parser.add_argument(
        "--key",
        action="append",
        default=[],
        metavar="BASE64",
        help="a public key that you trust, as GET /v1/evidence-keys shows it; without one the bundle's own key is taken",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    keys = [decoded(text) for text in options.key]
    if any(len(key) != 32 for key in keys):
        print("--key: 不是32字节的base64公钥 is no public key of 32 bytes in base64", file=sys.stderr)
        return 2
    trusted = {key_id_of(key): key for key in keys} if keys else None
    verdicts = [_told(path, trusted) for path in options.bags]
    return 0 if all(verdicts) else 1


def _told(path: Path, trusted: dict[str, bytes] | None) -> bool:
    try:
        verdict = verify(opened(path), trusted=trusted)
    except ContainerBroken as error:
        print(f"{path}: 打不开 cannot be opened: {error}")
        return False
    for fault in verdict.faults:
        print(f"{path}: {fault}")
    if not verdict.faults:
        compared = (
            "已与信任的密钥核对 trusted" if trusted else "请与主办单位公布的密钥核对 compare it with the published one"
        )
        print(
            f"{path}: 核验通过 whole: {verdict.files} files, {verdict.cases} cases, key {verdict.key_id}（{compared}）"
        )
    return not verdict.faults
