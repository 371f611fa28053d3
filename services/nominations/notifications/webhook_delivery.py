"""A delivery on its way: signed as Standard Webhooks says, tried again for 72 hours, every try written down."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from pgqueuer.errors import RetryRequested
from sqlalchemy.ext.asyncio import AsyncSession
from standardwebhooks import Webhook

from services.common.messages.outgoing import AddressRefused, NotReached
from services.nominations.context import Context
from services.nominations.domain.webhooks import DeliveryState, wait_before_next
from services.nominations.notifications.notification_tables import WebhookDelivery, WebhookEndpoint

USER_AGENT = "Xianjin-Webhooks/1"
_REMOVED = "endpoint_removed"


async def deliver(context: Context, payload: str) -> None:
    """The job: one try. Raises RetryRequested when there is to be another."""
    async with context.database.reading() as session:
        delivery = await session.get(WebhookDelivery, UUID(payload))
        endpoint = await session.get(WebhookEndpoint, delivery.endpoint_id) if delivery else None
    if delivery is None or endpoint is None or delivery.state != DeliveryState.WAITING:
        return
    status, trouble = await _try(context, delivery, endpoint)
    async with context.database.transaction() as session:
        wait = await _note(session, delivery.id, status, trouble, at=context.clock.now())
    if wait is not None:
        raise RetryRequested(delay=wait, reason=trouble or str(status))


async def _try(context: Context, delivery: WebhookDelivery, endpoint: WebhookEndpoint) -> tuple[int | None, str | None]:
    if endpoint.removed_at is not None:
        return None, _REMOVED
    try:
        return await context.outgoing.post(
            endpoint.url, content=delivery.body.encode(), headers=_headers(context, delivery, endpoint)
        ), None
    except AddressRefused:
        return None, "address_refused"
    except NotReached as error:
        return None, str(error)


def _headers(context: Context, delivery: WebhookDelivery, endpoint: WebhookEndpoint) -> dict[str, str]:
    """The receiver judges freshness by the real time, whatever the procedure's clock says."""
    now = datetime.now(UTC)
    secrets = [open_secret(context, endpoint.id, endpoint.secret_sealed)]
    if (
        endpoint.old_secret_sealed is not None
        and endpoint.old_secret_until
        and context.clock.now() < endpoint.old_secret_until
    ):
        secrets.append(open_secret(context, endpoint.id, endpoint.old_secret_sealed))
    message_id = f"msg_{delivery.id.hex}"
    signatures = [Webhook(secret).sign(message_id, now, delivery.body) for secret in secrets]
    return {
        "Content-Type": "application/json",
        "User-Agent": USER_AGENT,
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def open_secret(context: Context, endpoint_id: UUID, sealed: bytes) -> str:
    return context.seal.open(sealed, bound_to=str(endpoint_id))


async def _note(
    session: AsyncSession, delivery_id: UUID, status: int | None, trouble: str | None, *, at: datetime
) -> timedelta | None:
    """How long to wait before the next try; None when it is over."""
    row = await session.get_one(WebhookDelivery, delivery_id, with_for_update=True)
    row.attempts, row.last_attempt_at, row.last_status, row.last_trouble = row.attempts + 1, at, status, trouble
    if status is not None and 200 <= status < 300:
        row.state = DeliveryState.DELIVERED
        return None
    wait = None if trouble == _REMOVED else wait_before_next(row.attempts)
    if wait is None:
        row.state = DeliveryState.FAILED
    return wait
