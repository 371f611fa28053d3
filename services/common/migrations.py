"""Alembic for one service: its own history, its own schema, run as the role that owns the schema."""

import asyncio
from pathlib import Path
from typing import Any

from alembic import command, context
from alembic.config import Config
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

LOCK_PATIENCE = "5s"


def upgrade(*, service: str, url: str, to: str = "head") -> None:
    """Brings the schema of `service` to its newest version. Safe to run twice, and from two machines at once."""
    config = Config()
    folder = Path(__file__).parent.parent / service / "migrations"
    config.set_main_option("script_location", str(folder))
    config.attributes["url"] = url
    command.upgrade(config, to)


def run_in_environment(metadata: MetaData, *, schema: str) -> None:
    """The body of a service's `migrations/env.py`."""
    asyncio.run(_migrate(metadata, schema=schema, url=context.config.attributes["url"]))


async def _migrate(metadata: MetaData, *, schema: str, url: str) -> None:
    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(_run, metadata, schema)
        await connection.commit()
    await engine.dispose()


def _run(connection: Connection, metadata: MetaData, schema: str) -> None:
    # Two replicas that start together migrate one after the other.
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:schema))"), {"schema": f"migrate {schema}"})
    # A migration that waits for a lock makes everybody behind it wait too: it gives up, and is run again at a quieter moment.
    connection.execute(text("SELECT set_config('lock_timeout', :patience, true)"), {"patience": LOCK_PATIENCE})
    options: dict[str, Any] = {"version_table_schema": schema, "include_schemas": True}
    context.configure(connection=connection, target_metadata=metadata, transaction_per_migration=False, **options)
    with context.begin_transaction():
        context.run_migrations()
