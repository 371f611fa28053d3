"""A neutral order for reviewers, and misconduct of those who work on the campaign."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

SCHEMA = "nominations"
_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column(
        "nominations",
        sa.Column(
            "neutral_key",
            sa.BigInteger(),
            server_default=sa.text("(random() * 9223372036854775000)::bigint"),
            nullable=False,
        ),
        schema=SCHEMA,
    )
    op.create_index(
        "ix_nominations_neutral_county",
        "nominations",
        ["campaign_key", "quota_unit", "category", "stage", "status", "neutral_key", "id"],
        schema=SCHEMA,
        postgresql_where=sa.text("handed_over_at IS NOT NULL"),
    )
    op.create_index(
        "ix_nominations_neutral_city",
        "nominations",
        ["campaign_key", "category", "stage", "status", "neutral_key", "id"],
        schema=SCHEMA,
        postgresql_where=sa.text("reported_at IS NOT NULL"),
    )
    op.create_table(
        "review_orders",
        sa.Column("campaign_key", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("begins_at", sa.BigInteger(), nullable=False),
        sa.Column("given_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("campaign_key", "person_id", name=op.f("pk_review_orders")),
        schema=SCHEMA,
    )
    op.create_table(
        "misconduct_cases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_key", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("person_name", sa.Text(), nullable=False),
        sa.Column("organisation_name", sa.Text(), nullable=False),
        sa.Column("finding", sa.Text(), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=False),
        sa.Column("opened_at", _INSTANT, nullable=False),
        sa.Column("suspended_at", _INSTANT, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("conclusion", sa.Text(), nullable=True),
        sa.Column("concluded_by", sa.Uuid(), nullable=True),
        sa.Column("concluded_at", _INSTANT, nullable=True),
        sa.CheckConstraint("outcome IN ('substantiated', 'unsubstantiated')", name="known_outcome_of_misconduct"),
        sa.CheckConstraint(
            "num_nonnulls(outcome, conclusion, concluded_at, concluded_by) IN (0, 4)", name="a_case_ends_whole"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_misconduct_cases")),
        schema=SCHEMA,
    )
    op.create_index(
        "one_open_misconduct_case_per_person",
        "misconduct_cases",
        ["campaign_key", "person_id"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text("concluded_at IS NULL"),
    )
    op.create_index("ix_misconduct_cases_campaign", "misconduct_cases", ["campaign_key", "id"], schema=SCHEMA)


def downgrade() -> None:
    op.drop_table("misconduct_cases", schema=SCHEMA)
    op.drop_table("review_orders", schema=SCHEMA)
    op.drop_index("ix_nominations_neutral_city", table_name="nominations", schema=SCHEMA)
    op.drop_index("ix_nominations_neutral_county", table_name="nominations", schema=SCHEMA)
    op.drop_column("nominations", "neutral_key", schema=SCHEMA)
