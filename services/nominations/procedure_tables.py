"""What unit, county, city and consulted authorities write into a case: superseded when it changes, never overwritten."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.nominations.domain.consultation import OPINION_SOURCES, OPINIONS, OWN
from services.nominations.domain.form_definition import Part
from services.nominations.domain.unit_procedure import RECORD_KINDS
from services.nominations.tables import INSTANT, SCHEMA, Base, one_of


class UnitRecord(Base):
    """民主推荐, 考察 or 领导班子集体研究 of one case. A later record supersedes; none is overwritten."""

    __tablename__ = "unit_records"
    __table_args__ = (
        CheckConstraint(one_of("kind", RECORD_KINDS), name="known_kind_of_record"),
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
    recorded_at: Mapped[datetime] = mapped_column(INSTANT)
    superseded_at: Mapped[datetime | None] = mapped_column(INSTANT)


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
        Index("ix_publicity_notices_case", "nomination_id", "id"),
        Index(
            "ix_publicity_notices_running", "campaign_key", "closes_on", postgresql_where=text("superseded_at IS NULL")
        ),
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
    opened_at: Mapped[datetime] = mapped_column(INSTANT)
    superseded_at: Mapped[datetime | None] = mapped_column(INSTANT)


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
        Index(
            "nobody_signs_two_boxes_of_a_case",
            "nomination_id",
            "signer_person_id",
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
    assessment: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    """What the review found in each dimension (R75); empty for the unit's own signature."""
    signed_on: Mapped[date] = mapped_column(Date)
    signed_at: Mapped[datetime] = mapped_column(INSTANT)
    superseded_at: Mapped[datetime | None] = mapped_column(INSTANT)


