"""What reviews leave behind beside a signature: returns by field, the order of the list, misconduct of those who work."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.nominations.tables import INSTANT, SCHEMA, Base, one_of

ADDRESSEES = ("unit", "nominee")
MISCONDUCT_OUTCOMES = ("substantiated", "unsubstantiated")


class CaseReturn(Base):
    """退回修改: why, for which fields, and whose turn it is. Answered by the next submission."""

    __tablename__ = "case_returns"
    __table_args__ = (
        CheckConstraint(one_of("addressee", ADDRESSEES), name="known_addressee"),
        Index(
            "one_unanswered_return_per_case",
            "nomination_id",
            unique=True,
            postgresql_where=text("answered_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    nomination_id: Mapped[UUID] = mapped_column(ForeignKey(f"{SCHEMA}.nominations.id"))
    stage: Mapped[str] = mapped_column(Text)
    """The stage that sent it back."""
    addressee: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    fields: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """Each with `pointer` and `message`, as a refusal would name it."""
    returned_by: Mapped[UUID]
    organisation_name: Mapped[str] = mapped_column(Text)
    returned_at: Mapped[datetime] = mapped_column(INSTANT)
    answered_at: Mapped[datetime | None] = mapped_column(INSTANT)


class RankApproval(Base):
    """The city agrees that somebody of 副处级 or above is put forward (R74), by two people (R97).

    Superseded when the case goes back.
    """

    __tablename__ = "rank_approvals"
    __table_args__ = (
        CheckConstraint("approved_by <> seconded_by", name="a_rank_approval_needs_two_people"),
        Index(
            "one_rank_approval_in_force_per_case",
            "nomination_id",
            unique=True,
            postgresql_where=text("superseded_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    nomination_id: Mapped[UUID] = mapped_column(ForeignKey(f"{SCHEMA}.nominations.id"))
    reason: Mapped[str] = mapped_column(Text)
    approved_by: Mapped[UUID]
    approved_at: Mapped[datetime] = mapped_column(INSTANT)
    seconded_by: Mapped[UUID | None]
    seconded_at: Mapped[datetime | None] = mapped_column(INSTANT)
    """In force from here on; with nobody beside it where it was decided before two people were asked for."""
    superseded_at: Mapped[datetime | None] = mapped_column(INSTANT)


class ReviewOrder(Base):
    """Where a reviewer's list begins (R94): given once, so that an auditor can lay out who saw which case when."""

    __tablename__ = "review_orders"

    campaign_key: Mapped[str] = mapped_column(Text, primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    begins_at: Mapped[int] = mapped_column(BigInteger)
    given_at: Mapped[datetime] = mapped_column(INSTANT)


class MisconductCase(Base):
    """严重失职渎职等违法违纪行为 of somebody who works on the campaign (R100): found out, access stopped, concluded."""

    __tablename__ = "misconduct_cases"
    __table_args__ = (
        CheckConstraint(one_of("outcome", MISCONDUCT_OUTCOMES), name="known_outcome_of_misconduct"),
        CheckConstraint(
            "num_nonnulls(outcome, conclusion, concluded_at, concluded_by) IN (0, 4)", name="a_case_ends_whole"
        ),
        Index(
            "one_open_misconduct_case_per_person",
            "campaign_key",
            "person_id",
            unique=True,
            postgresql_where=text("concluded_at IS NULL"),
        ),
        Index("ix_misconduct_cases_campaign", "campaign_key", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_key: Mapped[str] = mapped_column(Text)
    person_id: Mapped[UUID]
    person_name: Mapped[str] = mapped_column(Text)
    organisation_name: Mapped[str] = mapped_column(Text)
    finding: Mapped[str] = mapped_column(Text)
    opened_by: Mapped[UUID]
    opened_at: Mapped[datetime] = mapped_column(INSTANT)
    suspended_at: Mapped[datetime | None] = mapped_column(INSTANT)
    """When auth took the person's access away."""
    outcome: Mapped[str | None] = mapped_column(Text)
    conclusion: Mapped[str | None] = mapped_column(Text)
    concluded_by: Mapped[UUID | None]
    concluded_at: Mapped[datetime | None] = mapped_column(INSTANT)
    reinstated_at: Mapped[datetime | None] = mapped_column(INSTANT)
    """When auth gave it back, nothing having been found."""
