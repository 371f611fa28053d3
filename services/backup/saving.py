"""A backup is taken: all three schemas as of one moment, then every object that they name.

Objects never change, so one that lies in the folder already is not fetched again; a backup costs what came since the last.
But disks decay: each is proven by the SHA-256 that the database has of what was uploaded, and fetched again when it is not that.
No key is in it: without the keys of the settings, sealed objects and identity numbers stay sealed.
"""

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from services import VERSION
from services.backup.tables import connect, revision_of, tables_of
from services.documents.encryption import ObjectCipher, SealBrokenError
from services.documents.keeping_objects import proven
from services.documents.object_store import ObjectMissingError, ObjectStore
from services.documents.tables import StoredObjectRow

MANIFEST = "manifest.json"
OBJECTS = "objects"


class BackupIncomplete(Exception):
    """Objects that the database names are not in the store."""


@dataclass(slots=True)
class _Objects:
    """What became of the objects: digests by key of the bytes as they lie in the folder."""

    digests: dict[str, str] = field(default_factory=dict)
    fetched_again: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Saved:
    """One backup; of objects their keys."""

    folder: Path
    fetched_again: tuple[str, ...]
    """They had decayed in the folder."""
    damaged: tuple[str, ...]
    """Neither the store nor the folder has them as they were uploaded, or no key of the settings opens them."""


async def save(folder: Path, urls: Mapping[str, str], store: ObjectStore, cipher: ObjectCipher) -> Saved:
    """`urls` by schema, as owner. Raises BackupIncomplete naming what is missing.

    The manifest is written last: a folder without one is no backup. What is damaged in the store is saved as it is.
    """
    _make_private(folder)
    taken_at = datetime.now(UTC)
    own = folder / taken_at.strftime("%Y%m%dT%H%M%S.%fZ")  # two of one second are two
    own.mkdir(mode=0o700)
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
        rows = [StoredObjectRow(**row) for row in await connections["documents"].fetch(_OBJECTS)]
    objects = await _keep(folder / OBJECTS, rows, store, cipher)
    manifest = {
        "xianjin": VERSION,
        "taken_at": taken_at.isoformat(),
        "revisions": revisions,
        "files": files,
        "objects": objects.digests,
    }
    with _private(own / MANIFEST) as output:
        output.write(json.dumps(manifest, indent=1, sort_keys=True).encode())
    return Saved(own, tuple(objects.fetched_again), tuple(objects.damaged))


_OBJECTS = "SELECT object_key, sha256, key_id, wrapped_key FROM documents.stored_objects ORDER BY object_key"


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


async def _keep(folder: Path, rows: Sequence[StoredObjectRow], store: ObjectStore, cipher: ObjectCipher) -> _Objects:
    _make_private(folder)
    kept = _Objects()
    missing = []
    for row in rows:
        path = folder / file_of(row.object_key)
        held = path.exists()
        if not held or not _is_whole(cipher, row, path.read_bytes()):
            try:
                content = await store.get(row.object_key)
            except ObjectMissingError:
                missing.append(row.object_key)
                continue
            whole = _is_whole(cipher, row, content)
            if whole or not held:  # what proves nothing replaces nothing
                _put(path, content)
            if not whole:
                kept.damaged.append(row.object_key)
            elif held:
                kept.fetched_again.append(row.object_key)
        kept.digests[row.object_key] = digest_of(path)
    if missing:
        raise BackupIncomplete(", ".join(missing))
    return kept


def _is_whole(cipher: ObjectCipher, row: StoredObjectRow, stored: bytes) -> bool:
    try:
        proven(cipher, row, stored)
    except SealBrokenError:
        return False
    return True


def _put(path: Path, content: bytes) -> None:
    """All of it or nothing of it, whatever breaks in between."""
    with _private(path.with_suffix(".part")) as output:
        output.write(content)
    path.with_suffix(".part").rename(path)


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
