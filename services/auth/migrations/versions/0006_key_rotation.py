"""Signing keys are published before they sign, and kept until the last token they signed has expired."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("signing_keys", sa.Column("signs_from", _MOMENT, server_default=sa.func.now()), schema="auth")
    op.execute("UPDATE auth.signing_keys SET signs_from = created_at")
    op.alter_column("signing_keys", "signs_from", nullable=False, schema="auth")
    op.add_column("signing_keys", sa.Column("published_until", _MOMENT), schema="auth")
    op.create_check_constraint(
        "signing_keys_are_published_before_they_sign", "signing_keys", "signs_from >= created_at", schema="auth"
    )


def downgrade() -> None:
    op.drop_constraint("signing_keys_are_published_before_they_sign", "signing_keys", schema="auth")
    op.drop_column("signing_keys", "published_until", schema="auth")
    op.drop_column("signing_keys", "signs_from", schema="auth")
