"""Appends to the history of a case, in the transaction of the command itself, and reads the chain back."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any, cast
from uuid import UUID

import rfc8785
from pydantic_core import from_json
from sqlalchemy import Table, exists, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.callers.tokens import Caller
from services.common.db import fetch
from services.common.lists.paging import in_words
from services.common.prepared import PreparedStatement, Slot, Statements, prepare
from services.common.problems import NotFound
from services.common.read_only_rows import ReadOnlyRow
from services.evidence.chain import GENESIS, ChainedEvent, link
from services.nominations.cases.locked_rows import as_sent, change_of, locked_row
from services.nominations.domain.notifications import is_told
from services.nominations.domain.workflow import Event, Status
from services.nominations.notifications.event_queue import put_event_out
from services.nominations.notifications.notification_tables import WebhookEndpoint
from services.nominations.queries import in_scope, require_not_held
from services.nominations.tables import Nomination, NominationEvent

_TABLE: Table = NominationEvent.__table__  # type: ignore[assignment]  # a declarative table is a Table
BEGINNING = (0, GENESIS)
"""Where the chain of a new case begins."""
SOMEBODY_ASKED = exists().where(WebhookEndpoint.removed_at.is_(None))
INSERT = insert(_TABLE).values({column: Slot(column.name) for column in _TABLE.columns})
_LAST = prepare(
    select(NominationEvent.sequence, NominationEvent.hash)
    .where(NominationEvent.nomination_id == Slot("case"))
    .order_by(NominationEvent.sequence.desc())
    .limit(in_words(1))
)


async def record(
    session: AsyncSession,
    nomination: Nomination,
    event: Event,
    *,
    caller: Caller | None,
    at: datetime,
    before: tuple[str, str] | None,
    reason: str = "",
    details: dict[str, Any] | None = None,
) -> None:
    """Writes one event: who, acting as what for whom, what, from, to, why, under which version of the rules.

    The caller holds the lock on the case's row, so that sequence numbers are gapless; what was set of a locked row is
    written by the same statement. `details` hold ids, dates and hashes; personal data stays in the case.
    """
    locked = locked_row(session, nomination.id)
    end = locked.end_of_chain if locked else await _end_of_chain(session, nomination.id)
    row = event_row(
        nomination, event, caller=caller, at=at, before=before, reason=reason, details=details or {}, after=end
    )
    changes = locked.unwritten if locked else {}
    statement = _write(frozenset(changes))
    sent = {name: as_sent(name, value) for name, value in changes.items()}
    ((somebody_asked,),) = await fetch(session, statement.text, *statement.given(row | sent))
    if locked:
        locked.written_with(end[0] + 1, row["hash"])
    await put_out(session, nomination.id, event, end[0] + 1, somebody_asked=somebody_asked)


def event_row(
    nomination: Nomination,
    event: Event,
    *,
    caller: Caller | None,
    at: datetime,
    before: tuple[str, str] | None,
    reason: str = "",
    details: Mapping[str, Any],
    after: tuple[int, str],
) -> dict[str, Any]:
    """The columns of an event that follows the one of this sequence and hash."""
    last, previous = after
    body: dict[str, Any] = {
        "nomination_id": str(nomination.id),
        "sequence": last + 1,
        "event": event.value,
        "recorded_at": at.isoformat(),
        "actor": _actor(caller),
        "from": {"stage": before[0], "status": before[1]} if before else None,
        "to": {"stage": nomination.stage, "status": nomination.status},
        "reason": reason,
        "details": dict(details),
        "definition": {"campaign": nomination.campaign_key, "version": nomination.campaign_version},
        "previous_hash": previous,
    }
    canonical = rfc8785.dumps(body)
    return {
        "nomination_id": nomination.id,
        "sequence": last + 1,
        "event": event.value,
        "canonical": canonical,
        "previous_hash": previous,
        "hash": link(canonical),
        "recorded_at": at,
    }


async def put_out(
    session: AsyncSession, nomination_id: UUID, event: Event, sequence: int, *, somebody_asked: bool
) -> None:
    """A job to tell of it, only where somebody may hear of it."""
    if somebody_asked or is_told(event):
        await put_event_out(session, nomination_id, sequence)


@cache
def _write(changed: frozenset[str]) -> PreparedStatement:
    """The case first, then the event: so the triggers note one change of the case, not two."""
    if not changed:
        return prepare(INSERT.returning(SOMEBODY_ASKED))
    return prepare(change_of(changed).returning(SOMEBODY_ASKED).add_cte(INSERT.cte("told")))


def _actor(caller: Caller | None) -> dict[str, Any]:
    """None is the public: nobody signs in to object."""
    if caller is None:
        return {"id": "", "name": "公众", "roles": [], "organisation_id": "", "organisation_name": ""}
    standing_in = {"acting_for": caller.acting_for} if caller.acting_for else {}
    return standing_in | {
        "id": caller.subject,
        "name": caller.name,
        "roles": sorted(caller.roles),
        "organisation_id": caller.organisation_id,
        "organisation_name": caller.organisation_name,
    }


async def _end_of_chain(session: AsyncSession, nomination_id: UUID) -> tuple[int, str]:
    last = await fetch(session, _LAST.text, *_LAST.given({"case": nomination_id}))
    return (last[0][0], last[0][1]) if last else BEGINNING


async def history(session: AsyncSession, nomination_id: UUID) -> list[ChainedEvent]:
    """The whole chain of a case, oldest first."""
    rows = await fetch(session, _CHAIN.text, *_CHAIN.given({"id": nomination_id}))
    return [_chained(row) for row in rows]


async def history_for(session: AsyncSession, caller: Caller, nomination_id: UUID) -> tuple[Status, list[ChainedEvent]]:
    """Where a case stands and its whole chain, for whoever may see the case. Raises NotFound, NominationHeld."""
    scoped = _SCOPED_CHAIN.of(caller)
    rows = await fetch(session, scoped.text, *scoped.filled(caller, {"id": nomination_id}))
    if not rows:
        raise NotFound
    require_not_held(caller, cast("Nomination", ReadOnlyRow(rows[0])))
    return Status(rows[0]["status"]), [_chained(row) for row in rows if row["sequence"] is not None]


_LINK = (NominationEvent.sequence, NominationEvent.previous_hash, NominationEvent.canonical, NominationEvent.hash)
_CHAIN = prepare(select(*_LINK).where(NominationEvent.nomination_id == Slot("id")).order_by(NominationEvent.sequence))
_SCOPED_CHAIN = Statements(
    lambda caller: (
        select(Nomination.status, Nomination.restricted_at, Nomination.nominee_person_id, *_LINK)
        .outerjoin(NominationEvent, NominationEvent.nomination_id == Nomination.id)
        .where(Nomination.id == Slot("id"), in_scope(caller))
        .order_by(NominationEvent.sequence)
    )
)


def _chained(row: Mapping[str, Any]) -> ChainedEvent:
    return ChainedEvent(row["sequence"], row["previous_hash"], row["canonical"], row["hash"])


def readable(event: ChainedEvent) -> dict[str, Any]:
    """An event as the contract shows it: its canonical body and its hash."""
    body: dict[str, Any] = from_json(event.canonical)
    return body | {"hash": event.hash}
