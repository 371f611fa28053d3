"""The course of a whole campaign: a deadline put off for everybody, and the day on which its work was done."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.nominations.tables import INSTANT, Base


class Postponement(Base):
    """The city puts the materials' deadline off for everybody (R112), by two people (R97): it reaches cases on their way."""

    __tablename__ = "postponements"
    __table_args__ = (
        CheckConstraint("decided_by <> seconded_by", name="a_postponement_needs_two_people"),
        Index("ix_postponements_campaign", "campaign_key", "until"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_key: Mapped[str] = mapped_column(Text)
    until: Mapped[datetime] = mapped_column(INSTANT)
    reason: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[UUID]
    decided_at: Mapped[datetime] = mapped_column(INSTANT)
    seconded_by: Mapped[UUID | None]
    seconded_at: Mapped[datetime | None] = mapped_column(INSTANT)
    """In force from here on; with nobody beside it where it was decided before two people were asked for."""


class CampaignClosing(Base):
    """“全市评选推荐工作结束后，本专班自行撤销” (R43): once, and for good."""

    __tablename__ = "campaign_closings"

    campaign_key: Mapped[str] = mapped_column(Text, primary_key=True)
    statement: Mapped[str] = mapped_column(Text)
    closed_by: Mapped[UUID]
    closed_at: Mapped[datetime] = mapped_column(INSTANT)
