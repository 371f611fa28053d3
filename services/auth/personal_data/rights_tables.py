"""What people ask for about their data, who decides, until when, and what came of it."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from services.auth.tables import AuthTable, Moment, String


class RightsRequestRow(AuthTable):
    """One request of one person (PIPL 第四十四至四十八条)."""

    __tablename__ = "rights_requests"
    __table_args__ = (
        CheckConstraint("kind IN ('correction', 'erasure', 'explanation')", name="rights_requests_kind_is_known"),
        CheckConstraint(
            "about IN ('account', 'documents', 'nomination')", name="rights_requests_are_about_what_is_held"
        ),
        CheckConstraint("handler IN ('county', 'city')", name="rights_requests_have_a_handler"),
        CheckConstraint("outcome IN ('done', 'restricted', 'refused')", name="rights_requests_outcome_is_known"),
        CheckConstraint(
            "num_nonnulls(outcome, reason, decided_by, decided_by_name, decided_at) IN (0, 5)",
            name="rights_requests_are_decided_by_somebody_for_a_reason",
        ),
        CheckConstraint(
            "outcome <> 'restricted' OR (kind = 'erasure' AND ground IS NOT NULL)",
            name="rights_requests_are_restricted_by_a_law",
        ),
        CheckConstraint("decided_by <> person_id", name="rights_requests_are_not_decided_by_whoever_asks"),
        Index("rights_requests_by_person", "person_id", "id"),
        Index("rights_requests_open", "due_on", "id", postgresql_where=text("decided_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("auth.persons.id"))
    campaign_key: Mapped[String | None]
    kind: Mapped[String]
    about: Mapped[String]
    text: Mapped[String]
    consent_id: Mapped[UUID | None] = mapped_column(ForeignKey("auth.consents.id"))
    """The withdrawal that asks for this erasure."""
    jurisdiction: Mapped[String]
    handler: Mapped[String]
    """`county`: the award office of the jurisdiction; `city`: the city's office."""
    asked_at: Mapped[Moment]
    due_on: Mapped[date] = mapped_column(Date)
    outcome: Mapped[String | None]
    reason: Mapped[String | None]
    ground: Mapped[String | None]
    """The law by which data is kept though nobody works with it (第四十七条第二款)."""
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("auth.persons.id"))
    decided_by_name: Mapped[String | None]
    decided_at: Mapped[Moment | None]
