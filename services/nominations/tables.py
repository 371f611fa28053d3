"""The tables of the procedure. The database backs every rule it can, by constraints whose names say why.

Keys lead with the campaign: one campaign's rows lie together, and can be partitioned away.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.common.idempotency import IdempotencyKeyColumns
from services.nominations.domain.workflow import TERMINAL, Status

SCHEMA = "nominations"
_INSTANT = DateTime(timezone=True)


def _in(column: str, values: Any) -> str:
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"


class Base(DeclarativeBase):
    metadata = MetaData(
        schema=SCHEMA,
        naming_convention={"pk": "pk_%(table_name)s", "fk": "fk_%(table_name)s_%(column_0_name)s"},
    )


class IdempotencyKeyRow(IdempotencyKeyColumns, Base):
    """Answers given before, so that a repeated POST is done once."""


class ProcedureClock(Base):
    """How far the embedded clock stands from the real one. One row, in the embedded default only."""

    __tablename__ = "procedure_clock"
    __table_args__ = (CheckConstraint("singleton", name="one_clock_only"),)

    singleton: Mapped[bool] = mapped_column(primary_key=True, default=True)
    offset_microseconds: Mapped[int] = mapped_column(BigInteger)


class CampaignDefinition(Base):
    """A published version of a campaign's rules. Never changed: a case is judged by the version it began with."""

    __tablename__ = "campaign_definitions"

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    content_hash: Mapped[str] = mapped_column(Text)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    """As text, not JSONB: the order of an enum's words and of a report's sections is the notice's own."""
    published_at: Mapped[datetime] = mapped_column(_INSTANT)


class QuotaAccount(Base):
    """The seats of one recommending organisation in one category (附件2)."""

    __tablename__ = "quota_accounts"
    __table_args__ = (
        CheckConstraint("reserved + consumed + forfeited <= granted", name="seats_never_exceed_the_quota"),
        CheckConstraint(
            "granted >= 0 AND reserved >= 0 AND consumed >= 0 AND forfeited >= 0", name="seats_are_never_negative"
        ),
    )

    campaign_key: Mapped[str] = mapped_column(Text, primary_key=True)
    quota_unit: Mapped[str] = mapped_column(Text, primary_key=True)
    category: Mapped[str] = mapped_column(Text, primary_key=True)
    granted: Mapped[int] = mapped_column(Integer, default=0)
    reserved: Mapped[int] = mapped_column(Integer, default=0)
    consumed: Mapped[int] = mapped_column(Integer, default=0)
    forfeited: Mapped[int] = mapped_column(Integer, default=0)


