"""Messages to phones: agreed to, and sent."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "message_credits",
        sa.Column("appid", sa.Text(), primary_key=True),
        sa.Column("openid", sa.Text(), primary_key=True),
        sa.Column("template_id", sa.Text(), primary_key=True),
        sa.Column("credits", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["appid", "openid"],
            ["auth.wechat_identities.appid", "auth.wechat_identities.openid"],
            name="message_credits_belong_to_a_bound_phone",
            ondelete="CASCADE",
        ),
        sa.CheckConstraint("credits BETWEEN 0 AND 100", name="message_credits_are_counted"),
        schema="auth",
    )
    op.create_table(
        "sent_messages",
        sa.Column("message_id", sa.Uuid(), primary_key=True),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("auth.persons.id"), primary_key=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.CheckConstraint("channel IN ('wechat', 'sms', 'none')", name="sent_messages_channel_is_known"),
        sa.CheckConstraint("state IN ('sent', 'failed', 'unknown', 'no_channel')", name="sent_messages_state_is_known"),
        schema="auth",
    )


def downgrade() -> None:
    op.drop_table("sent_messages", schema="auth")
    op.drop_table("message_credits", schema="auth")
