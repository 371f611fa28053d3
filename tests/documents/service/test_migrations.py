"""The migrations make exactly what the tables say."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from services.documents.settings import DocumentsSettings
from services.documents.tables import DocumentsTable


async def test_the_migrated_schema_is_that_of_the_tables(settings: DocumentsSettings) -> None:
    engine = create_async_engine(settings.owners_database_url())
    async with engine.connect() as connection:
        differences = await connection.run_sync(_differences)
    await engine.dispose()
    assert differences == []


def _differences(connection: Connection) -> list[object]:
    connection.dialect.default_schema_name = "public"  # the role's own default hides its schema from the comparison
    options = {
        "include_schemas": True,
        "compare_type": True,
        "version_table_schema": "documents",
        "include_name": lambda name, kind, _: kind != "schema" or name == "documents",
    }
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), DocumentsTable.metadata))
