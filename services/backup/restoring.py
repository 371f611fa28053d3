"""The way back: into empty schemas and any bucket, every file checked before it is read, every chain after."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from services.backup.saving import MANIFEST, OBJECTS, digest_of, file_of
from services.backup.tables import Table, connect, count, count_changes_anew, revision_of, set_counters, tables_of
from services.documents.object_store import ObjectStore
from services.evidence.chain import ChainedEvent, first_broken


class RestoreRefused(Exception):
    """Nothing was changed, and why."""


def read_manifest(backup: Path) -> dict[str, Any]:
    """Raises RestoreRefused for what is no backup, or is not what was saved: every file is hashed first."""
    path = backup / MANIFEST
    if not path.exists():
        raise RestoreRefused(f"没有 {MANIFEST}，备份不完整。No {MANIFEST}: the backup was not finished.")
    manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    wanted = {backup / name: facts["sha256"] for name, facts in manifest["files"].items()}
    wanted |= {backup.parent / OBJECTS / file_of(key): digest for key, digest in manifest["objects"].items()}
    damaged = [path.name for path, digest in wanted.items() if not path.exists() or digest_of(path) != digest]
    if damaged:
        raise RestoreRefused(f"备份文件缺失或被改动。Missing or changed: {', '.join(sorted(damaged)[:20])}")
    return manifest


async def restore(backup: Path, urls: Mapping[str, str], store: ObjectStore) -> dict[str, int]:
    """Gives the rows restored by schema. One transaction a schema. Raises RestoreRefused.

    Triggers of our own are off meanwhile: tallies and chains come as they were, and are not made anew.
    """
    manifest = read_manifest(backup)
    restored = {schema: await _restore_schema(backup, manifest, schema, url) for schema, url in urls.items()}
    for key in manifest["objects"]:
        content = (backup.parent / OBJECTS / file_of(key)).read_bytes()
        await store.put(key, content, media_type="application/octet-stream")
    return restored


async def _restore_schema(backup: Path, manifest: Mapping[str, Any], schema: str, url: str) -> int:
    connection = await connect(url)
    try:
        revision = await revision_of(connection, schema)
        if revision != manifest["revisions"][schema]:
            saved = manifest["revisions"][schema]
            raise RestoreRefused(
                f"{schema}: 结构版本不同 the backup is of revision {saved}, the database of {revision}"
            )
        async with connection.transaction():
            tables = await tables_of(connection, schema)
            for table in tables:
                await connection.execute(f'LOCK TABLE {schema}."{table.name}" IN ACCESS EXCLUSIVE MODE')
                if await count(connection, table):
                    raise RestoreRefused(f"{schema}.{table.name} 不是空表 is not empty: restore into a new database")
            rows = sum([await _load(connection, backup, manifest, table) for table in tables])
            await count_changes_anew(connection, schema)
            return rows
    finally:
        await connection.close()


async def _load(connection: Any, backup: Path, manifest: Mapping[str, Any], table: Table) -> int:
    facts = manifest["files"].get(table.file)
    if facts is None:
        return 0
    name = f'{table.schema}."{table.name}"'
    await connection.execute(f"ALTER TABLE {name} DISABLE TRIGGER USER")
    with (backup / table.file).open("rb") as source:
        await connection.copy_to_table(table.name, schema_name=table.schema, columns=facts["columns"], source=source)
    await connection.execute(f"ALTER TABLE {name} ENABLE TRIGGER USER")
    await set_counters(connection, table)
    rows = await count(connection, table)
    if rows != facts["rows"]:
        raise RestoreRefused(f"{table.file}: {rows} rows, not {facts['rows']}")
    return rows


_EVENTS = """
SELECT nomination_id, sequence, previous_hash, canonical, hash FROM nominations.nomination_events
ORDER BY nomination_id, sequence
"""


async def broken_cases(url: str) -> list[str]:
    """The cases whose chain of events does not hold, in the database as it now is. One history at a time is in memory."""
    broken: list[str] = []
    case, events = "", list[ChainedEvent]()
    connection = await connect(url)
    try:
        async with connection.transaction():
            async for row in connection.cursor(_EVENTS):
                if str(row["nomination_id"]) != case:
                    broken += [case] if first_broken(events) is not None else []
                    case, events = str(row["nomination_id"]), []
                events.append(ChainedEvent(row["sequence"], row["previous_hash"], bytes(row["canonical"]), row["hash"]))
    finally:
        await connection.close()
    return broken + ([case] if first_broken(events) is not None else [])