class QuotaEntry(Base):
    """One line of the seat ledger. Only ever added; replaying the lines gives the account."""

    __tablename__ = "quota_entries"
    __table_args__ = (
        ForeignKeyConstraint(
            ["campaign_key", "quota_unit", "category"],
            [f"{SCHEMA}.quota_accounts.{name}" for name in ("campaign_key", "quota_unit", "category")],
            name="entry_belongs_to_an_account",
        ),
        CheckConstraint(
            _in("kind", ("grant", "reserve", "consume", "release", "recall", "forfeit")), name="known_kind_of_entry"
        ),
        CheckConstraint("seats > 0", name="an_entry_moves_seats"),
        Index("ix_quota_entries_account", "campaign_key", "quota_unit", "category", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_key: Mapped[str] = mapped_column(Text)
    quota_unit: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    seats: Mapped[int] = mapped_column(Integer)
    nomination_id: Mapped[UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(_INSTANT)


class Nomination(Base):
    """One case: a person or collective put forward by their unit."""

    __tablename__ = "nominations"
    __table_args__ = (
        CheckConstraint(_in("status", Status), name="known_status"),
        CheckConstraint("revision >= 1", name="revisions_start_at_one"),
        CheckConstraint(
            "(identity_sealed IS NULL) = (identity_index IS NULL)", name="an_identity_is_sealed_and_indexed_together"
        ),
        # One open nomination per person and campaign. Drafts do not count: nobody is hindered by a stranger's draft.
        Index(
            "one_open_nomination_per_person",
            "campaign_key",
            "category",
            "identity_index",
            unique=True,
            postgresql_where=text(f"NOT {_in('status', sorted({*TERMINAL, Status.DRAFT}))}"),
        ),
        Index("ix_nominations_quota_unit", "campaign_key", "quota_unit", "id"),
        Index("ix_nominations_unit", "campaign_key", "unit_id", "id"),
        Index("ix_nominations_stage", "campaign_key", "stage", "status", "id"),
        Index("ix_nominations_nominee", "nominee_person_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_key: Mapped[str] = mapped_column(Text)
    campaign_version: Mapped[int] = mapped_column(Integer)
    category: Mapped[str] = mapped_column(Text)
    quota_unit: Mapped[str] = mapped_column(Text)
    unit_id: Mapped[UUID]
    unit_name: Mapped[str] = mapped_column(Text)
    nominee_person_id: Mapped[UUID | None]
    created_by: Mapped[UUID]
    stage: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(Integer)
    form: Mapped[dict[str, Any]] = mapped_column(JSONB)
    identity_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    identity_index: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(_INSTANT)
    saved_at: Mapped[datetime] = mapped_column(_INSTANT)
    submitted_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    handed_over_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    """When it first left its unit: from then on the level above sees it."""
    reported_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    """When it first reached the last stage."""


class NominationEvent(Base):
    """One line of the case history, chained by hash. A trigger refuses UPDATE and DELETE, whoever asks."""

    __tablename__ = "nomination_events"
    __table_args__ = (CheckConstraint("sequence >= 1", name="sequences_start_at_one"),)

    nomination_id: Mapped[UUID] = mapped_column(ForeignKey(f"{SCHEMA}.nominations.id"), primary_key=True)
    sequence: Mapped[int] = mapped_column(Integer, primary_key=True)
    event: Mapped[str] = mapped_column(Text)
    canonical: Mapped[bytes] = mapped_column(LargeBinary)
    """The event as canonical JSON: the very bytes that `hash` was made from."""
    previous_hash: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(_INSTANT)


class UnitRecord(Base):
    """民主推荐, 考察 or 领导班子集体研究 of one case. A later record supersedes; none is overwritten."""

    __tablename__ = "unit_records"
    __table_args__ = (
        CheckConstraint(
            _in("kind", ("staff_deliberation", "inspection", "leadership_decision")), name="known_kind_of_record"
        ),
        Index(
            "one_record_of_a_kind_in_force",
            "nomination_id",
            "kind",
            unique=True,
            postgresql_where=text("superseded_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    nomination_id: Mapped[UUID] = mapped_column(ForeignKey(f"{SCHEMA}.nominations.id"))
    kind: Mapped[str] = mapped_column(Text)
    held_on: Mapped[date] = mapped_column(Date)
    details: Mapped[dict[str, Any]] = mapped_column(JSONB)
    recorded_by: Mapped[UUID]
    recorded_at: Mapped[datetime] = mapped_column(_INSTANT)
    superseded_at: Mapped[datetime | None] = mapped_column(_INSTANT)


class PublicityNotice(Base):
    """A publicity notice as it was shown: its content, the hash of it, and the period by the calendar of that day."""

    __tablename__ = "publicity_notices"
    __table_args__ = (
        CheckConstraint("working_days >= 1", name="a_period_has_working_days"),
        CheckConstraint("closes_on >= opened_on", name="a_period_closes_after_it_opens"),
        Index(
            "one_notice_in_force_per_level",
            "nomination_id",
            "level",
            unique=True,
            postgresql_where=text("superseded_at IS NULL"),
        ),
        Index("ix_publicity_notices_campaign", "campaign_key", "opened_on", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_key: Mapped[str] = mapped_column(Text)
    nomination_id: Mapped[UUID] = mapped_column(ForeignKey(f"{SCHEMA}.nominations.id"))
    level: Mapped[str] = mapped_column(Text)
    opened_on: Mapped[date] = mapped_column(Date)
    closes_on: Mapped[date] = mapped_column(Date)
    working_days: Mapped[int] = mapped_column(Integer)
    provisional: Mapped[bool]
    calendar_version: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(Text)
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    content_hash: Mapped[str] = mapped_column(Text)
    opened_by: Mapped[UUID]
    opened_at: Mapped[datetime] = mapped_column(_INSTANT)
    superseded_at: Mapped[datetime | None] = mapped_column(_INSTANT)


class Endorsement(Base):
    """A signed opinion in one box of the form: text, signer, date. Superseded on return, never deleted."""

    __tablename__ = "endorsements"
    __table_args__ = (
        Index(
            "one_signature_per_box",
            "nomination_id",
            "box",
            unique=True,
            postgresql_where=text("superseded_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    nomination_id: Mapped[UUID] = mapped_column(ForeignKey(f"{SCHEMA}.nominations.id"))
    box: Mapped[str] = mapped_column(Text)
    stage: Mapped[str] = mapped_column(Text)
    bureau: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    signer_person_id: Mapped[UUID]
    signer_name: Mapped[str] = mapped_column(Text)
    organisation_name: Mapped[str] = mapped_column(Text)
    signed_on: Mapped[date] = mapped_column(Date)
    signed_at: Mapped[datetime] = mapped_column(_INSTANT)
    superseded_at: Mapped[datetime | None] = mapped_column(_INSTANT)


class Opinion(Base):
    """What one consulted authority said of a case (附件7, 附件8)."""

    __tablename__ = "opinions"
    __table_args__ = (
        CheckConstraint(_in("result", ("favourable", "unfavourable", "not_applicable")), name="known_result"),
        Index(
            "one_opinion_per_authority",
            "nomination_id",
            "authority",
            unique=True,
            postgresql_where=text("superseded_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    nomination_id: Mapped[UUID] = mapped_column(ForeignKey(f"{SCHEMA}.nominations.id"))
    authority: Mapped[str] = mapped_column(Text)
    result: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    signer_name: Mapped[str] = mapped_column(Text)
    signed_on: Mapped[date] = mapped_column(Date)
    recorded_by: Mapped[UUID]
    recorded_at: Mapped[datetime] = mapped_column(_INSTANT)
    superseded_at: Mapped[datetime | None] = mapped_column(_INSTANT)


class CountyReport(Base):
    """The package that a recommending organisation reports: the report and its ranked nominations."""

    __tablename__ = "county_reports"
    __table_args__ = (
        Index(
            "one_open_report_per_recommending_organisation",
            "campaign_key",
            "quota_unit",
            unique=True,
            postgresql_where=text("submitted_at IS NULL"),
        ),
        Index("ix_county_reports_quota_unit", "campaign_key", "quota_unit", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_key: Mapped[str] = mapped_column(Text)
    quota_unit: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(Integer)
    sections: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_by: Mapped[UUID]
    saved_at: Mapped[datetime] = mapped_column(_INSTANT)
    submitted_at: Mapped[datetime | None] = mapped_column(_INSTANT)


class CountyReportItem(Base):
    """One ranked nomination of a county report: 1 is first, separately for each category (R64)."""

    __tablename__ = "county_report_items"
    __table_args__ = (
        UniqueConstraint("report_id", "category", "rank", name="no_two_nominations_share_a_rank"),
        Index(
            "a_nomination_stands_in_one_report",
            "nomination_id",
            unique=True,
            postgresql_where=text("returned_at IS NULL"),
        ),
        CheckConstraint("rank >= 1", name="ranks_start_at_one"),
    )

    report_id: Mapped[UUID] = mapped_column(ForeignKey(f"{SCHEMA}.county_reports.id"), primary_key=True)
    nomination_id: Mapped[UUID] = mapped_column(ForeignKey(f"{SCHEMA}.nominations.id"), primary_key=True)
    category: Mapped[str] = mapped_column(Text)
    rank: Mapped[int] = mapped_column(Integer)
    returned_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    """When the city returned the case: it may be reported again."""
