"""Webhook endpoints and deliveries."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.common.answers.strict_json import CLEAN, StrictRequest
from services.nominations.domain.webhooks import DeliveryState, Scope
from services.nominations.domain.workflow import Event
from services.nominations.schemas.words import DeliveredWord, EventWord, StageWord, StatusWord


class NewWebhookEndpoint(StrictRequest):
    """Where deliveries go, and which events."""

    url: Annotated[str, Field(min_length=10, max_length=500, examples=["https://oa.example/xianjin/events"]), CLEAN]
    events: Annotated[
        list[Event], Field(max_length=60, default_factory=list, description="空数组为全部事件 Empty: every event")
    ]


class WebhookEndpointBody(BaseModel):
    """An endpoint, without its secret."""

    id: UUID
    url: str
    events: list[EventWord]
    scope: Annotated[Scope, Field(description="Whose cases it hears of: those that the body's people see")]
    created_at: datetime
    old_secret_until: datetime | None


class WebhookEndpointSecret(WebhookEndpointBody):
    """An endpoint with its signing secret, shown this once."""

    secret: Annotated[str, Field(description="`whsec_…`, for any Standard Webhooks library", examples=["whsec_…"])]


class WebhookEndpointList(BaseModel):
    """The endpoints of the caller's body."""

    items: list[WebhookEndpointBody]


class WebhookDeliveryBody(BaseModel):
    """One delivery and how far it came."""

    id: UUID
    event: DeliveredWord
    nomination_id: UUID | None
    sequence: Annotated[int | None, Field(description="顺序号：同一推荐内连续递增 The event's place in its case")]
    state: DeliveryState
    attempts: int
    created_at: datetime
    last_attempt_at: datetime | None
    last_status: Annotated[int | None, Field(description="HTTP status of the last answer")]
    last_trouble: Annotated[str | None, Field(description="Why there was no answer")]


class WebhookDeliveryPage(BaseModel):
    """Deliveries, the newest first."""

    items: list[WebhookDeliveryBody]
    next_page_token: str | None


class CasePlace(BaseModel):
    """Where a case stands."""

    stage: StageWord
    status: StatusWord


class WebhookEventData(BaseModel):
    """What a delivery says of a case: ids and places, nothing personal."""

    nomination_id: UUID
    campaign_key: str
    category: str
    quota_unit: str
    sequence: Annotated[int, Field(description="Order deliveries of one case by this")]
    from_: Annotated[CasePlace | None, Field(alias="from")]
    to: CasePlace
    hash: Annotated[str, Field(description="The event's hash in the case history")]


class WebhookEvent(BaseModel):
    """The body of a delivery."""

    id: UUID
    type: Annotated[Event | Literal["ping"], Field(description="The event's name in the case history")]
    timestamp: datetime
    data: WebhookEventData | dict[str, Any]
