"""Forms and packages that left the system, by case and by who took them."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

SCHEMA = "nominations"


def upgrade() -> None:
    op.create_table(
        "data_releases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("nomination_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=True),
        sa.Column("taken_by", sa.Text(), nullable=False),
        sa.Column("taken_by_name", sa.Text(), nullable=False),
        sa.Column("organisation_name", sa.Text(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('form', 'report_table', 'package', 'case_file')", name="known_kind_of_release"),
        sa.ForeignKeyConstraint(
            ["nomination_id"], [f"{SCHEMA}.nominations.id"], name=op.f("fk_data_releases_nomination_id_nominations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_releases")),
        schema=SCHEMA,
    )
    op.create_index("ix_data_releases_case", "data_releases", ["nomination_id", "released_at"], schema=SCHEMA)
    op.execute(
        f"CREATE TRIGGER data_releases_are_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON {SCHEMA}.data_releases "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {SCHEMA}.refuse_change()"
    )
    op.execute(
        f"""
        DO $$ BEGIN
            IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'nominations_app') THEN
                REVOKE UPDATE, DELETE, TRUNCATE ON {SCHEMA}.data_releases FROM nominations_app;
            END IF;
        END $$
        """
    )


def downgrade() -> None:
    op.drop_table("data_releases", schema=SCHEMA)
