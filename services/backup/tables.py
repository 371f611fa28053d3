"""What a schema holds, asked of the database itself: tables in the order of their references, columns, sequences."""

from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Any

import asyncpg
from sqlalchemy import make_url

_TABLES = """
SELECT c.oid, c.relname AS name, array(
    SELECT a.attname::text FROM pg_attribute a
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY a.attnum
) AS columns
FROM pg_class c
WHERE c.relnamespace = $1::regnamespace AND c.relkind = 'r' AND c.relpersistence = 'p' AND c.relname <> 'alembic_version'
ORDER BY c.relname
"""
_REFERENCES = """
SELECT f.conrelid AS child, f.confrelid AS parent FROM pg_constraint f
WHERE f.contype = 'f' AND f.connamespace = $1::regnamespace AND f.conrelid <> f.confrelid
"""
_COUNTERS = """
SELECT a.attname::text AS column, pg_get_serial_sequence(format('%I.%I', $1::text, $2::text), a.attname) AS sequence
FROM pg_attribute a
WHERE a.attrelid = format('%I.%I', $1::text, $2::text)::regclass AND a.attnum > 0 AND NOT a.attisdropped
    AND pg_get_serial_sequence(format('%I.%I', $1::text, $2::text), a.attname) IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class Table:
    """One table and the columns that are copied. What a crash empties (UNLOGGED) is not among them."""

    schema: str
    name: str
    columns: tuple[str, ...]

    @property
    def file(self) -> str:
        return f"{self.schema}.{self.name}.copy"


async def connect(url: str) -> Any:
    """As the role that owns the schema."""
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return await asyncpg.connect(address, timeout=10)


async def tables_of(connection: Any, schema: str) -> list[Table]:
    """Those that others refer to come first."""
    rows = {row["oid"]: row for row in await connection.fetch(_TABLES, schema)}
    order: TopologicalSorter[int] = TopologicalSorter({oid: set() for oid in rows})
    for reference in await connection.fetch(_REFERENCES, schema):
        order.add(reference["child"], reference["parent"])
    return [
        Table(schema, rows[oid]["name"], tuple(rows[oid]["columns"])) for oid in order.static_order() if oid in rows
    ]


async def revision_of(connection: Any, schema: str) -> str:
    """Where the schema's migrations stand; empty where there are none yet."""
    if await connection.fetchval("SELECT to_regclass($1)", f"{schema}.alembic_version") is None:
        return ""
    return str(await connection.fetchval(f"SELECT version_num FROM {schema}.alembic_version"))  # noqa: S608


async def count(connection: Any, table: Table) -> int:
    return int(await connection.fetchval(f'SELECT count(*) FROM {table.schema}."{table.name}"'))  # noqa: S608


async def set_counters(connection: Any, table: Table) -> None:
    """Numbers that a table gives out go on after the highest that was restored."""
    for row in await connection.fetch(_COUNTERS, table.schema, table.name):
        highest = f'SELECT max("{row["column"]}") FROM {table.schema}."{table.name}"'  # noqa: S608
        await connection.execute(f"SELECT setval($1::regclass, coalesce(({highest}), 0) + 1, false)", row["sequence"])


async def count_changes_anew(connection: Any, schema: str) -> None:
    """Clients that keep copies start over: changes are numbered by transactions, and those were another server's."""
    if await connection.fetchval("SELECT to_regproc($1)", f"{schema}.count_changes_anew") is not None:
        await connection.execute(f"SELECT {schema}.count_changes_anew()")
