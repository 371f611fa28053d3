"""E-mail addresses of people, and e-mail among the channels that messages went by."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_CHANNEL = "sent_messages_channel_is_known"
_STATE = "sent_messages_state_is_known"


def upgrade() -> None:
    op.create_table(
        "email_addresses",
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("auth.persons.id"), primary_key=True),
        sa.Column("sealed_address", sa.LargeBinary(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=True),
        sa.Column("code_until", _MOMENT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", _MOMENT, nullable=True),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (code_hash IS NOT NULL)", name="email_addresses_wait_for_their_code"
        ),
        sa.CheckConstraint("tries BETWEEN 0 AND 5", name="email_addresses_count_tries"),
        schema="auth",
    )
    op.drop_constraint(_STATE, "sent_messages", schema="auth", type_="check")
    op.create_check_constraint(
        _STATE, "sent_messages", "state IN ('sent', 'failed', 'refused', 'unknown', 'no_channel')", schema="auth"
    )
    op.drop_constraint(_CHANNEL, "sent_messages", schema="auth", type_="check")
    op.create_check_constraint(
        _CHANNEL, "sent_messages", "channel IN ('wechat', 'sms', 'email', 'none')", schema="auth"
    )


def downgrade() -> None:
    op.drop_table("email_addresses", schema="auth")
