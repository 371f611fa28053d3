"""The security log. A trigger numbers and chains what is added; nobody changes it (`refuse_change`)."""

from uuid import UUID

from sqlalchemy import BigInteger, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from services.auth.tables import AuthTable, Moment, String


class AuditEventRow(AuthTable):
    """`entry` is the JSON as it was hashed; the other columns are read from it by the trigger, to search by."""

    __tablename__ = "audit_events"
    __table_args__ = (
        Index("audit_events_by_action", "action", "seq"),
        Index("audit_events_by_person", "person_id", "seq", postgresql_where=text("person_id IS NOT NULL")),
        Index("audit_events_by_moment", "at"),
    )

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[Moment]
    action: Mapped[String]
    outcome: Mapped[String]
    person_id: Mapped[UUID | None]
    entry: Mapped[String]
    previous_hash: Mapped[bytes]
    hash: Mapped[bytes]
