"""Limits shared by replicas, and the slowing down of guesses. UNLOGGED: nothing here is worth a write-ahead log."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "rate_buckets",
        sa.Column("key", sa.LargeBinary(), primary_key=True),
        sa.Column("full_at", _MOMENT, nullable=False, index=True),
        schema="auth",
        prefixes=["UNLOGGED"],
    )
    op.create_table(
        "sign_in_attempts",
        sa.Column("key", sa.LargeBinary(), primary_key=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_at", _MOMENT, nullable=False, index=True),
        sa.Column("free_at", _MOMENT, nullable=False),
        sa.CheckConstraint("attempts >= 1", name="sign_in_attempts_are_counted_from_one"),
        schema="auth",
        prefixes=["UNLOGGED"],
    )
    op.create_table(
        "known_addresses",
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("auth.persons.id"), primary_key=True),
        sa.Column("address_mark", sa.LargeBinary(), primary_key=True),
        sa.Column("seen_at", _MOMENT, nullable=False),
        schema="auth",
    )


def downgrade() -> None:
    for table in ("known_addresses", "sign_in_attempts", "rate_buckets"):
        op.drop_table(table, schema="auth")
