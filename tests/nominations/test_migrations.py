"""The migrations make exactly what the tables say."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from services.nominations import procedure_tables
from services.nominations.settings import NominationsSettings


async def test_the_migrated_schema_is_that_of_the_tables(prepared: None) -> None:
    url = NominationsSettings().owners_database_url()
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        differences = await connection.run_sync(_differences)
    await engine.dispose()
    assert differences == []


def _differences(connection: Connection) -> list[object]:
    connection.dialect.default_schema_name = "public"  # the role's own default hides its schema from the comparison
    options = {
        "include_schemas": True,
        "compare_type": True,
        "version_table_schema": "nominations",
        "include_name": _is_ours,
    }
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), procedure_tables.Base.metadata))


def _is_ours(name: str | None, kind: str, _: object) -> bool:
    """The queue's tables are its library's; `pgqueuer` itself says whether they are what it needs."""
    if kind == "table":
        return not (name or "").startswith("pgqueuer")
    return kind != "schema" or name == "nominations"
