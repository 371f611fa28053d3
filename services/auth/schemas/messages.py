"""Messages to phones."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.auth.domain.roles import Role
from services.common.answers.closed_lists import one_of
from services.common.answers.strict_json import CLEAN, StrictRequest


class MessageRecipients(StrictRequest):
    """One person, or whoever holds one of the roles at a body or in a jurisdiction."""

    person_id: UUID | None = None
    organisation_id: UUID | None = None
    jurisdiction: Annotated[str | None, Field(max_length=20), CLEAN] = None
    roles: Annotated[list[Role], Field(max_length=10, default_factory=list)]
    except_person_id: UUID | None = None


class NewMessage(StrictRequest):
    """A message that each recipient gets once, however often it is asked for under this id."""

    message_id: UUID
    to: MessageRecipients
    template: Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[a-z_]+$"), CLEAN]
    text: Annotated[str, Field(min_length=1, max_length=300, description="Without personal data"), CLEAN]
    subject: Annotated[str, Field(max_length=120, description="Of an e-mail; empty: the text"), CLEAN] = ""
    channels: Annotated[
        list[Literal["wechat", "sms", "email"]],
        Field(min_length=1, max_length=3, description="Tried in this order until one takes it"),
    ] = ["wechat", "sms", "email"]  # noqa: RUF012  pydantic copies defaults
    page_token: Annotated[
        str | None,
        Field(max_length=400, description="`next_page_token` of the answer before: the next recipients"),
        CLEAN,
    ] = None


class SentMessage(BaseModel):
    """What became of it for one person."""

    person_id: UUID
    channel: Annotated[str, one_of("SentMessageChannel", ("wechat", "sms", "email", "none"))]
    state: Annotated[str, one_of("SentMessageState", ("sent", "failed", "refused", "unknown", "no_channel"))]


class SentMessages(BaseModel):
    """What became of it for each recipient, fifty at a time."""

    items: list[SentMessage]
    next_page_token: Annotated[
        str | None, Field(description="Send the message again with it, for the next recipients; null: all were told")
    ]


class MessageTemplate(BaseModel):
    """A template to ask the person's consent for."""

    template_id: str
    kinds: Annotated[list[str], Field(description="What is told by it, such as `review_returned`")]


class MessageTemplates(BaseModel):
    """For `wx.requestSubscribeMessage`, which takes at most three to five at once."""

    items: Annotated[list[MessageTemplate], Field(max_length=5)]


class MessageConsent(StrictRequest):
    """What the person accepted in the dialog of `wx.requestSubscribeMessage`."""

    appid: Annotated[str, Field(min_length=1, max_length=40), CLEAN]
    accepted: Annotated[list[Annotated[str, Field(max_length=80)]], Field(max_length=5)]


class MessageCredits(BaseModel):
    """How many messages of each template may be sent to this phone."""

    credits: dict[str, int]
