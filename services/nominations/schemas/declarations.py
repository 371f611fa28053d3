"""What a recommending organisation declares: nobody to nominate, its own criteria, a circumstance that bars, a story."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from services.common.answers.strict_json import CLEAN, StrictRequest
from services.nominations.domain.disqualification import LiftingAction

_Sentence = Annotated[str, Field(min_length=2, max_length=2000), CLEAN]
_Key = Annotated[str, Field(min_length=1, max_length=80), CLEAN]


class NewZeroDeclaration(StrictRequest):
    """“没有符合条件的推荐对象可不推荐” (R13). The signed-in officer signs."""

    campaign_key: Annotated[str, Field(max_length=80, examples=["shanxi-manufacturing-2025"]), CLEAN]
    category: Annotated[str, Field(max_length=80, examples=["advanced_individual"]), CLEAN]
    quota_unit: Annotated[
        str | None,
        Field(
            max_length=40,
            examples=["city_direct"],
            description="For whom: a county's office may leave it out; the city's names one that has no county (A13)",
        ),
        CLEAN,
    ] = None
    reason: _Sentence


class Revocation(StrictRequest):
    """Takes something back, and says why."""

    reason: _Sentence


class ZeroDeclarationBody(BaseModel):
    """A declared zero nomination. While it is in force, its seats are waived."""

    id: UUID
    campaign_key: str
    quota_unit: str
    category: str
    reason: str
    seats: int
    signer_name: str
    declared_at: datetime
    revoked_at: datetime | None
    revoked_reason: str | None


class ZeroDeclarations(BaseModel):
    """Declarations within the caller's scope, in force and revoked."""

    items: list[ZeroDeclarationBody]


class NewDisqualification(StrictRequest):
    """A circumstance of R83–R93, found by an office."""

    disqualifier: Annotated[str, Field(max_length=80, examples=["social_insurance_arrears"]), CLEAN]
    occurred_on: Annotated[date | None, Field(description="When it happened; without a day it counts as recent")] = None
    finding: _Sentence


class DisqualificationBody(BaseModel):
    """A circumstance that was found, in the case in which it was found."""

    id: UUID
    nomination_id: UUID
    disqualifier: str
    label: str
    occurred_on: date | None
    finding: str
    recorded_at: datetime
    lifting_proposed_at: datetime | None
    """Somebody proposed to lift it; it bars until another person has seconded that, naming this moment (R97)."""
    lifting_proposed_reason: str | None
    lifted_at: datetime | None
    """In force no more from here on: another person has agreed (R97)."""
    lifted_reason: str | None
    actions: list[LiftingAction]
    """What the caller may do about it now: show these as buttons."""


class Disqualifications(BaseModel):
    """Everything in force against a case's firm or person, wherever it was found."""

    items: list[DisqualificationBody]


class SavedCriteria(StrictRequest):
    """“细化评选条件” (R67): what a recommending organisation asks beyond the notice. It adds, it never replaces."""

    criteria: Annotated[
        list[Annotated[str, Field(min_length=2, max_length=500), CLEAN]], Field(max_length=30, examples=[["示例条件"]])
    ]


class LocalCriteriaBody(BaseModel):
    """A recommending organisation's own criteria for one category."""

    quota_unit: str
    category: str
    criteria: list[str]
    saved_at: datetime


class LocalCriteriaList(BaseModel):
    """Own criteria of recommending organisations."""

    items: list[LocalCriteriaBody]


class SavedStory(StrictRequest):
    """A typical story for the public (R106)."""

    title: Annotated[str, Field(min_length=2, max_length=100), CLEAN]
    text: Annotated[str, Field(min_length=10, max_length=10_000), CLEAN]


class StoryBody(BaseModel):
    """A story as its case's people see it."""

    nomination_id: UUID
    title: str
    text: str
    saved_at: datetime
    consented_at: datetime | None
    published_at: datetime | None


class PublicStory(BaseModel):
    """A published story."""

    name: Annotated[str, Field(description="Who it is about")]
    unit_name: str
    category: _Key
    title: str
    text: str
    published_at: datetime


class PublicStories(BaseModel):
    """One page of published stories, newest first."""

    items: list[PublicStory]
    next_page_token: str | None
