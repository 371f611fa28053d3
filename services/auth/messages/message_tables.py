"""Messages to phones: what each person has agreed to get by WeChat, and what was sent."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.auth.tables import AuthTable, Moment, String

MOST_CREDITS = 100


class MessageCreditRow(AuthTable):
    """One accept of a one-time template allows one message; WeChat does not say how many are left, so they are counted here."""

    __tablename__ = "message_credits"
    __table_args__ = (
        ForeignKeyConstraint(
            ["appid", "openid"],
            ["auth.wechat_identities.appid", "auth.wechat_identities.openid"],
            name="message_credits_belong_to_a_bound_phone",
            ondelete="CASCADE",
        ),
        CheckConstraint("credits BETWEEN 0 AND 100", name="message_credits_are_counted"),
    )

    appid: Mapped[String] = mapped_column(primary_key=True)
    openid: Mapped[String] = mapped_column(primary_key=True)
    template_id: Mapped[String] = mapped_column(primary_key=True)
    credits: Mapped[int]


class SentMessageRow(AuthTable):
    """Claimed before it is sent: a message of one id reaches one person once, whatever breaks in between."""

    __tablename__ = "sent_messages"
    __table_args__ = (
        CheckConstraint("channel IN ('wechat', 'sms', 'email', 'none')", name="sent_messages_channel_is_known"),
        CheckConstraint(
            "state IN ('sent', 'failed', 'refused', 'unknown', 'no_channel')", name="sent_messages_state_is_known"
        ),
    )

    message_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("auth.persons.id"), primary_key=True)
    channel: Mapped[String]
    state: Mapped[String]
    at: Mapped[Moment]
