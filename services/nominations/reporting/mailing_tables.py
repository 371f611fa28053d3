"""Electronic copies that go out by e-mail, and how far each came."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Integer, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from services.nominations.tables import INSTANT, SCHEMA, Base, one_of

MAILING_STATES = ("waiting", "sent", "failed", "refused", "unknown")


class ContactFormMailing(Base):
    """“同时电子版发至邮箱” (R42, R207): 附件9 of one county, mailed to the campaign's mailbox."""

    __tablename__ = "contact_form_mailings"
    __table_args__ = (
        CheckConstraint(one_of("state", MAILING_STATES), name="known_state_of_mailing"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="what_was_sent_has_its_time"),
        ForeignKeyConstraint(
            ["campaign_key", "quota_unit"],
            [f"{SCHEMA}.contact_forms.campaign_key", f"{SCHEMA}.contact_forms.quota_unit"],
            name="a_mailing_carries_a_filed_form",
        ),
        Index(
            "one_mailing_of_a_county_waits",
            "campaign_key",
            "quota_unit",
            unique=True,
            postgresql_where=text("state = 'waiting'"),
        ),
        Index("ix_contact_form_mailings_county", "campaign_key", "quota_unit", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_key: Mapped[str] = mapped_column(Text)
    quota_unit: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(Integer)
    """Which saving of the form it carries."""
    address: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(Integer)
    requested_by: Mapped[UUID]
    requested_at: Mapped[datetime] = mapped_column(INSTANT)
    sent_at: Mapped[datetime | None] = mapped_column(INSTANT)
    sha256: Mapped[str | None] = mapped_column(Text)
    """Of the PDF that went out; while it still waits: of the one that was being handed over, and may be there."""