class Opinion(Base):
    """What one consulted authority said of a case (附件7, 附件8)."""

    __tablename__ = "opinions"
    __table_args__ = (
        CheckConstraint(one_of("result", ("favourable", "unfavourable", "not_applicable")), name="known_result"),
        CheckConstraint(one_of("source", OPINION_SOURCES), name="known_source_of_an_opinion"),
        CheckConstraint(
            "num_nonnulls(replaces_source, replaces_result) IN (0, 2)", name="a_replaced_answer_has_source_and_result"
        ),
        CheckConstraint(
            f"source = '{OWN}' OR replaces_source IS NULL OR replaces_source <> '{OWN}' "
            f"OR NOT {one_of('replaces_result', OPINIONS)} OR num_nonnulls(scan_document_id, replacement_reason) = 2",
            name="an_own_answer_gives_way_to_a_sealed_sheet_alone",
        ),
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
    place: Mapped[str | None] = mapped_column(Text)
    """Which police answered: of the place of work, or of the household registration (R80)."""
    scan_document_id: Mapped[UUID | None]
    """The sealed sheet as a document of the case."""
    scan_shows: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """Which print of the sheet was read from it: code, revision, when it was printed."""
    source: Mapped[str] = mapped_column(Text, default="paper")
    """Entered from paper, in a batch of the city, or by the authority itself through its link."""
    replaces_source: Mapped[str | None] = mapped_column(Text)
    replaces_result: Mapped[str | None] = mapped_column(Text)
    """What the other side had said that this takes the place of: `consultation.replaced_by`."""
    replacement_reason: Mapped[str | None] = mapped_column(Text)
    recorded_by: Mapped[UUID]
    """The officer, or the consultation through which the authority answered itself."""
    recorded_at: Mapped[datetime] = mapped_column(INSTANT)
    superseded_at: Mapped[datetime | None] = mapped_column(INSTANT)


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
    saved_at: Mapped[datetime] = mapped_column(INSTANT)
    submitted_at: Mapped[datetime | None] = mapped_column(INSTANT)


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
    returned_at: Mapped[datetime | None] = mapped_column(INSTANT)
    """When the city returned the case: it may be reported again."""


class Confirmation(Base):
    """Who stands for one part of a case (A30). It holds while the part still says what was confirmed."""

    __tablename__ = "confirmations"
    __table_args__ = (CheckConstraint(one_of("part", Part), name="known_part"),)

    nomination_id: Mapped[UUID] = mapped_column(ForeignKey(f"{SCHEMA}.nominations.id"), primary_key=True)
    part: Mapped[str] = mapped_column(Text, primary_key=True)
    content_hash: Mapped[str] = mapped_column(Text)
    person_id: Mapped[UUID]
    person_name: Mapped[str] = mapped_column(Text)
    on_behalf: Mapped[bool]
    """The clerk confirmed for a nominee who does not use the system; `statement` says how the nominee agreed."""
    statement: Mapped[str] = mapped_column(Text)
    confirmed_at: Mapped[datetime] = mapped_column(INSTANT)


class HandOverCode(Base):
    """A code with which the nominee takes over a case that the clerk began. Used once; only its hash is kept."""

    __tablename__ = "hand_over_codes"

    code_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    nomination_id: Mapped[UUID] = mapped_column(ForeignKey(f"{SCHEMA}.nominations.id"))
    created_by: Mapped[UUID]
    expires_at: Mapped[datetime] = mapped_column(INSTANT)
    used_at: Mapped[datetime | None] = mapped_column(INSTANT)


class Disqualification(Base):
    """A circumstance of R83–R93 that was found: it bars the enterprise and its head, in every county."""

    __tablename__ = "disqualifications"
    __table_args__ = (
        CheckConstraint("num_nonnulls(credit_code, identity_index) >= 1", name="a_disqualification_has_a_subject"),
        CheckConstraint("(lifted_at IS NULL) = (lifted_reason IS NULL)", name="lifting_has_a_reason"),
        CheckConstraint(
            "num_nonnulls(lifting_proposed_by, lifting_proposed_at, lifting_proposed_reason) IN (0, 3)",
            name="a_proposed_lifting_has_a_reason",
        ),
        CheckConstraint("lifting_proposed_by <> lifted_by", name="a_lifting_needs_two_people"),
        Index("ix_disqualifications_credit_code", "campaign_key", "credit_code"),
        Index("ix_disqualifications_identity", "campaign_key", "identity_index"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_key: Mapped[str] = mapped_column(Text)
    disqualifier: Mapped[str] = mapped_column(Text)
    credit_code: Mapped[str | None] = mapped_column(Text)
    identity_index: Mapped[bytes | None] = mapped_column(LargeBinary)
    occurred_on: Mapped[date | None] = mapped_column(Date)
    finding: Mapped[str] = mapped_column(Text)
    nomination_id: Mapped[UUID] = mapped_column(ForeignKey(f"{SCHEMA}.nominations.id"))
    """The case in which it was found."""
    recorded_by: Mapped[UUID]
    recorded_at: Mapped[datetime] = mapped_column(INSTANT)
    lifting_proposed_by: Mapped[UUID | None]
    """Who proposed to take it back (R97); nobody where it was lifted before two people were asked for."""
    lifting_proposed_at: Mapped[datetime | None] = mapped_column(INSTANT)
    lifting_proposed_reason: Mapped[str | None] = mapped_column(Text)
    lifted_at: Mapped[datetime | None] = mapped_column(INSTANT)
    lifted_by: Mapped[UUID | None]
    lifted_reason: Mapped[str | None] = mapped_column(Text)


class ZeroDeclaration(Base):
    """“没有符合条件的推荐对象可不推荐” (R13): said and signed, which is not the same as silence."""

    __tablename__ = "zero_declarations"
    __table_args__ = (
        Index(
            "one_zero_declaration_in_force",
            "campaign_key",
            "quota_unit",
            "category",
            unique=True,
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_key: Mapped[str] = mapped_column(Text)
    quota_unit: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    seats: Mapped[int] = mapped_column(Integer)
    signer_name: Mapped[str] = mapped_column(Text)
    declared_by: Mapped[UUID]
    declared_at: Mapped[datetime] = mapped_column(INSTANT)
    revoked_at: Mapped[datetime | None] = mapped_column(INSTANT)
    revoked_reason: Mapped[str | None] = mapped_column(Text)


class LocalCriteria(Base):
    """“细化评选条件” (R67): what a recommending organisation asks beyond the notice, for its own units to read."""

    __tablename__ = "local_criteria"

    campaign_key: Mapped[str] = mapped_column(Text, primary_key=True)
    quota_unit: Mapped[str] = mapped_column(Text, primary_key=True)
    category: Mapped[str] = mapped_column(Text, primary_key=True)
    revision: Mapped[int] = mapped_column(Integer)
    criteria: Mapped[list[str]] = mapped_column(JSONB)
    saved_by: Mapped[UUID]
    saved_at: Mapped[datetime] = mapped_column(INSTANT)


class Story(Base):
    """“典型事迹宣传” (R106): told to the public only with the consent of the person it is about."""

    __tablename__ = "stories"
    __table_args__ = (
        CheckConstraint(
            "published_at IS NULL OR consented_at IS NOT NULL", name="a_story_is_published_only_with_consent"
        ),
        Index("ix_stories_campaign", "campaign_key", "published_at", "nomination_id"),
    )

    nomination_id: Mapped[UUID] = mapped_column(ForeignKey(f"{SCHEMA}.nominations.id"), primary_key=True)
    campaign_key: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    written_by: Mapped[UUID]
    saved_at: Mapped[datetime] = mapped_column(INSTANT)
    consented_by: Mapped[UUID | None]
    consented_at: Mapped[datetime | None] = mapped_column(INSTANT)
    published_at: Mapped[datetime | None] = mapped_column(INSTANT)
