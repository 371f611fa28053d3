"""Privacy notices as they were published, and who agreed to what under which of them. Rows are only added."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from services.auth.tables import AuthTable, Moment, String


class PrivacyNoticeRow(AuthTable):
    """One version of a campaign's notice: the text that people read, its hash, and its purposes for programs."""

    __tablename__ = "privacy_notices"
    __table_args__ = (
        CheckConstraint(
            "sha256 = encode(sha256(convert_to(text, 'UTF8')), 'hex')",
            name="privacy_notices_have_the_hash_of_their_text",
        ),
        CheckConstraint("version >= 1", name="privacy_notices_count_from_one"),
        UniqueConstraint("campaign_key", "version", "sha256", name="privacy_notices_one_text_a_version"),
    )

    campaign_key: Mapped[String] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sha256: Mapped[String]
    text: Mapped[String]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    effective_on: Mapped[date] = mapped_column(Date)
    published_at: Mapped[Moment] = mapped_column(server_default=func.now())


class ConsentRow(AuthTable):
    """One act: given or withdrawn, by the person or, on paper, by the clerk for them. The latest act is what holds."""

    __tablename__ = "consents"
    __table_args__ = (
        ForeignKeyConstraint(
            ["campaign_key", "notice_version", "text_sha256"],
            ["auth.privacy_notices.campaign_key", "auth.privacy_notices.version", "auth.privacy_notices.sha256"],
            name="consents_are_to_a_published_text",
        ),
        CheckConstraint("act IN ('given', 'withdrawn')", name="consents_are_given_or_withdrawn"),
        CheckConstraint(
            "channel IN ('mini_program', 'web', 'paper_by_clerk')", name="consents_come_by_a_known_channel"
        ),
        CheckConstraint(
            "(channel = 'paper_by_clerk') = (recorded_by <> person_id)", name="consents_of_others_are_on_paper"
        ),
        CheckConstraint(
            "(channel = 'paper_by_clerk') = (signed_on IS NOT NULL)", name="consents_on_paper_have_a_day_of_signing"
        ),
        Index("consents_by_person", "person_id", "campaign_key", "purpose", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("auth.persons.id"))
    campaign_key: Mapped[String]
    notice_version: Mapped[int]
    text_sha256: Mapped[String]
    purpose: Mapped[String]
    act: Mapped[String]
    channel: Mapped[String]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("auth.persons.id"))
    recorded_by_name: Mapped[String]
    signed_on: Mapped[date | None] = mapped_column(Date)
    document_id: Mapped[UUID | None]
    """The scan of the signed paper, in documents."""
    at: Mapped[Moment]
