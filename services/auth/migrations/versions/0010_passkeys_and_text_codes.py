"""Passkeys, their challenges, and codes by text message."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "passkeys",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("auth.persons.id"), nullable=False, index=True),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("synced", sa.Boolean(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("last_used_at", _MOMENT),
        sa.UniqueConstraint("credential_id", name="passkeys_one_person_a_credential"),
        sa.CheckConstraint("sign_count >= 0", name="passkeys_counters_begin_at_zero"),
        schema="auth",
    )
    op.create_table(
        "passkey_challenges",
        sa.Column("challenge_hash", sa.LargeBinary(), primary_key=True),
        sa.Column("session_id", sa.Uuid(), sa.ForeignKey("auth.sessions.id")),
        sa.Column("expires_at", _MOMENT, nullable=False, index=True),
        schema="auth",
    )
    op.create_table(
        "text_codes",
        sa.Column("ticket_hash", sa.LargeBinary(), primary_key=True),
        sa.Column("phone_mark", sa.LargeBinary(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("expires_at", _MOMENT, nullable=False, index=True),
        sa.CheckConstraint("tries BETWEEN 0 AND 5", name="text_codes_are_tried_five_times"),
        schema="auth",
    )
    op.add_column(
        "sessions",
        sa.Column("proved_by_text_code", sa.Boolean(), nullable=False, server_default=sa.false()),
        schema="auth",
    )


def downgrade() -> None:
    op.drop_column("sessions", "proved_by_text_code", schema="auth")
    for table in ("text_codes", "passkey_challenges", "passkeys"):
        op.drop_table(table, schema="auth")
