"""What became of a body: renamed, merged, its details changed; by whom and by which paper. Rows are only added."""

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from services.auth.tables import AuthTable, Moment, String


class OrganisationChangeRow(AuthTable):
    """One change. `before` and `after` hold the members that changed."""

    __tablename__ = "organisation_changes"
    __table_args__ = (
        CheckConstraint("kind IN ('renamed', 'merged', 'details_changed')", name="organisation_changes_kind_is_known"),
        Index("organisation_changes_by_body", "organisation_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("auth.organisations.id"))
    kind: Mapped[String]
    before: Mapped[dict[str, Any]] = mapped_column(JSONB)
    after: Mapped[dict[str, Any]] = mapped_column(JSONB)
    reason: Mapped[String]
    document_number: Mapped[String | None]
    """文号 of the decision."""
    changed_by: Mapped[UUID] = mapped_column(ForeignKey("auth.persons.id"))
    changed_by_name: Mapped[String]
    at: Mapped[Moment]
