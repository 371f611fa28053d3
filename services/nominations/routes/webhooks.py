"""Webhook endpoints of the caller's body."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.answers.strict_json import StrictRoute
from services.common.callers.tokens import Caller, caller_with
from services.common.db import Reading, Transaction
from services.common.lists.paging import AfterId, PageSize, page_token
from services.common.problem_schema import SIGNED_IN, DeclaringRouter, answers
from services.common.problems import (
    Forbidden,
    MalformedJson,
    NotFound,
    Unavailable,
    Unprocessable,
)
from services.common.repeats.once import Once
from services.nominations.context import InContext
from services.nominations.domain.webhooks import DeliveryState
from services.nominations.domain.workflow import Role
from services.nominations.notifications.notification_tables import WebhookDelivery, WebhookEndpoint
from services.nominations.notifications.webhooks import (
    create_endpoint,
    deliver_again,
    deliveries_of,
    endpoints_of,
    give_new_secret,
    remove_endpoint,
    require_reachable,
    send_test,
)
from services.nominations.problems import TooManyEndpoints
from services.nominations.schemas.webhooks import (
    NewWebhookEndpoint,
    WebhookDeliveryBody,
    WebhookDeliveryPage,
    WebhookEndpointBody,
    WebhookEndpointList,
    WebhookEndpointSecret,
    WebhookEvent,
)

webhook_routes = DeclaringRouter(
    route_class=StrictRoute,
    prefix="/v1/webhook-endpoints",
    tags=["webhooks"],
    responses=SIGNED_IN | answers(Forbidden, Unprocessable, Unavailable),
)
Owner = Annotated[Caller, caller_with(Role.UNIT_CLERK, Role.COUNTY_OFFICER, Role.CITY_OFFICER)]
webhook_events = APIRouter()


@webhook_events.post("nomination_event", operation_id="receive_nomination_event", tags=["webhooks"])
def receive_nomination_event(event: WebhookEvent) -> None:
    """推送事件。Headers `webhook-id`, `webhook-timestamp`, `webhook-signature`: verify with any Standard Webhooks library.

    Answer 2xx within 10 seconds. Anything else is tried again for 72 hours, under the same `webhook-id`.
    """


def _endpoint(row: WebhookEndpoint) -> WebhookEndpointBody:
    return WebhookEndpointBody.model_validate(row, from_attributes=True)


def _with_secret(row: WebhookEndpoint, secret: str) -> WebhookEndpointSecret:
    return WebhookEndpointSecret(**_endpoint(row).model_dump(), secret=secret)


def _delivery(row: WebhookDelivery) -> WebhookDeliveryBody:
    return WebhookDeliveryBody.model_validate(row, from_attributes=True)


@webhook_routes.post(
    "",
    status_code=201,
    response_model=WebhookEndpointSecret,
    responses=answers(MalformedJson, TooManyEndpoints),
)
async def create_webhook_endpoint(
    wanted: NewWebhookEndpoint, caller: Owner, context: InContext, once: Once
) -> Response:
    """登记推送地址，签名密钥只显示一次。The signing secret is in this answer and nowhere after."""

    async def perform(session: AsyncSession) -> WebhookEndpointSecret:
        return _with_secret(*await create_endpoint(session, context, caller, wanted))

    answered = await once.given(caller)
    if answered is None:
        await require_reachable(context, wanted.url)
        answered = await once.do(caller, perform)
    return answered


@webhook_routes.get("")
async def list_webhook_endpoints(caller: Owner, session: Reading) -> WebhookEndpointList:
    """本机构的推送地址。At most five."""
    return WebhookEndpointList(items=[_endpoint(row) for row in await endpoints_of(session, caller)])


@webhook_routes.post(
    "/{endpoint_id}/secrets", status_code=201, response_model=WebhookEndpointSecret, responses=answers(NotFound)
)
async def rotate_webhook_secret(endpoint_id: UUID, caller: Owner, context: InContext, once: Once) -> Response:
    """更换签名密钥，旧密钥24小时内仍同时签名。For a day deliveries carry the signatures of both."""

    async def perform(session: AsyncSession) -> WebhookEndpointSecret:
        return _with_secret(*await give_new_secret(session, context, caller, endpoint_id))

    return await once.do(caller, perform)


@webhook_routes.delete("/{endpoint_id}", responses=answers(NotFound))
async def remove_webhook_endpoint(
    endpoint_id: UUID, caller: Owner, session: Transaction, context: InContext
) -> WebhookEndpointBody:
    """删除推送地址，未送达的不再推送。What was not delivered yet is not sent any more."""
    return _endpoint(await remove_endpoint(session, context, caller, endpoint_id))


@webhook_routes.post(
    "/{endpoint_id}/tests", status_code=201, response_model=WebhookDeliveryBody, responses=answers(NotFound)
)
async def send_webhook_test(endpoint_id: UUID, caller: Owner, context: InContext, once: Once) -> Response:
    """发送一条测试推送（ping）。Look at its delivery to see what came of it."""

    async def perform(session: AsyncSession) -> WebhookDeliveryBody:
        return _delivery(await send_test(session, context, caller, endpoint_id))

    return await once.do(caller, perform)


@webhook_routes.get("/{endpoint_id}/deliveries", responses=answers(NotFound))
async def list_webhook_deliveries(
    endpoint_id: UUID,
    caller: Owner,
    session: Reading,
    before: AfterId,
    state: Annotated[DeliveryState | None, Query()] = None,
    page_size: PageSize = 20,
) -> WebhookDeliveryPage:
    """推送记录，最新的在前。What was sent and what was answered, the newest first."""
    rows = await deliveries_of(session, caller, endpoint_id, state=state, before=before, limit=page_size + 1)
    items = [_delivery(row) for row in rows[:page_size]]
    return WebhookDeliveryPage(items=items, next_page_token=page_token(items[-1].id) if len(rows) > page_size else None)


@webhook_routes.post(
    "/{endpoint_id}/deliveries/{delivery_id}/redeliveries", status_code=201, responses=answers(NotFound)
)
async def redeliver_webhook(
    endpoint_id: UUID, delivery_id: UUID, caller: Owner, session: Transaction
) -> WebhookDeliveryBody:
    """重新推送一条。The same message under the same id."""
    return _delivery(await deliver_again(session, caller, endpoint_id, delivery_id))
