"""Misconduct of those who work on a campaign, as offices record it."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.common.answers.strict_json import CLEAN, StrictRequest
from services.nominations.schemas.words import MisconductOutcomeWord


class NewMisconductCase(StrictRequest):
    """Who is under inquiry, and for what."""

    campaign_key: Annotated[str, Field(max_length=80), CLEAN]
    person_id: Annotated[UUID, Field(description="The account; its access is stopped at once")]
    person_name: Annotated[str, Field(min_length=1, max_length=60), CLEAN]
    organisation_name: Annotated[str, Field(min_length=1, max_length=100), CLEAN]
    finding: Annotated[str, Field(min_length=4, max_length=2000), CLEAN]


class MisconductConclusion(StrictRequest):
    """What came of it."""

    outcome: Literal["substantiated", "unsubstantiated"]
    conclusion: Annotated[str, Field(min_length=2, max_length=2000), CLEAN]


class MisconductBody(BaseModel):
    """A case of misconduct as recorded."""

    id: UUID
    campaign_key: str
    person_id: UUID
    person_name: str
    organisation_name: str
    finding: str
    opened_at: datetime
    suspended_at: datetime | None
    outcome: MisconductOutcomeWord | None
    conclusion: str | None
    concluded_at: datetime | None
    reinstated_at: Annotated[
        datetime | None,
        Field(description="When the access came back. Null with `unsubstantiated`: not yet, send the conclusion again"),
    ]


class MisconductPage(BaseModel):
    """Cases of misconduct in a campaign, oldest first."""

    items: list[MisconductBody]
    next_page_token: str | None
