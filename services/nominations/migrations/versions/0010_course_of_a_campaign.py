"""Deadlines put off, campaigns closed, and the city's word on ranks of 副处级 and above."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SCHEMA = "nominations"
_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "postponements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_key", sa.Text(), nullable=False),
        sa.Column("until", _INSTANT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column("decided_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_postponements")),
        schema=SCHEMA,
    )
    op.create_index("ix_postponements_campaign", "postponements", ["campaign_key", "until"], schema=SCHEMA)
    op.create_table(
        "campaign_closings",
        sa.Column("campaign_key", sa.Text(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("closed_by", sa.Uuid(), nullable=False),
        sa.Column("closed_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("campaign_key", name=op.f("pk_campaign_closings")),
        schema=SCHEMA,
    )
    op.create_table(
        "rank_approvals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("nomination_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=False),
        sa.Column("approved_at", _INSTANT, nullable=False),
        sa.Column("superseded_at", _INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["nomination_id"], [f"{SCHEMA}.nominations.id"], name=op.f("fk_rank_approvals_nomination_id_nominations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rank_approvals")),
        schema=SCHEMA,
    )
    op.create_index(
        "one_rank_approval_in_force_per_case",
        "rank_approvals",
        ["nomination_id"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text("superseded_at IS NULL"),
    )


def downgrade() -> None:
    for table in ("rank_approvals", "campaign_closings", "postponements"):
        op.drop_table(table, schema=SCHEMA)
