"""What the procedure holds about the caller, and who saw it."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.nominations.domain.disclosures import AccessKind
from services.nominations.personal_data.own_data import OwnCase
from services.nominations.schemas.words import StageWord, StatusWord


class OwnConfirmation(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    part: str
    person_name: str
    on_behalf: bool
    statement: str
    confirmed_at: datetime


class OwnStory(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    title: str
    text: str
    consented_at: datetime | None
    published_at: datetime | None


class OwnCaseBody(BaseModel):
    """One case about the caller: everything that was entered, and how much else is held."""

    id: UUID
    campaign_key: str
    category: str
    unit_name: str
    stage: StageWord
    status: StatusWord
    form: Annotated[dict[str, Any], Field(description="All answers; identity numbers masked")]
    confirmations: list[OwnConfirmation]
    story: OwnStory | None
    held: Annotated[
        dict[str, int],
        Field(
            description="How many events, departments' opinions and objections the case has; their words are not shown"
        ),
    ]
    created_at: datetime
    saved_at: datetime
    submitted_at: datetime | None

    @classmethod
    def of(cls, case: OwnCase) -> "OwnCaseBody":
        plain = {name: getattr(case.nomination, name) for name in _OF_THE_CASE}
        return cls(
            **plain,
            confirmations=[OwnConfirmation.model_validate(each) for each in case.confirmations],
            story=OwnStory.model_validate(case.story) if case.story is not None else None,
            held=case.held,
        )


_OF_THE_CASE = [name for name in OwnCaseBody.model_fields if name not in ("confirmations", "story", "held")]


class OwnData(BaseModel):
    """Cases, the newest first. The account: `GET /v1/auth/me/data`; papers: `GET /v1/documents/me/data`."""

    items: list[OwnCaseBody]
    next_page_token: Annotated[str | None, Field(description="Send as page_token for the next page; null on the last")]


class DataAccessBody(BaseModel):
    """One access to the caller's data."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    at: datetime
    kind: AccessKind
    nomination_id: UUID | None
    official: Annotated[str, Field(description="Who looked, or who gave it away")]
    organisation: str
    recipient: Annotated[str, Field(description="Who saw or got it")]
    fields: list[str]
    purpose: Annotated[str, Field(description="Of a reveal: the reason that was given for it")]


class DataAccesses(BaseModel):
    """Accesses, the newest first."""

    items: list[DataAccessBody]
    next_page_token: Annotated[str | None, Field(description="Send as page_token for the next page; null on the last")]
