"""Requests about one's own data, and their answers."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from services.auth.domain.rights_requests import RightsAbout, RightsHandler, RightsKind, RightsOutcome
from services.auth.schemas.invitations import FullName
from services.auth.schemas.privacy import CampaignKey
from services.common.answers.strict_json import CLEAN, StrictRequest

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=1000), CLEAN]


class NewRightsRequest(StrictRequest):
    kind: RightsKind
    about: RightsAbout
    text: Annotated[Words, Field(description="What is wrong, what is to go, or what is to be explained")]
    campaign_key: Annotated[CampaignKey | None, Field(description="Null: of all campaigns")] = None


class RightsRequest(BaseModel):
    id: UUID
    kind: RightsKind
    about: RightsAbout
    text: str
    campaign_key: str | None
    consent_id: Annotated[UUID | None, Field(description="The withdrawal that opened it by itself")]
    handler: Annotated[RightsHandler, Field(description="Whose office answers")]
    asked_at: datetime
    due_on: Annotated[date, Field(description="Answered by the end of this day")]
    outcome: Annotated[
        RightsOutcome | None,
        Field(description="Null: open. `restricted`: law keeps the data, nobody works with it any more"),
    ]
    reason: str | None
    ground: Annotated[str | None, Field(description="Of `restricted`: the law that asks for keeping")]
    decided_by_name: str | None
    decided_at: datetime | None


class RightsRequestPage(BaseModel):
    items: list[RightsRequest]
    next_page_token: Annotated[str | None, Field(description="Send as page_token for the next page; null on the last")]


class WaitingRequest(RightsRequest):
    person_id: UUID
    full_name: str
    jurisdiction: str


class WaitingRequestPage(BaseModel):
    items: Annotated[list[WaitingRequest], Field(description="The one due first at the top")]
    next_page_token: Annotated[str | None, Field(description="Send as page_token for the next page; null on the last")]


class RightsDecision(StrictRequest):
    outcome: RightsOutcome
    reason: Annotated[Words, Field(description="The person reads it")]
    ground: Annotated[
        Words | None, Field(description="Of `restricted`: the law or regulation that asks for keeping")
    ] = None
    full_name: Annotated[FullName | None, Field(description="A correction of an account's name, done with it")] = None
