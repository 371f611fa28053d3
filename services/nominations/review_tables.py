"""What reviews leave behind beside a signature: which fields a case was sent back for."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.nominations.tables import INSTANT, SCHEMA, Base, one_of

ADDRESSEES = ("unit", "nominee")


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
