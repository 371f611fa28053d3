"""The security log of a service: who did what, when, and with what result; failures too (等保 安全审计).

Each service has one in its own schema: rows that a trigger numbers and chains, and that nobody changes. An entry holds
ids and plain facts, never a secret, an identity number or a phone. It is the last statement of its transaction, for the
next writer waits from there to the commit.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Index, Text, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from services.common.callers.tokens import Caller
from services.common.logs import mask
from services.common.request_context import request_id

_INSERT = "INSERT INTO {schema}.audit_events (seq, entry) VALUES (0, :entry)"
Fact = str | int | bool | None


class AuditEventColumns:
    """The table `audit_events`. `entry` is the JSON as it was hashed; the trigger reads the columns to search by from it."""

    __tablename__ = "audit_events"

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Index, ...]:  # noqa: N805  SQLAlchemy calls it with the class
        return (
            Index("audit_events_by_action", "action", "seq"),
            Index("audit_events_by_person", "person_id", "seq", postgresql_where=text("person_id IS NOT NULL")),
            Index("audit_events_by_moment", "at"),
        )

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    action: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(Text)
    person_id: Mapped[UUID | None]
    entry: Mapped[str] = mapped_column(Text)
    previous_hash: Mapped[bytes]
    hash: Mapped[bytes]


async def add_entry(
    session: AsyncSession,
    schema: str,
    action: str,
    *,
    person_id: UUID | None,
    by: str | None = None,
    refused: str = "",
    facts: Mapping[str, Fact],
) -> None:
    """`refused`: the code of the refusal, when the deed was not done. `by`: who did it, when not the person themselves."""
    entry = {
        "at": datetime.now(UTC).isoformat(),
        "action": str(action),
        "outcome": "refused" if refused else "done",
        "reason": refused or None,
        "person_id": str(person_id) if person_id else None,
        "by": by,
        "request_id": request_id.get() or None,
        **{name: mask(fact) if isinstance(fact, str) else fact for name, fact in facts.items()},
    }
    kept = {name: value for name, value in entry.items() if value is not None}
    written = json.dumps(kept, ensure_ascii=False, sort_keys=True)
    await session.execute(text(_INSERT.format(schema=schema)), {"entry": written})


def who(caller: Caller) -> dict[str, Fact]:
    """A caller as an entry names them: the person, or which machine, and for which body."""
    return {
        "caller": caller.subject,
        "organisation_id": caller.organisation_id or None,
        "roles": " ".join(sorted(caller.roles)),
        "acting_for": caller.acting_for or None,
    }


def person_of(caller: Caller) -> UUID | None:
    """None for one of our services and for a body's own system."""
    return None if "service" in caller.roles or caller.scopes is not None else UUID(caller.subject)
