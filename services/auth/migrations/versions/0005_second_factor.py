"""One-time codes: the secret sealed, recovery codes as fingerprints."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "totp_factors",
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("auth.persons.id"), primary_key=True),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=False),
        sa.Column("confirmed_at", _MOMENT),
        sa.Column("last_step", sa.BigInteger(), nullable=False, server_default="0"),
        schema="auth",
    )
    op.create_table(
        "recovery_codes",
        sa.Column("code_hash", sa.LargeBinary(), primary_key=True),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("auth.persons.id"), nullable=False, index=True),
        sa.Column("used_at", _MOMENT),
        schema="auth",
    )


def downgrade() -> None:
    op.drop_table("recovery_codes", schema="auth")
    op.drop_table("totp_factors", schema="auth")
