"""Packages whose every byte is known ahead, so that a download can go on where it broke off."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0023"
down_revision = "0028"
branch_labels = None
depends_on = None

SCHEMA = "nominations"


def upgrade() -> None:
    op.create_table(
        "prepared_packages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("nomination_id", sa.Uuid(), nullable=True),
        sa.Column("report_id", sa.Uuid(), nullable=True),
        sa.Column("list_id", sa.Uuid(), nullable=True),
        sa.Column("megabytes", sa.Integer(), nullable=True),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("part_count", sa.Integer(), nullable=False),
        sa.Column("nominations", JSONB(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asker", JSONB(), nullable=False),
        sa.Column("stand", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("seal_id", sa.Uuid(), nullable=True),
        sa.Column("files", JSONB(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.CheckConstraint("num_nonnulls(nomination_id, report_id, list_id) = 1", name="a_package_is_about_one_thing"),
        sa.CheckConstraint("state IN ('preparing', 'ready', 'outdated', 'failed')", name="known_state_of_package"),
        sa.CheckConstraint(
            "state <> 'ready' OR num_nonnulls(seal_id, files, size, etag) = 4", name="a_ready_package_is_known_whole"
        ),
        sa.CheckConstraint("done BETWEEN 0 AND total", name="no_more_is_done_than_there_is"),
        sa.ForeignKeyConstraint(["seal_id"], [f"{SCHEMA}.case_seals.id"], name="a_package_stands_under_a_seal"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prepared_packages")),
        schema=SCHEMA,
    )
    op.create_index("ix_prepared_packages_asked", "prepared_packages", ["asked_by", "id"], schema=SCHEMA)
    op.create_index("ix_prepared_packages_age", "prepared_packages", ["made_at"], schema=SCHEMA)


def downgrade() -> None:
    op.drop_table("prepared_packages", schema=SCHEMA)
