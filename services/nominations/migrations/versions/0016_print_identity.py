"""Prints of final forms, and the sealed scans that show them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.schema import SchemaItem

revision = "0016"
down_revision = "0014"
branch_labels = None
depends_on = None

SCHEMA = "nominations"
_INSTANT = sa.DateTime(timezone=True)
_TABLES = ("form_prints", "sealed_scans")
_SUBJECTS = {"nomination_id": "nominations", "report_id": "county_reports", "list_id": "city_lists"}
_ONE_SUBJECT = "num_nonnulls(nomination_id, report_id, list_id) = 1"


def _subject(table: str) -> list[SchemaItem]:
    """Columns and keys of what a row is about."""
    columns = [sa.Column(column, sa.Uuid(), nullable=True) for column in _SUBJECTS]
    keys = [
        sa.ForeignKeyConstraint([column], [f"{SCHEMA}.{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))
        for column, other in _SUBJECTS.items()
    ]
    return [*columns, *keys, sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))]


def upgrade() -> None:
    op.create_table(
        "form_prints",
        sa.Column("id", sa.Uuid(), nullable=False),
        *_subject("form_prints"),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("printed_by", sa.Uuid(), nullable=False),
        sa.Column("printed_by_name", sa.Text(), nullable=False),
        sa.Column("printed_at", _INSTANT, nullable=False),
        sa.CheckConstraint(_ONE_SUBJECT, name="a_print_is_about_one_thing"),
        sa.CheckConstraint("content_hash ~ '^[0-9a-f]{64}$'", name="prints_have_a_sha256"),
        schema=SCHEMA,
    )
    op.create_table(
        "sealed_scans",
        sa.Column("id", sa.Uuid(), nullable=False),
        *_subject("sealed_scans"),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=True),
        sa.Column("print_id", sa.Uuid(), nullable=True),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("noted_by", sa.Uuid(), nullable=False),
        sa.Column("noted_by_name", sa.Text(), nullable=False),
        sa.Column("noted_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["print_id"], [f"{SCHEMA}.form_prints.id"], name=op.f("fk_sealed_scans_print_id_form_prints")
        ),
        sa.CheckConstraint(_ONE_SUBJECT, name="a_sealed_scan_is_about_one_thing"),
        sa.CheckConstraint("content_hash IS NOT NULL OR explanation <> ''", name="a_scan_without_a_code_is_explained"),
        schema=SCHEMA,
    )
    op.create_index("ix_form_prints_content", "form_prints", ["content_hash"], schema=SCHEMA)
    op.create_index("ix_form_prints_code", "form_prints", ["code"], schema=SCHEMA)
    op.create_index(
        "a_scan_is_named_once_per_form", "sealed_scans", ["document_id", "form"], unique=True, schema=SCHEMA
    )
    for table in _TABLES:
        for column in _SUBJECTS:
            name = f"ix_{table}_{column.removesuffix('_id')}"
            op.create_index(name, table, [column, "id"], schema=SCHEMA)
    op.add_column("opinions", sa.Column("scan_shows", JSONB(), nullable=True), schema=SCHEMA)
    _refuse_changes()


def _refuse_changes() -> None:
    op.execute(
        f"CREATE FUNCTION {SCHEMA}.refuse_change_of_a_print() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'prints are only added'; END $$"
    )
    for table in _TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_are_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON {SCHEMA}.{table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {SCHEMA}.refuse_change_of_a_print()"
        )


def downgrade() -> None:
    op.drop_column("opinions", "scan_shows", schema=SCHEMA)
    for table in reversed(_TABLES):
        op.drop_table(table, schema=SCHEMA)
    op.execute(f"DROP FUNCTION {SCHEMA}.refuse_change_of_a_print()")
