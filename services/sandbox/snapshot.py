"""What the sandbox begins with, kept beside it in the same database, and put back in one transaction.

Connections stay open and requests wait for a moment: nothing has to be started again. Only the superuser of the sandbox's
own database may do this; no service has such a role.
"""

from typing import Any

import asyncpg

from services.backup.tables import count_changes_anew, tables_of

_SCHEMAS = ("auth", "documents", "nominations")
_KEPT = "sandbox"
_STAY = ("alembic_version", "pgqueuer_schedules")
"""Where the migrations stand, and what the running workers do every morning."""
_ALL = """
SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
WHERE schemaname = ANY($1) AND tablename <> ALL($2) ORDER BY 1
"""
_TRIES = 3


async def keep(url: str) -> None:
    """Copies every row there is. `url` is the superuser's, of the services' database."""
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction():
            await connection.execute(f"DROP SCHEMA IF EXISTS {_KEPT} CASCADE")
            await connection.execute(f"CREATE SCHEMA {_KEPT}")
            for schema in _SCHEMAS:
                for table in await tables_of(connection, schema):
                    if table.name not in _STAY:
                        source = f'{schema}."{table.name}"'
                        await connection.execute(f'CREATE UNLOGGED TABLE {_KEPT}."{table.file}" AS TABLE {source}')
    finally:
        await connection.close()


async def bring_back(url: str) -> None:
    """Everything since is gone, counters excepted: a number that was given out is not given out again."""
    connection = await asyncpg.connect(url)
    try:
        for tried in range(1, _TRIES + 1):
            try:
                async with connection.transaction():
                    await _bring_back(connection)
                    return
            except (asyncpg.DeadlockDetectedError, asyncpg.LockNotAvailableError):
                if tried == _TRIES:
                    raise
    finally:
        await connection.close()


async def _bring_back(connection: Any) -> None:
    # Triggers of our own and references are off: rows come as they were, and the history may be emptied.
    await connection.execute("SET LOCAL session_replication_role = replica; SET LOCAL lock_timeout = '5s'")
    tables = [row[0] for row in await connection.fetch(_ALL, list(_SCHEMAS), list(_STAY))]
    await connection.execute(f"LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE")
    # Not TRUNCATE: it writes new files for every table and index, a hundred times what a sandbox's few rows cost.
    await connection.execute("; ".join(f"DELETE FROM {table}" for table in tables))  # noqa: S608
    for schema in _SCHEMAS:
        for table in await tables_of(connection, schema):
            if table.name not in _STAY:
                columns = ", ".join(f'"{column}"' for column in table.columns)
                kept = f'{_KEPT}."{table.file}"'
                await connection.execute(
                    f'INSERT INTO {schema}."{table.name}" ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM {kept}'  # noqa: S608
                )
        await count_changes_anew(connection, schema)
