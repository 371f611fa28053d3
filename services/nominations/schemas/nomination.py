"""A nomination as clients write and read it."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.common.answers.strict_json import CLEAN, StrictRequest
from services.common.problem_schema import FieldErrorBody
from services.nominations.domain.eligibility_report import Outcome
from services.nominations.domain.form_definition import Part
from services.nominations.schemas.words import (
    ActionWord,
    EventWord,
    OpinionSourceWord,
    OpinionWord,
    RecordWord,
    StageWord,
    StatusWord,
)

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
    copy_of: Annotated[
        UUID | None,
        Field(description="An earlier case whose answers are taken over, promises excepted; `form` overrides them"),
    ] = None


class Explanation(StrictRequest):
    """Why the case goes on in spite of a warning (R16, R74, R97)."""

    pointer: Annotated[str, Field(min_length=1, max_length=200, examples=["/form/resume/1/from"]), CLEAN]
    code: Annotated[str, Field(min_length=1, max_length=80, examples=["resume_gap"]), CLEAN]
    reason: Annotated[str, Field(min_length=2, max_length=500, examples=["其间在校脱产学习"]), CLEAN]


class Submission(StrictRequest):
    """What goes with a submission: a reason for each warning that has none yet."""

    explanations: Annotated[list[Explanation], Field(max_length=200)] = Field(default_factory=list)


class NewConfirmation(StrictRequest):
    """Who stands for which part. The clerk may confirm for a nominee who does not use the system, and says how."""

    part: Part
    statement: Annotated[str, Field(max_length=500, examples=["本人已在纸质表上签字确认"]), CLEAN] = ""


class BlankFilling(StrictRequest):
    """The fields for which there is nothing to tell, confirmed by the person who asks."""

    fields: Annotated[list[Annotated[str, Field(max_length=80), CLEAN]], Field(min_length=1, max_length=100)]
    confirmed: Annotated[Literal[True], Field(description="The person was asked, and said that there is nothing")]


class HandOver(StrictRequest):
    """The code that the unit's clerk showed, scanned or typed."""

    code: Annotated[str, Field(min_length=4, max_length=40), CLEAN]


class HandOverCodeBody(BaseModel):
    """A code with which the nominee takes the case over; front ends show it as a QR code."""

    code: str
    expires_at: datetime


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

    action: ActionWord
    label: str
    allowed: bool
    blockers: list[BlockerBody]


class UnitRecordBody(BaseModel):
    """民主推荐, 考察 or 集体研究 as recorded."""

    kind: RecordWord
    held_on: date
    details: dict[str, Any]


class SignatureBody(BaseModel):
    """A signed opinion in one box of the form."""

    box: str
    text: str
    signer_name: str
    organisation_name: str
    signed_on: date


class PrintedVersion(BaseModel):
    """Which print of a form a sealed scan shows (R148)."""

    code: str
    revision: Annotated[int, Field(description="Of the case when it was printed")]
    printed_at: datetime


WhosePolice = Annotated[
    Literal["location", "household"] | None,
    Field(description="Whose police answered: 属地 or 户籍所在地 (R80)"),
]


class ReplacedOpinion(BaseModel):
    """What the other side had said before: the authority itself, or the office that asked it."""

    source: OpinionSourceWord
    result: OpinionWord
    reason: Annotated[str | None, Field(description="Why it was replaced; null where the authority itself did")]


class OpinionBody(BaseModel):
    """What one consulted authority said."""

    authority: str
    result: OpinionWord
    text: str
    signer_name: str
    signed_on: date
    place: WhosePolice = None
    scan_document_id: Annotated[UUID | None, Field(description="The sealed sheet")] = None
    scan_shows: Annotated[
        PrintedVersion | None, Field(description="The version of the sheet that was read from the scan; null: no code")
    ] = None
    source: Annotated[
        OpinionSourceWord,
        Field(description="`link`: the authority answered itself; `paper`, `batch`: entered by the office that asked"),
    ]
    replaces: Annotated[
        ReplacedOpinion | None,
        Field(description="Show it beside the opinion: an answer of the other side stood here before; null: none did"),
    ] = None


