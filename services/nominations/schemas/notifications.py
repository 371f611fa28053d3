"""Notifications as people read them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from services.common.answers.strict_json import StrictRequest
from services.nominations.domain.notifications import Audience
from services.nominations.schemas.words import ChannelWord, SendingWord, ToldWord


class NotificationBody(BaseModel):
    """One thing that the caller is told."""

    id: UUID
    kind: Annotated[ToldWord, Field(description="An event of the case history, or a reminder such as `materials_due`")]
    text: Annotated[str, Field(description="给用户看的一句话，不含个人信息 A sentence for people, which names nobody")]
    campaign_key: str
    nomination_id: Annotated[UUID | None, Field(description="None for a reminder about no single case")]
    audience: Audience
    told_at: datetime
    read: bool


class NotificationPage(BaseModel):
    """Notifications, the newest first."""

    items: list[NotificationBody]
    next_page_token: str | None


class UnreadCount(BaseModel):
    """For the badge."""

    unread: Annotated[int, Field(ge=0, le=100, description="100 means: more than 99")]


class ReadUpTo(StrictRequest):
    """The newest notification that the person has seen."""

    notification_id: UUID


class ReadMark(BaseModel):
    """Everything up to this one is read."""

    read_up_to: UUID


class PushBody(BaseModel):
    """How an urgent notification went to one person's phone."""

    channel: ChannelWord
    state: Annotated[SendingWord, Field(description="`refused` by a mailbox; `no_channel` where the person has none")]
    at: datetime


class ToldBody(BaseModel):
    """One audience that was told of a case."""

    id: UUID
    kind: ToldWord
    text: str
    audience: Audience
    urgent: bool
    told_at: datetime
    pushes: list[PushBody]


class ToldList(BaseModel):
    """Everything that was told of a case, oldest first."""

    items: list[ToldBody]
