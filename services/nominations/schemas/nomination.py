"""A nomination as clients write and read it."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.common.problem_schema import FieldErrorBody
from services.common.strict_json import CLEAN, StrictRequest

Form = Annotated[
    dict[str, Any],
    Field(
        description="Values by field key; the fields are those of `GET /v1/campaigns/{key}/forms/{form}?format=json`. "
        "Leave out what is not filled in yet; write 无 where the form allows it and there is nothing to tell.",
        examples=[{"full_name": "示例", "sex": "female"}],
        max_length=200,
    ),
]


class NewNomination(StrictRequest):
    """Opens a case. An individual's case may be opened by the nominee or by the unit's clerk on their behalf (A30)."""

    campaign_key: Annotated[str, Field(max_length=80, examples=["shanxi-manufacturing-2025"]), CLEAN]
    category: Annotated[str, Field(max_length=80, examples=["advanced_individual"]), CLEAN]
    form: Form = Field(default_factory=dict)


class SavedNomination(StrictRequest):
    """The whole content of a case; what is missing is emptied. A masked identity number sent back means: unchanged."""

    form: Form


class BlockerBody(BaseModel):
    """One reason why an action may not be taken now."""

    code: str
    message: str
    requirement: str
    available_on: Annotated[date | None, Field(description="The first day on which this reason falls away")] = None


class ActionState(BaseModel):
    """Whether the caller may take an action now, and everything that stands against it."""

    action: str
    label: str
    allowed: bool
    blockers: list[BlockerBody]


class UnitRecordBody(BaseModel):
    """民主推荐, 考察 or 集体研究 as recorded."""

    kind: str
    held_on: date
    details: dict[str, Any]


class SignatureBody(BaseModel):
    """A signed opinion in one box of the form."""

    box: str
    text: str
    signer_name: str
    organisation_name: str
    signed_on: date


class OpinionBody(BaseModel):
    """What one consulted authority said."""

    authority: str
    result: str
    text: str
    signer_name: str
    signed_on: date


class RequiredOpinionBody(BaseModel):
    """An authority that must be asked, and why."""

    authority: str
    label: str
    reason: str


class PublicityState(BaseModel):
    """The publicity notice in force."""

    id: UUID
    opened_on: date
    closes_on: Annotated[date, Field(description="Last day; the period runs to its end, 24:00")]
    provisional: bool


class DeedsCountBody(BaseModel):
    """The server's count of 字 (`rules` of the campaign), the only one that decides."""

    count: int
    code_points: int
    limit: int


class NominationBody(BaseModel):
    """A case as its readers see it. The identity number is always masked."""

    id: UUID
    campaign_key: str
    campaign_version: int
    category: str
    quota_unit: str
    unit_id: UUID
    unit_name: str
    stage: str
    status: str
    status_label: str
    form: dict[str, Any]
    percent_complete: Annotated[dict[str, int], Field(description="By part: nominee, unit")]
    deeds_count: DeedsCountBody
    actions: list[ActionState]
    records: list[UnitRecordBody]
    publicity: PublicityState | None
    signatures: list[SignatureBody]
    required_opinions: list[RequiredOpinionBody]
    opinions: list[OpinionBody]
    created_at: datetime
    saved_at: datetime
    submitted_at: datetime | None


class NominationRow(BaseModel):
    """A case in a list: what tells cases apart, no personal data beyond the name."""

    id: UUID
    category: str
    quota_unit: str
    unit_name: str
    full_name: str
    stage: str
    status: str
    status_label: str
    saved_at: datetime


class NominationPage(BaseModel):
    """One page of a list, newest first."""

    items: list[NominationRow]
    next_page_token: str | None


class CheckResult(BaseModel):
    """What stands against submission: every error and warning at once."""

    ready: bool
    errors: list[FieldErrorBody]
    warnings: list[FieldErrorBody]


class RevealRequest(StrictRequest):
    """Asks to see the whole identity number. The reason is recorded with the reader's name."""

    reason: Annotated[str, Field(min_length=4, max_length=200), CLEAN]


class RevealedIdentity(BaseModel):
    """The whole identity number, this once."""

    resident_id_number: str


class EventBody(BaseModel):
    """One line of the case history, and its hash."""

    model_config = ConfigDict(extra="allow")

    sequence: int
    event: str
    recorded_at: datetime
    actor: dict[str, Any]
    reason: str
    previous_hash: str
    hash: str


class CaseHistory(BaseModel):
    """The history of a case. `intact` says that the chain of hashes holds from the first line to the last.

    Where it does not, `first_broken` names the first line that is missing or changed, and only those before it are shown.
    """

    items: list[EventBody]
    intact: bool
    first_broken: int | None