class RequiredOpinionBody(BaseModel):
    """An authority that must be asked, and why."""

    authority: str
    label: str
    reason: str
    sheet: Annotated[str | None, Field(description="The 征求意见表 to sign, such as `attachment_7_1`; none for some")]


class PublicityState(BaseModel):
    """The publicity notice in force."""

    id: UUID
    opened_on: date
    closes_on: Annotated[date, Field(description="Last day; the period runs to its end, 24:00")]
    provisional: bool


class CharacterCount(BaseModel):
    """The server's count of 字, the only one that decides (R131)."""

    count: Annotated[
        int, Field(description="What the limit applies to: Han characters, CJK marks, runs of letters or digits")
    ]
    code_points: Annotated[int, Field(description="What a counter in a client may show")]
    limit: Annotated[int | None, Field(description="字 allowed here; null where nothing was asked about a field")] = (
        None
    )


class CountedText(StrictRequest):
    """A text to be counted as the server would store it."""

    text: Annotated[str, Field(max_length=50_000)]
    limit: Annotated[int | None, Field(ge=1, le=50_000)] = None


class PartState(BaseModel):
    """How far one part of the form is, and who stands for it (A30)."""

    part: Part
    percent: int
    missing: Annotated[
        list[str], Field(description="Keys of the questions without an answer, in the order of the form")
    ]
    confirmed: Annotated[bool, Field(description="Somebody confirmed what the part says now")]
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None
    on_behalf: bool = False


class ExplanationBody(BaseModel):
    """A reason that was given for a warning, and who gave it."""

    pointer: str
    code: str
    reason: str
    given_by: str
    given_at: datetime


class ReturnedField(BaseModel):
    """One field that the case was sent back for."""

    pointer: str
    message: str


class ReturnState(BaseModel):
    """Why the case was sent back, by whom, and whose turn it is."""

    stage: Annotated[StageWord, Field(description="The stage that sent it back")]
    addressee: Literal["unit", "nominee"]
    reason: str
    fields: list[ReturnedField]
    organisation_name: str
    returned_at: datetime


class NominationBody(BaseModel):
    """A case as its readers see it. The identity number is always masked."""

    id: UUID
    campaign_key: str
    campaign_version: int
    category: str
    quota_unit: str
    unit_id: UUID
    unit_name: str
    stage: StageWord
    status: StatusWord
    status_label: str
    name: Annotated[str, Field(description="Who the case is about; empty while nobody has said")]
    nominee_joined: Annotated[bool, Field(description="The nominee uses the system for this case")]
    form: dict[str, Any]
    parts: list[PartState]
    character_counts: Annotated[dict[str, CharacterCount], Field(description="By key of each field with a limit in 字")]
    explanations: list[ExplanationBody]
    actions: list[ActionState]
    records: list[UnitRecordBody]
    publicity: PublicityState | None
    returned: Annotated[ReturnState | None, Field(description="While it waits to be put right and submitted again")]
    signatures: list[SignatureBody]
    required_opinions: list[RequiredOpinionBody]
    opinions: list[OpinionBody]
    created_at: datetime
    saved_at: datetime
    submitted_at: datetime | None


class CheckResult(BaseModel):
    """What stands against submission: every error and warning at once."""

    ready: Annotated[bool, Field(description="No error, and a reason for every warning")]
    errors: list[FieldErrorBody]
    warnings: list["WarningBody"]
    notices: Annotated[list[FieldErrorBody], Field(description="Worth knowing; nothing to do")]
    eligibility: list["CriterionBody"]


class WarningBody(FieldErrorBody):
    """A warning asks for a reason, unless what it warns of is put right."""

    reason: Annotated[str | None, Field(description="The reason given before, if any")] = None


class CriterionBody(BaseModel):
    """One criterion of the notice, whether it is met, and from what that was seen."""

    key: str
    label: str
    requirement: str
    outcome: Outcome
    explanation: str


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
    event: EventWord
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
