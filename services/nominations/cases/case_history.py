"""Appends to the history of a case, in the transaction of the command itself, and reads the chain back."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

import rfc8785
from sqlalchemy import bindparam, exists, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.callers.tokens import Caller
from services.evidence.chain import GENESIS, ChainedEvent, link
from services.nominations.domain.notifications import is_told
from services.nominations.domain.workflow import Event
from services.nominations.notifications.event_queue import put_event_out
from services.nominations.notifications.notification_tables import WebhookEndpoint
from services.nominations.tables import Nomination, NominationEvent

# Built once: building a statement costs SQLAlchemy more than running it.
_SOMEBODY_ASKED = exists().where(WebhookEndpoint.removed_at.is_(None))
_WRITE = insert(NominationEvent.__table__).returning(_SOMEBODY_ASKED)  # type: ignore[arg-type]  # a declarative table is a Table
_LAST = (
    select(NominationEvent.sequence, NominationEvent.hash)
    .where(NominationEvent.nomination_id == bindparam("case"))
    .order_by(NominationEvent.sequence.desc())
    .limit(1)
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

    The caller holds the lock on the case's row, so that sequence numbers are gapless. `details` hold ids, dates and
    hashes; personal data stays in the case. A job to tell of it is put out only where somebody may hear of it.
    """
    begins = event is Event.CREATED
    sequence, previous = (0, GENESIS) if begins else await _end_of_chain(session, nomination.id)
    body: dict[str, Any] = {
        "nomination_id": str(nomination.id),
        "sequence": sequence + 1,
        "event": event.value,
        "recorded_at": at.isoformat(),
        "actor": _actor(caller),
        "from": {"stage": before[0], "status": before[1]} if before else None,
        "to": {"stage": nomination.stage, "status": nomination.status},
        "reason": reason,
        "details": details or {},
        "definition": {"campaign": nomination.campaign_key, "version": nomination.campaign_version},
        "previous_hash": previous,
    }
    canonical = rfc8785.dumps(body)
    row = {
        "nomination_id": nomination.id,
        "sequence": sequence + 1,
        "event": event.value,
        "canonical": canonical,
        "previous_hash": previous,
        "hash": link(canonical),
        "recorded_at": at,
    }
    somebody_asked = (await (await session.connection()).execute(_WRITE, row)).scalar_one()
    if somebody_asked or is_told(event):
        await put_event_out(session, nomination.id, sequence + 1)


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
    last = (await (await session.connection()).execute(_LAST, {"case": nomination_id})).first()
    return (last.sequence, last.hash) if last else (0, GENESIS)


async def history(session: AsyncSession, nomination_id: UUID) -> list[ChainedEvent]:
    """The whole chain of a case, oldest first."""
    rows = await session.scalars(
        select(NominationEvent).where(NominationEvent.nomination_id == nomination_id).order_by(NominationEvent.sequence)
    )
    return [ChainedEvent(row.sequence, row.previous_hash, bytes(row.canonical), row.hash) for row in rows]


def readable(event: ChainedEvent) -> dict[str, Any]:
    """An event as the contract shows it: its canonical body and its hash."""
    body: dict[str, Any] = json.loads(event.canonical)
    return body | {"hash": event.hash}
