"""`xianjin openapi`: writes the contract to openapi/, or checks that it is what the code says."""

import argparse
import base64
import json
import os
from pathlib import Path

from fastapi import FastAPI

from services import CONTRACT_VERSION, SERVICES
from services.app import create_services
from services.contract import Document, contract_of, merge, to_yaml
from services.contract_older import twin_of
from services.contract_promises import VERSION, broken, lines_of, version_owed

FOLDER = Path("openapi")
RELEASED = FOLDER / "released.txt"
"""What the last release promised."""
_KEY = base64.b64encode(bytes(32)).decode()
_ENVIRONMENT = {
    "XIANJIN_MODE": "embedded",
    **{f"{service.upper()}_DATABASE_URL": "postgresql+asyncpg://nobody@localhost/nothing" for service in SERVICES},
    "AUTH_KEY_ENCRYPTION_KEY": _KEY,
    "AUTH_SERVICE_CLIENTS": json.dumps({}),
    "AUTH_WECHAT_APPS": json.dumps({}),
    "DOCUMENTS_OBJECT_ENCRYPTION_KEY": _KEY,
    "DOCUMENTS_LINK_SIGNING_KEY": _KEY,
    "DOCUMENTS_S3_ENDPOINT": "localhost:1",
    "DOCUMENTS_S3_ACCESS_KEY": "none",
    "DOCUMENTS_S3_SECRET_KEY": "none",
    "DOCUMENTS_CLIENT_SECRET": "none",
    "NOMINATIONS_FIELD_ENCRYPTION_KEY": _KEY,
    "NOMINATIONS_BLIND_INDEX_KEY": _KEY,
    "NOMINATIONS_EVIDENCE_SIGNING_KEY": _KEY,
    "NOMINATIONS_CLIENT_SECRET": "none",
}


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("openapi", help="write openapi/*.yaml from the code")
    parser.add_argument("--check", action="store_true", help="change nothing; fail when the files differ")
    parser.add_argument("--release", action="store_true", help="write down what this release promises")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    stale = [
        name for name, text in contracts().items() if not _is_current(FOLDER / name, text, write=not options.check)
    ]
    if options.check and stale:
        print(f"openapi/ does not say what the code does: {', '.join(stale)}. Run: make openapi")
        return 1
    promises = lines_of(merged())
    owed = version_owed(CONTRACT_VERSION, set(RELEASED.read_text(encoding="utf-8").splitlines()), promises)
    if owed:
        print(f"The contract has changed since the last release: raise CONTRACT_VERSION to {owed}")
        return 1
    if options.release:
        lines = sorted(promises | {f"{VERSION} {CONTRACT_VERSION}"})
        RELEASED.write_text("\n".join(lines) + "\n", encoding="utf-8")
    breaks = broken(set(RELEASED.read_text(encoding="utf-8").splitlines()), promises)
    if breaks:
        print(
            "This breaks clients of the last release. New version, 12 months of both, then: xianjin openapi --release"
        )
        print("\n".join(breaks))
    return 1 if breaks else 0


def contracts() -> dict[str, str]:
    """File name → text."""
    documents = {f"{name}.yaml": contract_of(service) for name, service in built_services().items()}
    documents["xianjin.yaml"] = merge(documents.values())
    twins = {name.replace(".yaml", "-3.0.yaml"): twin_of(document) for name, document in documents.items()}
    return {name: to_yaml(document) for name, document in (documents | twins).items()}


def merged() -> Document:
    """The merged contract."""
    return merge(contract_of(service) for service in built_services().values())


def built_services() -> dict[str, FastAPI]:
    """By name. Nothing is connected to: an application is built, asked and dropped."""
    kept = dict(os.environ)
    os.environ.update(_ENVIRONMENT)
    try:
        return create_services(only=None, in_process=_nowhere)
    finally:
        os.environ.clear()
        os.environ.update(kept)


async def _nowhere(*_: object) -> None:
    """Stands for the other services while contracts are written; no request ever reaches it."""


def _is_current(path: Path, text: str, *, write: bool) -> bool:
    current = path.exists() and path.read_text(encoding="utf-8") == text
    if write and not current:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return current
