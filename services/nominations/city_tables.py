"""What the city does with reported cases: its list, objections against what was shown, awards, and what ends a case early."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.nominations.tables import INSTANT, SCHEMA, Base, one_of

OUTCOMES = ("substantiated", "unsubstantiated", "not_accepted")
GROUNDS = ("fraud", "procedure", "misconduct")


class CityList(Base):
    """拟推荐对象名单 (R61): who the city puts forward to the province, shown to the whole city and ranked."""

    __tablename__ = "city_lists"
    __table_args__ = (
        CheckConstraint("seconded_by <> created_by", name="nobody_seconds_themselves"),
        CheckConstraint("reported_at IS NULL OR ranked_at IS NOT NULL", name="a_list_is_ranked_before_it_is_reported"),
        Index(
            "one_list_on_the_way_per_campaign",
            "campaign_key",
            unique=True,
            postgresql_where=text("reported_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_key: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(Integer)
    candidates: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """Category → how many could be chosen from when the list was drawn up: the 差额 ratio (R46)."""
    no_choice_reason: Mapped[str | None] = mapped_column(Text)
    """Why the list was drawn up although there was nobody to choose between."""
    seconded_by: Mapped[UUID | None]
    created_by: Mapped[UUID]
    saved_at: Mapped[datetime] = mapped_column(INSTANT)
    ranked_at: Mapped[datetime | None] = mapped_column(INSTANT)
    reported_at: Mapped[datetime | None] = mapped_column(INSTANT)


class CityListItem(Base):
    """One nomination on a city list. Ranks are strict: no ties, separately for each category (R64)."""

    __tablename__ = "city_list_items"
    __table_args__ = (
        CheckConstraint("rank >= 1", name="ranks_of_the_city_start_at_one"),
        Index(
            "no_two_on_the_citys_list_share_a_rank",
            "list_id",
            "category",
            "rank",
            unique=True,
            postgresql_where=text("removed_at IS NULL"),
        ),
        Index(
            "a_nomination_stands_on_one_list", "nomination_id", unique=True, postgresql_where=text("removed_at IS NULL")
        ),
    )

    list_id: Mapped[UUID] = mapped_column(ForeignKey(f"{SCHEMA}.city_lists.id"), primary_key=True)
    nomination_id: Mapped[UUID] = mapped_column(ForeignKey(f"{SCHEMA}.nominations.id"), primary_key=True)
    category: Mapped[str] = mapped_column(Text)
    rank: Mapped[int | None] = mapped_column(Integer)
    removed_at: Mapped[datetime | None] = mapped_column(INSTANT)


class Objection(Base):
    """An objection or report against what a notice showed (R63, R95). Its words are sealed; only its office opens them."""

    __tablename__ = "objections"
    __table_args__ = (
        CheckConstraint(one_of("outcome", OUTCOMES), name="known_outcome"),
        CheckConstraint("num_nonnulls(outcome, finding, concluded_at) IN (0, 3)", name="a_conclusion_is_whole"),
        CheckConstraint("(handler_id IS NULL) = (taken_up_at IS NULL)", name="a_handler_took_it_up_at_a_time"),
        Index("ix_objections_upheld", "nomination_id", postgresql_where=text("outcome = 'substantiated'")),
        Index("ix_objections_open", "nomination_id", postgresql_where=text("concluded_at IS NULL")),
        Index("ix_objections_case", "nomination_id", "id"),
        Index("ix_objections_waiting", "campaign_key", "office", "id", postgresql_where=text("concluded_at IS NULL")),
        Index("ix_objections_receipt", "receipt_hash", unique=True),
        Index("ix_objections_source", "notice_id", "source_hash", "received_at"),
        Index("ix_objections_office", "campaign_key", "office", "quota_unit", "id"),
        Index("ix_objections_city", "campaign_key", "office", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_key: Mapped[str] = mapped_column(Text)
    quota_unit: Mapped[str] = mapped_column(Text)
    office: Mapped[str] = mapped_column(Text)
    """The stage whose office handles it: county for a unit's notice, city for the city's."""
    notice_id: Mapped[UUID] = mapped_column(ForeignKey(f"{SCHEMA}.publicity_notices.id"))
    nomination_id: Mapped[UUID] = mapped_column(ForeignKey(f"{SCHEMA}.nominations.id"))
    receipt_hash: Mapped[bytes] = mapped_column(LargeBinary)
    source_hash: Mapped[bytes] = mapped_column(LargeBinary)
    """Keyed hash of where it came from, to bound how many one source sends. It does not say who."""
    named: Mapped[bool]
    words_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    received_at: Mapped[datetime] = mapped_column(INSTANT)
    due_on: Mapped[date] = mapped_column(Date)
    handler_id: Mapped[UUID | None]
    handler_name: Mapped[str | None] = mapped_column(Text)
    """Who has it in hand, and in the end who concluded it."""
    taken_up_at: Mapped[datetime | None] = mapped_column(INSTANT)
    outcome: Mapped[str | None] = mapped_column(Text)
    finding: Mapped[str | None] = mapped_column(Text)
    concluded_by: Mapped[UUID | None]
    concluded_at: Mapped[datetime | None] = mapped_column(INSTANT)


class Removal(Base):
    """取消评选资格 (R98–R102): found, decided by one and seconded by another."""

    __tablename__ = "removals"
    __table_args__ = (
        CheckConstraint(one_of("ground", GROUNDS), name="known_ground"),
        CheckConstraint("decided_by <> seconded_by", name="a_removal_needs_two_people"),
        CheckConstraint("superseded_at IS NULL OR decided_at IS NULL", name="a_decided_removal_stands"),
    )

    nomination_id: Mapped[UUID] = mapped_column(ForeignKey(f"{SCHEMA}.nominations.id"), primary_key=True)
    ground: Mapped[str] = mapped_column(Text)
    finding: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[UUID]
    proposed_at: Mapped[datetime] = mapped_column(INSTANT)
    seconded_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None] = mapped_column(INSTANT)
    superseded_at: Mapped[datetime | None] = mapped_column(INSTANT)
    """The finding was taken back, or the case passed to somebody else before that was kept from it: a new one takes its place."""


class Award(Base):
    """What was granted, and what of it came back (R103–R104, R108–R109)."""

    __tablename__ = "awards"
    __table_args__ = (
        CheckConstraint("(revoked_on IS NULL) = (revocation_reason IS NULL)", name="a_revocation_has_a_reason"),
        Index("ix_awards_campaign", "campaign_key", "category", "nomination_id"),
    )

    nomination_id: Mapped[UUID] = mapped_column(ForeignKey(f"{SCHEMA}.nominations.id"), primary_key=True)
    campaign_key: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(Text)
    granted_on: Mapped[date] = mapped_column(Date)
    decision_number: Mapped[str] = mapped_column(Text)
    serials: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """Grant of the category (奖牌, 证书, 一次性奖金) → serial number or amount, as text."""
    recorded_by: Mapped[UUID]
    revoked_on: Mapped[date | None] = mapped_column(Date)
    revocation_reason: Mapped[str | None] = mapped_column(Text)
    recovered: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    """Grant → the day it came back."""


class Reopening(Base):
    """A county that was late may still report: only by the city, by two people (R97), until a moment (R113)."""

    __tablename__ = "reopenings"
    __table_args__ = (
        CheckConstraint("opened_by <> seconded_by", name="a_reopening_needs_two_people"),
        Index("ix_reopenings_county", "campaign_key", "quota_unit", "until"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_key: Mapped[str] = mapped_column(Text)
    quota_unit: Mapped[str] = mapped_column(Text)
    until: Mapped[datetime] = mapped_column(INSTANT)
    reason: Mapped[str] = mapped_column(Text)
    opened_by: Mapped[UUID]
    opened_at: Mapped[datetime] = mapped_column(INSTANT)
    seconded_by: Mapped[UUID | None]
    seconded_at: Mapped[datetime | None] = mapped_column(INSTANT)
    """In force from here on; with nobody beside it where it was decided before two people were asked for."""


class ContactForm(Base):
    """附件9 of one recommending organisation: who answers for the campaign there (R40–R42, R66, R204–R207)."""

    __tablename__ = "contact_forms"

    campaign_key: Mapped[str] = mapped_column(Text, primary_key=True)
    quota_unit: Mapped[str] = mapped_column(Text, primary_key=True)
    revision: Mapped[int] = mapped_column(Integer)
    form: Mapped[dict[str, Any]] = mapped_column(JSONB)
    filed_by: Mapped[UUID]
    filed_at: Mapped[datetime] = mapped_column(INSTANT)
    """When it was first filed complete: by this the deadline is judged."""
    saved_at: Mapped[datetime] = mapped_column(INSTANT)
    dispatches: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    """Channel (fax, email) → the day it was sent (R42, R207)."""
