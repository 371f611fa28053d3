"""The tables of the procedure. The database backs every rule it can, by constraints whose names say why.

Keys lead with the campaign: one campaign's rows lie together, and can be partitioned away.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.common.repeats.idempotency import IdempotencyKeyColumns
from services.nominations.domain.quotas import Movement
from services.nominations.domain.workflow import TERMINAL, Status

SCHEMA = "nominations"
INSTANT = DateTime(timezone=True)


def one_of(column: str, values: Any) -> str:
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"


_SEATED = f"NOT {one_of('status', sorted({*TERMINAL, Status.DRAFT}))}"
"""Cases that hold a seat of the quota."""
_PLACE = ("campaign_key", "quota_unit", "category", "stage", "status")
NEUTRAL_KEY = text("(random() * 9223372036854775000)::bigint")
_HANDED_OVER = text("handed_over_at IS NOT NULL")
_REPORTED = text("reported_at IS NOT NULL")
DRAFTS = text("status = 'draft'")


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
    published_at: Mapped[datetime] = mapped_column(INSTANT)


class QuotaAccount(Base):
    """The seats of one recommending organisation in one category (附件2)."""

    __tablename__ = "quota_accounts"
    __table_args__ = (
        CheckConstraint("reserved + consumed + forfeited + waived <= granted", name="seats_never_exceed_the_quota"),
        CheckConstraint("LEAST(granted, reserved, consumed, forfeited, waived) >= 0", name="seats_are_never_negative"),
    )

    campaign_key: Mapped[str] = mapped_column(Text, primary_key=True)
    quota_unit: Mapped[str] = mapped_column(Text, primary_key=True)
    category: Mapped[str] = mapped_column(Text, primary_key=True)
    granted: Mapped[int] = mapped_column(Integer, default=0)
    reserved: Mapped[int] = mapped_column(Integer, default=0)
    consumed: Mapped[int] = mapped_column(Integer, default=0)
    forfeited: Mapped[int] = mapped_column(Integer, default=0)
    waived: Mapped[int] = mapped_column(Integer, default=0)
    """Seats given up by a declared zero nomination (R13)."""


class QuotaEntry(Base):
    """One line of the seat ledger. Only ever added; replaying the lines gives the account."""

    __tablename__ = "quota_entries"
    __table_args__ = (
        ForeignKeyConstraint(
            ["campaign_key", "quota_unit", "category"],
            [f"{SCHEMA}.quota_accounts.{name}" for name in ("campaign_key", "quota_unit", "category")],
            name="entry_belongs_to_an_account",
        ),
        CheckConstraint(one_of("kind", Movement), name="known_kind_of_entry"),
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
    recorded_at: Mapped[datetime] = mapped_column(INSTANT)


class Nomination(Base):
    """One case: a person or collective put forward by their unit."""

    __tablename__ = "nominations"
    __table_args__ = (
        CheckConstraint(one_of("status", Status), name="known_status"),
        CheckConstraint("revision >= 1", name="revisions_start_at_one"),
        CheckConstraint(
            "(identity_sealed IS NULL) = (identity_index IS NULL)", name="an_identity_is_sealed_and_indexed_together"
        ),
        CheckConstraint(
            "collective_key !~ '[ 〔〕【】〖〗〘〙\\[\\]{}！-～]'", name="a_collective_is_known_by_its_name_as_folded"
        ),
        # One open nomination per person and campaign. Drafts do not count: nobody is hindered by a stranger's draft.
        Index(
            "one_open_nomination_per_person",
            "campaign_key",
            "category",
            "identity_index",
            unique=True,
            postgresql_where=text(_SEATED),
        ),
        Index(
            "one_open_nomination_per_collective",
            "campaign_key",
            "category",
            "collective_key",
            unique=True,
            postgresql_where=text(_SEATED),
        ),
        Index(
            "one_open_nomination_per_legal_entity",
            "campaign_key",
            "category",
            "entity_code",
            unique=True,
            postgresql_where=text(f"entity_code IS NOT NULL AND {_SEATED}"),
        ),
        CheckConstraint(
            "percent_nominee BETWEEN 0 AND 100 AND percent_unit BETWEEN 0 AND 100", name="percents_are_percents"
        ),
        Index("ix_nominations_unit", "campaign_key", "unit_id", "id"),
        Index("ix_nominations_handed_over", "campaign_key", "quota_unit", "id", postgresql_where=_HANDED_OVER),
        Index("ix_nominations_handed_over_place", *_PLACE, "id", postgresql_where=_HANDED_OVER),
        Index("ix_nominations_reported", "campaign_key", "id", postgresql_where=_REPORTED),
        Index("ix_nominations_reported_place", _PLACE[0], *_PLACE[2:], "id", postgresql_where=_REPORTED),
        Index(
            "ix_nominations_first_reported",
            "campaign_key",
            "quota_unit",
            "reported_at",
            postgresql_where=_REPORTED,
        ),
        Index("ix_nominations_seated", "campaign_key", "category", "quota_unit", postgresql_where=text(_SEATED)),
        Index("ix_nominations_drafts", "campaign_key", "quota_unit", "category", "id", postgresql_where=DRAFTS),
        Index("ix_nominations_by_name", "campaign_key", "name", "id"),
        Index("ix_nominations_neutral_county", *_PLACE, "neutral_key", "id", postgresql_where=_HANDED_OVER),
        Index(
            "ix_nominations_neutral_city",
            _PLACE[0],
            *_PLACE[2:],
            "neutral_key",
            "id",
            postgresql_where=_REPORTED,
        ),
        Index("ix_nominations_identity", "campaign_key", "identity_index"),
        Index("ix_nominations_credit_code", "campaign_key", "credit_code"),
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
    name: Mapped[str] = mapped_column(Text(collation="C"), default="")
    """Who it is about, from the form: what lists show and search."""
    collective_key: Mapped[str | None] = mapped_column(Text)
    """The collective's name as `subject.collective_key` folds it. None for a person, and for a collective that stood twice
    before the database kept it from that (`xianjin nominations twice`)."""
    credit_code: Mapped[str | None] = mapped_column(Text)
    entity_code: Mapped[str | None] = mapped_column(Text)
    """The credit code of a collective that is the legal entity itself (`subject.entity_code`). None as above."""
    for_enterprise: Mapped[bool] = mapped_column(default=False)
    """An enterprise, or its head: what bars the one bars the other (R83)."""
    percent_nominee: Mapped[int] = mapped_column(Integer, default=0)
    percent_unit: Mapped[int] = mapped_column(Integer, default=0)
    missing_answers: Mapped[int] = mapped_column(Integer, default=0)
    explanations: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    """Why the case goes on in spite of a warning: pointer, code, reason, who and when (R97)."""
    identity_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    identity_index: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(INSTANT)
    saved_at: Mapped[datetime] = mapped_column(INSTANT)
    submitted_at: Mapped[datetime | None] = mapped_column(INSTANT)
    handed_over_at: Mapped[datetime | None] = mapped_column(INSTANT)
    """When it first left its unit: from then on the level above sees it."""
    reported_at: Mapped[datetime | None] = mapped_column(INSTANT)
    """When it first reached the last stage."""
    replaced_at: Mapped[datetime | None] = mapped_column(INSTANT)
    """Since when it is about somebody else than before; None again once it has reached the last stage with them."""
    restricted_at: Mapped[datetime | None] = mapped_column(INSTANT)
    """Since when law keeps it and nobody else does anything with it (PIPL 第四十七条): `domain/restriction.py`."""
    neutral_key: Mapped[int] = mapped_column(BigInteger, server_default=NEUTRAL_KEY)
    """Drawn at random when the case is opened: reviewers see cases in this order, each from a place of their own (R94)."""


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
    recorded_at: Mapped[datetime] = mapped_column(INSTANT)


class NominationTally(Base):
    """How many cases stand where, kept by a trigger: counting a million cases costs as much as counting ten."""

    __tablename__ = "nomination_tallies"
    __table_args__ = (CheckConstraint("cases >= 0", name="cases_are_never_negative"),)

    campaign_key: Mapped[str] = mapped_column(Text, primary_key=True)
    quota_unit: Mapped[str] = mapped_column(Text, primary_key=True)
    category: Mapped[str] = mapped_column(Text, primary_key=True)
    stage: Mapped[str] = mapped_column(Text, primary_key=True)
    status: Mapped[str] = mapped_column(Text, primary_key=True)
    handed_over: Mapped[bool] = mapped_column(primary_key=True)
    reported: Mapped[bool] = mapped_column(primary_key=True)
    cases: Mapped[int] = mapped_column(BigInteger)
