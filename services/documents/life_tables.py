"""What happens to papers later: links to them, the events that retention counts from, and what was erased."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, LargeBinary, func
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from services.documents.tables import DocumentsTable


class DocumentLinkRow(DocumentsTable):
    """A short-lived address of one document for one person. Whoever opens it is shown what that person would be."""

    __tablename__ = "document_links"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    document_id: Mapped[UUID] = mapped_column(ForeignKey("documents.documents.id"))
    thumbnail: Mapped[bool]
    viewer: Mapped[str]
    viewer_name: Mapped[str]
    viewer_organisation: Mapped[str]
    viewer_roles: Mapped[list[str]]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime] = mapped_column(index=True)


class CardReadingRow(DocumentsTable):
    """What was read of an ID card copy, to be compared and not to be read: digests under a key of its own (0050)."""

    __tablename__ = "card_readings"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    document_id: Mapped[UUID] = mapped_column(ForeignKey("documents.documents.id"), unique=True)
    key_id: Mapped[str]
    wrapped_key: Mapped[bytes]
    number_digest: Mapped[bytes | None]
    name_digests: Mapped[list[bytes]] = mapped_column(ARRAY(LargeBinary))
    valid_until: Mapped[date | None]
    no_expiry: Mapped[bool]

    @property
    def object_key(self) -> str:
        """The place that its wrapped key is bound to."""
        return f"card-readings/{self.id.hex}"


class CampaignEventRow(DocumentsTable):
    """The day of an event from which retention counts. Only the procedure or an operator knows it."""

    __tablename__ = "campaign_events"
    __table_args__ = (
        CheckConstraint("event IN ('campaign_closed', 'award_decision')", name="campaign_events_are_known"),
    )

    campaign_key: Mapped[str] = mapped_column(primary_key=True)
    event: Mapped[str] = mapped_column(primary_key=True)
    happened_on: Mapped[date]


class PaperDecisionRow(DocumentsTable):
    """What was decided at auth about a person's papers, as it was heard and carried out. Rows are only added."""

    __tablename__ = "paper_decisions"
    __table_args__ = (
        CheckConstraint("decided IN ('withdrawn', 'erased', 'restricted')", name="paper_decisions_are_known"),
        Index("paper_decisions_by_moment", "decided_at"),
        Index("paper_decisions_by_person", "person_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    decided: Mapped[str]
    person_id: Mapped[UUID]
    campaign_key: Mapped[str | None]
    purpose: Mapped[str | None]
    covers_until: Mapped[datetime]
    decided_at: Mapped[datetime]
    heard_at: Mapped[datetime] = mapped_column(server_default=func.now())


class DocumentErasureRow(DocumentsTable):
    """A document's bytes were destroyed, by which rule and when. Rows are only added: a trigger refuses anything else."""

    __tablename__ = "document_erasures"
    __table_args__ = (
        CheckConstraint(
            "CASE ground WHEN 'retention_over' THEN num_nulls(counted_from, counted_on, kept_days) = 0"
            " WHEN 'request_granted' THEN num_nonnulls(counted_from, counted_on, kept_days) = 0"
            " ELSE ground IS NULL END",
            name="erasures_say_their_ground",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    document_id: Mapped[UUID] = mapped_column(ForeignKey("documents.documents.id"), unique=True)
    campaign_key: Mapped[str]
    kind: Mapped[str]
    sha256: Mapped[str]
    byte_count: Mapped[int]
    rule: Mapped[str]
    """In words for operators."""
    ground: Mapped[str | None]
    """None: noted by a release that had no codes."""
    counted_from: Mapped[str | None]
    """Of a time that is over: the event, its day, and the days from then on."""
    counted_on: Mapped[date | None]
    kept_days: Mapped[int | None]
    due_on: Mapped[date]
    object_key: Mapped[str | None]
    """Where the bytes lay."""
    erased_at: Mapped[datetime] = mapped_column(server_default=func.now())
