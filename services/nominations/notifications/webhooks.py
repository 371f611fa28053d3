"""Endpoints of a body's own system: made, tested, given a new secret, removed; deliveries looked at and sent again."""

import base64
import json
import secrets
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.common.callers.tokens import Caller
from services.common.messages.outgoing import AddressRefused
from services.common.problems import FieldError, NotFound, Unprocessable
from services.nominations.audit import note
from services.nominations.audit_table import ProcedureAction
from services.nominations.context import Context
from services.nominations.domain.webhooks import PING, DeliveryState, scope_of
from services.nominations.notifications.event_queue import DELIVER
from services.nominations.notifications.jobs import enqueue
from services.nominations.notifications.notification_tables import WebhookDelivery, WebhookEndpoint
from services.nominations.problems import TooManyEndpoints
from services.nominations.schemas.webhooks import NewWebhookEndpoint

MOST_ENDPOINTS = 5
_SECRET_BYTES = 32
_OLD_SECRET_HOLDS = timedelta(hours=24)


async def create_endpoint(
    session: AsyncSession, context: Context, caller: Caller, wanted: NewWebhookEndpoint
) -> tuple[WebhookEndpoint, str]:
    """The endpoint and its secret, which is shown this once. That it is reachable was asked before. Raises TooManyEndpoints."""
    body = UUID(caller.organisation_id)
    # Two at once count one after the other.
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"webhooks {body}"))))
    if len(await endpoints_of(session, caller)) >= MOST_ENDPOINTS:
        raise TooManyEndpoints
    endpoint_id, secret = uuid7(), _new_secret()
    endpoint = WebhookEndpoint(
        id=endpoint_id,
        organisation_id=body,
        jurisdiction=caller.jurisdiction,
        scope=scope_of(caller.roles),
        url=wanted.url,
        events=sorted(set(wanted.events)),
        secret_sealed=context.seal.seal(secret, bound_to=str(endpoint_id)),
        created_by=caller.answerable_id,
        created_at=context.clock.now(),
    )
    session.add(endpoint)
    await session.flush()
    await note(session, ProcedureAction.WEBHOOK_CREATED, caller, endpoint=str(endpoint_id))
    return endpoint, secret


async def require_reachable(context: Context, url: str) -> None:
    """The same check that every delivery makes; names are looked up, so outside any transaction. Raises Unprocessable."""
    try:
        await context.outgoing.address_of(context.outgoing.parse(url))
    except AddressRefused:
        wrong = FieldError("/url", "address_refused", "请填写可从公网访问的https地址，不能指向内部网络")
        raise Unprocessable(errors=[wrong]) from None


async def endpoints_of(session: AsyncSession, caller: Caller) -> Sequence[WebhookEndpoint]:
    """Those of the caller's body, oldest first; there are never many."""
    mine = WebhookEndpoint.organisation_id.in_(caller.organisations)
    query = select(WebhookEndpoint).where(mine, WebhookEndpoint.removed_at.is_(None))
    return (await session.scalars(query.order_by(WebhookEndpoint.id))).all()


async def endpoint_of(
    session: AsyncSession, caller: Caller, endpoint_id: UUID, *, lock: bool = False
) -> WebhookEndpoint:
    """Raises NotFound for another body's."""
    found = await session.get(WebhookEndpoint, endpoint_id, with_for_update=lock or None)
    if found is None or found.removed_at is not None or found.organisation_id not in caller.organisations:
        raise NotFound
    return found


async def give_new_secret(
    session: AsyncSession, context: Context, caller: Caller, endpoint_id: UUID
) -> tuple[WebhookEndpoint, str]:
    """For a day deliveries are signed with both, so that the receiver changes over without loss. Raises NotFound."""
    endpoint = await endpoint_of(session, caller, endpoint_id, lock=True)
    secret = _new_secret()
    endpoint.old_secret_sealed = endpoint.secret_sealed
    endpoint.old_secret_until = context.clock.now() + _OLD_SECRET_HOLDS
    endpoint.secret_sealed = context.seal.seal(secret, bound_to=str(endpoint.id))
    await session.flush()
    await note(session, ProcedureAction.WEBHOOK_SECRET_CHANGED, caller, endpoint=str(endpoint.id))
    return endpoint, secret


async def remove_endpoint(
    session: AsyncSession, context: Context, caller: Caller, endpoint_id: UUID
) -> WebhookEndpoint:
    """Nothing more is sent there, what waits neither. Raises NotFound."""
    endpoint = await endpoint_of(session, caller, endpoint_id, lock=True)
    endpoint.removed_at = context.clock.now()
    await note(session, ProcedureAction.WEBHOOK_REMOVED, caller, endpoint=str(endpoint.id))
    return endpoint


async def send_test(session: AsyncSession, context: Context, caller: Caller, endpoint_id: UUID) -> WebhookDelivery:
    """A `ping`, delivered like any event. Raises NotFound."""
    endpoint = await endpoint_of(session, caller, endpoint_id)
    delivery_id, now = uuid7(), context.clock.now()
    body = {"id": str(delivery_id), "type": PING, "timestamp": now.isoformat(), "data": {}}
    delivery = WebhookDelivery(
        id=delivery_id,
        endpoint_id=endpoint.id,
        event=PING,
        once=str(delivery_id),
        body=json.dumps(body, separators=(",", ":")),
        state=DeliveryState.WAITING,
        attempts=0,
        created_at=now,
    )
    session.add(delivery)
    await session.flush()
    await enqueue(session, DELIVER, [str(delivery_id)])
    return delivery


async def deliveries_of(
    session: AsyncSession,
    caller: Caller,
    endpoint_id: UUID,
    *,
    state: DeliveryState | None,
    before: UUID | None,
    limit: int,
) -> Sequence[WebhookDelivery]:
    """The newest first. Raises NotFound."""
    await endpoint_of(session, caller, endpoint_id)
    query = select(WebhookDelivery).where(WebhookDelivery.endpoint_id == endpoint_id)
    if state is not None:
        query = query.where(WebhookDelivery.state == state)
    if before is not None:
        query = query.where(WebhookDelivery.id < before)
    return (await session.scalars(query.order_by(WebhookDelivery.id.desc()).limit(limit))).all()


async def deliver_again(session: AsyncSession, caller: Caller, endpoint_id: UUID, delivery_id: UUID) -> WebhookDelivery:
    """The same message under the same id, from the first try on: receivers that have it drop it. Raises NotFound."""
    await endpoint_of(session, caller, endpoint_id)
    delivery = await session.get(WebhookDelivery, delivery_id, with_for_update=True)
    if delivery is None or delivery.endpoint_id != endpoint_id:
        raise NotFound
    if delivery.state != DeliveryState.WAITING:
        delivery.state, delivery.attempts = DeliveryState.WAITING, 0
        await session.flush()
        await enqueue(session, DELIVER, [str(delivery.id)])
    return delivery


def _new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()
