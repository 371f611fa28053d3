"""A backup is taken: all three schemas as of one moment, then every object that they name.

Objects never change, so one that lies in the folder already is not fetched again; a backup costs what came since the last.
No key is in it: without the keys of the settings, sealed objects and identity numbers stay sealed.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from services import VERSION
from services.backup.tables import connect, revision_of, tables_of
from services.documents.object_store import ObjectMissingError, ObjectStore

MANIFEST = "manifest.json"
OBJECTS = "objects"


class BackupIncomplete(Exception):
    """Objects that the database names are not in the store."""


async def save(folder: Path, urls: Mapping[str, str], store: ObjectStore) -> Path:
    """`urls` by schema, as owner. Gives the folder of this backup. Raises BackupIncomplete naming what is missing.

    The manifest is written last: a folder without one is no backup.
    """
    _make_private(folder)
    taken_at = datetime.now(UTC)
    own = folder / taken_at.strftime("%Y%m%dT%H%M%SZ")
    _make_private(own)
    files: dict[str, Any] = {}
    async with AsyncExitStack() as stack:
        connections = await _at_one_moment(stack, urls)
        revisions = {schema: await revision_of(each, schema) for schema, each in connections.items()}
        for schema, connection in connections.items():
            for table in await tables_of(connection, schema):
                path = own / table.file
                with _private(path) as output:
                    done = await connection.copy_from_table(
                        table.name, schema_name=schema, columns=table.columns, output=output
                    )
                files[table.file] = {
                    "rows": int(done.split()[-1]),
                    "columns": table.columns,
                    "sha256": digest_of(path),
                }
        keys = [row["object_key"] for row in await connections["documents"].fetch(_KEYS)]
    objects = await _fetch(folder / OBJECTS, keys, store)
    manifest = {
        "xianjin": VERSION,
        "taken_at": taken_at.isoformat(),
        "revisions": revisions,
        "files": files,
        "objects": objects,
    }
    with _private(own / MANIFEST) as output:
        output.write(json.dumps(manifest, indent=1, sort_keys=True).encode())
    return own


_KEYS = "SELECT object_key FROM documents.stored_objects ORDER BY object_key"


async def _at_one_moment(stack: AsyncExitStack, urls: Mapping[str, str]) -> dict[str, Any]:
    """One connection for each schema, all of them looking at the same snapshot."""
    connections: dict[str, Any] = {}
    snapshot = ""
    for schema, url in urls.items():
        connection = connections[schema] = await connect(url)
        stack.push_async_callback(connection.close)
        transaction = connection.transaction(isolation="repeatable_read", readonly=True)
        await transaction.start()
        stack.push_async_callback(transaction.rollback)
        if snapshot:
            await connection.execute(f"SET TRANSACTION SNAPSHOT '{snapshot}'")
        else:
            snapshot = await connection.fetchval("SELECT pg_export_snapshot()")
    return connections


async def _fetch(folder: Path, keys: list[str], store: ObjectStore) -> dict[str, str]:
    _make_private(folder)
    digests: dict[str, str] = {}
    missing = []
    for key in keys:
        path = folder / file_of(key)
        if not path.exists():
            try:
                content = await store.get(key)
            except ObjectMissingError:
                missing.append(key)
                continue
            with _private(path.with_suffix(".part")) as output:
                output.write(content)
            path.with_suffix(".part").rename(path)
        digests[key] = digest_of(path)
    if missing:
        raise BackupIncomplete(", ".join(missing))
    return digests


def file_of(key: str) -> str:
    """A flat name: keys hold slashes."""
    return hashlib.sha256(key.encode()).hexdigest()


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _make_private(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _private(path: Path) -> Any:
    """A file that only its owner reads: it holds what the database holds."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
