"""After an event: notifications for the people it concerns, deliveries for the systems that asked to hear of it."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table, and_, any_, literal, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.nominations.city_tables import Objection
from services.nominations.context import Context
from services.nominations.domain.notifications import Audience, Told, told_of
from services.nominations.domain.webhooks import DeliveryState, Scope
from services.nominations.domain.workflow import Event
from services.nominations.notifications.event_queue import DELIVER, DIGEST, PUSH
from services.nominations.notifications.jobs import enqueue
from services.nominations.notifications.notification_tables import Notification, WebhookDelivery, WebhookEndpoint
from services.nominations.tables import Nomination, NominationEvent

_NOTIFICATIONS: Table = Notification.__table__  # type: ignore[assignment]  # a declarative table is a Table


async def tell(context: Context, payload: str) -> None:
    """The job: writes what is to be told, and asks for the deliveries. Done twice, it tells once."""
    nomination_id, _, sequence = payload.partition(":")
    async with context.database.transaction() as session:
        event = await session.get(NominationEvent, (UUID(nomination_id), int(sequence)))
        if event is None:
            return
        nomination = await session.get_one(Nomination, event.nomination_id)
        body: dict[str, Any] = json.loads(event.canonical)
        told = told_of(Event(event.event), stage=body["to"]["stage"], handled_by=await _handled_by(session, body))
        now = context.clock.now()
        urgent = await _write(session, (_notification(nomination, event, body, each, now) for each in told))
        await enqueue(session, PUSH, [str(each) for each in urgent])
        await enqueue(session, DELIVER, await _address(session, nomination, event, body, now))


async def _handled_by(session: AsyncSession, body: dict[str, Any]) -> str:
    if body["event"] != Event.OBJECTION_RECEIVED:
        return ""
    objection = await session.get_one(Objection, UUID(body["details"]["objection_id"]))
    return objection.office


def _notification(
    nomination: Nomination, event: NominationEvent, body: dict[str, Any], told: Told, now: datetime
) -> dict[str, Any] | None:
    """None where nobody stands there to be told: a case without the nominee's own account, an office that has not got it."""
    if told.audience is Audience.NOMINEE and nomination.nominee_person_id is None:
        return None
    handles = event.event == Event.OBJECTION_RECEIVED
    if told.audience is Audience.COUNTY and not handles and not _by_then(nomination.handed_over_at, event):
        return None
    if told.audience is Audience.CITY and not handles and not _by_then(nomination.reported_at, event):
        return None
    actor = body["actor"]["id"]
    return {
        "id": uuid7(),
        "campaign_key": nomination.campaign_key,
        "nomination_id": nomination.id,
        "kind": event.event,
        "audience": told.audience,
        "person_id": nomination.nominee_person_id if told.audience is Audience.NOMINEE else None,
        "unit_id": nomination.unit_id if told.audience in {Audience.UNIT, Audience.UNIT_HEAD} else None,
        "quota_unit": nomination.quota_unit if told.audience is Audience.COUNTY else None,
        "actor_id": UUID(actor) if _is_uuid(actor) else None,
        "facts": {},
        "urgent": told.urgent,
        "once": f"{nomination.id}:{event.sequence}:{told.audience}",
        "told_at": now,
    }


async def _write(session: AsyncSession, rows: Iterable[dict[str, Any] | None]) -> list[UUID]:
    """Gives the urgent ones that were not written before."""
    return [row.id for row in await _new(session, rows) if row.urgent]


async def _new(session: AsyncSession, rows: Iterable[dict[str, Any] | None]) -> Sequence[Any]:
    """Those that were not written before: id, urgency and address. In as many statements as their number takes."""
    wanted = [row for row in rows if row is not None]
    if not wanted:
        return []
    told = _NOTIFICATIONS.c
    written = insert(_NOTIFICATIONS).on_conflict_do_nothing(constraint="nobody_is_told_twice")
    columns = (told.id, told.urgent, told.audience, told.unit_id, told.quota_unit)
    return (await session.execute(written.returning(*columns), wanted)).all()


async def write_reminders(session: AsyncSession, rows: Iterable[dict[str, Any]]) -> int:
    """Writes reminders of this morning that were not written before, pushes the urgent ones; how many are pushed.

    The others are mailed: one digest to each office, whatever the number of reminders.
    """
    new = await _new(session, rows)
    urgent = [str(row.id) for row in new if row.urgent]
    await enqueue(session, PUSH, urgent)
    digests: dict[tuple[Any, ...], list[str]] = {}
    for row in new:
        if not row.urgent:
            digests.setdefault((row.audience, row.unit_id, row.quota_unit), []).append(str(row.id))
    await enqueue(session, DIGEST, [" ".join(ids) for ids in digests.values()])
    return len(urgent)


async def _address(
    session: AsyncSession, nomination: Nomination, event: NominationEvent, body: dict[str, Any], now: datetime
) -> list[str]:
    """One delivery for each endpoint that sees the case and asked for this event."""
    seen_by = [and_(WebhookEndpoint.scope == Scope.UNIT, WebhookEndpoint.organisation_id == nomination.unit_id)]
    if _by_then(nomination.handed_over_at, event):
        seen_by.append(
            and_(WebhookEndpoint.scope == Scope.COUNTY, WebhookEndpoint.jurisdiction == nomination.quota_unit)
        )
    if _by_then(nomination.reported_at, event):
        seen_by.append(WebhookEndpoint.scope == Scope.CITY)
    wanted = or_(WebhookEndpoint.events == [], literal(event.event) == any_(WebhookEndpoint.events))
    query = select(WebhookEndpoint.id).where(WebhookEndpoint.removed_at.is_(None), or_(*seen_by), wanted)
    endpoints = (await session.scalars(query)).all()
    if not endpoints:
        return []
    rows = [
        {
            "id": (delivery_id := uuid7()),
            "endpoint_id": endpoint,
            "event": event.event,
            "nomination_id": nomination.id,
            "sequence": event.sequence,
            "once": f"{nomination.id}:{event.sequence}",
            "body": _body(delivery_id, nomination, event, body),
            "state": DeliveryState.WAITING,
            "attempts": 0,
            "created_at": now,
        }
        for endpoint in endpoints
    ]
    written = insert(WebhookDelivery).values(rows).on_conflict_do_nothing()
    return [str(each) for each in await session.scalars(written.returning(WebhookDelivery.id))]


def _body(delivery_id: UUID, nomination: Nomination, event: NominationEvent, body: dict[str, Any]) -> str:
    """Thin on purpose: ids and places. Whoever may know more reads the case with a token of their own."""
    data = {
        "nomination_id": str(nomination.id),
        "campaign_key": nomination.campaign_key,
        "category": nomination.category,
        "quota_unit": nomination.quota_unit,
        "sequence": event.sequence,
        "from": body["from"],
        "to": body["to"],
        "hash": event.hash,
    }
    envelope = {"id": str(delivery_id), "type": event.event, "timestamp": body["recorded_at"], "data": data}
    return json.dumps(envelope, ensure_ascii=False, separators=(",", ":"))


def _by_then(moment: datetime | None, event: NominationEvent) -> bool:
    """However late the job runs, a level above hears of nothing that happened before the case came to it."""
    return moment is not None and moment <= event.recorded_at


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
