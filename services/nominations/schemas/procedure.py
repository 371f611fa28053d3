"""What units, counties and the city write into a case."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.common.answers.strict_json import CLEAN, StrictRequest
from services.nominations.schemas.nomination import Explanation, Form, WhosePolice
from services.nominations.schemas.words import StageWord

_Sentence = Annotated[str, Field(min_length=1, max_length=2000), CLEAN]
_Name = Annotated[str, Field(min_length=1, max_length=60), CLEAN]
_Votes = Annotated[int, Field(ge=0, le=1_000_000)]


class StaffDeliberation(StrictRequest):
    """民主推荐 (R50): when, in which form, how many came and how they voted."""

    held_on: date
    form: Literal["meeting", "ballot", "talks"]
    present: _Votes
    in_favour: _Votes
    note: Annotated[str, Field(max_length=2000), CLEAN] = ""


class Inspection(StrictRequest):
    """考察审核 (R51): when, by whom, with what result."""

    held_on: date
    inspectors: Annotated[list[_Name], Field(min_length=1, max_length=20)]
    result: _Sentence


class LeadershipDecision(StrictRequest):
    """领导班子集体研究审议决定 (R52): when, who attended, what was decided."""

    held_on: date
    attendance: Annotated[list[_Name], Field(min_length=1, max_length=60)]
    decision: _Sentence
    minutes_document_id: UUID | None = None


class GateReview(StrictRequest):
    """One gate of the unit's self-review, by the person who looked (R78)."""

    passed: bool
    reviewer_name: _Name
    note: Annotated[str, Field(max_length=500), CLEAN] = ""


class SelfReview(StrictRequest):
    """自审 (R77): the gates of the campaign, each by a named person, and the unit's statement."""

    held_on: date
    gates: Annotated[
        dict[Annotated[str, Field(max_length=40)], GateReview],
        Field(max_length=20, description="By key of `gates` of the campaign: political, conditions, deeds, integrity"),
    ]
    responsible_name: Annotated[str, Field(min_length=1, max_length=60, description="“谁推荐，谁负责” (R68)"), CLEAN]
    statement: _Sentence


class DimensionAssessment(StrictRequest):
    """What a review found in one dimension (R75)."""

    met: bool
    comment: Annotated[str, Field(max_length=500), CLEAN] = ""


class Correction(StrictRequest):
    """The whole content as it should stand while the unit's notice is open, and why it changes."""

    form: Form
    reason: Annotated[str, Field(min_length=2, max_length=500, examples=["公示期间发现任职时间有误"]), CLEAN]
    explanations: Annotated[
        list[Explanation],
        Field(max_length=200, description="A reason for each warning that the correction brings up (R97)"),
    ] = Field(default_factory=list)


class UnitSignature(StrictRequest):
    """The head of the unit signs the preset opinion (R167, R191)."""

    signer_name: _Name


class FieldToCorrect(StrictRequest):
    """One field that a case is sent back for."""

    pointer: Annotated[str, Field(min_length=1, max_length=200, examples=["/form/deeds"]), CLEAN]
    message: Annotated[str, Field(min_length=1, max_length=500, examples=["请补充近三年的产值数据"]), CLEAN]


class Review(StrictRequest):
    """One bureau's review. Returning and rejecting need a reason."""

    decision: Literal["endorse", "return", "reject"]
    opinion: Annotated[str, Field(max_length=500), CLEAN] = "同意推荐。"
    assessment: Annotated[
        dict[Annotated[str, Field(max_length=40)], DimensionAssessment],
        Field(
            max_length=20,
            description="By key of `review_dimensions` of the campaign; each is asked when the review endorses (R75)",
        ),
    ] = Field(default_factory=dict)
    reason: Annotated[str, Field(max_length=2000), CLEAN] = ""
    return_to: Annotated[
        Literal["unit", "nominee"], Field(description="When the case is returned: whose turn it is (A30)")
    ] = "unit"
    fields: Annotated[
        list[FieldToCorrect],
        Field(max_length=100, description="When the case is returned: what to put right, by field"),
    ] = Field(default_factory=list)


class Withdrawal(StrictRequest):
    """Takes a case back before it leaves the unit."""

    reason: _Sentence


class RecordedOpinion(StrictRequest):
    """An authority's opinion, entered by the office that asked for it."""

    result: Literal["favourable", "unfavourable", "not_applicable"]
    disqualifier: Annotated[
        str | None,
        Field(
            max_length=80,
            examples=["social_insurance_arrears"],
            description="With an unfavourable result: the circumstance that was found. It bars firm and head everywhere (R83)",
        ),
        CLEAN,
    ] = None
    occurred_on: Annotated[date | None, Field(description="When it happened")] = None
    text: _Sentence
    signer_name: _Name
    signed_on: date
    place: WhosePolice = None
    scan_document_id: Annotated[
        UUID | None, Field(description="The sealed sheet, uploaded as an `opinion_sheet` of the case")
    ] = None
    scan_explanation: Annotated[
        str, Field(max_length=500, description="Only where the code on the scan cannot be read"), CLEAN
    ] = ""
    replacement_reason: Annotated[
        str,
        Field(
            max_length=500,
            description="Where the authority answered itself (`opinions[].source` is `link`): why paper takes its place. "
            "The scan is then asked for too (R97, R130)",
        ),
        CLEAN,
    ] = ""


class BatchItem(StrictRequest):
    """What the authority said of one case."""

    nomination_id: UUID
    result: Literal["favourable", "unfavourable", "not_applicable"]
    text: _Sentence = "无异议"


class NewOpinionBatch(StrictRequest):
    """“统一征求本级公安部门意见” (R196, R201): one answer of an authority about many cases, all recorded or none."""

    campaign_key: Annotated[str, Field(max_length=80), CLEAN]
    authority: Annotated[str, Field(max_length=40, examples=["public_security"]), CLEAN]
    signer_name: _Name
    signed_on: date
    place: WhosePolice = None
    items: Annotated[list[BatchItem], Field(min_length=1, max_length=200)]


class OpinionBatchBody(BaseModel):
    """How many opinions a batch recorded."""

    authority: str
    recorded: int


class CaseToAskAbout(BaseModel):
    """A case that still lacks an authority's opinion."""

    nomination_id: UUID
    category: str
    name: str
    unit_name: str


class CasesToAskAbout(BaseModel):
    """Cases without an authority's opinion, oldest first."""

    authority: str
    label: str
    items: list[CaseToAskAbout]
    next_page_token: str | None


class PublicityNoticeBody(BaseModel):
    """A publicity notice as the public reads it: basic facts and deeds, nothing private (R48)."""

    id: UUID
    campaign_key: str
    level: StageWord
    place: str
    opened_on: date
    closes_on: date
    working_days: int
    provisional: bool
    calendar_version: str
    content: dict[str, Any]
    content_hash: Annotated[str, Field(description="SHA-256 of `content` as canonical JSON (RFC 8785)")]
    opened_at: datetime
    share_title: Annotated[str, Field(description="For shared links and cards: a person's name is masked in it")]
    superseded_at: Annotated[datetime | None, Field(description="When a correction or a return ended it early")]


class NoticesOfCase(BaseModel):
    """Every notice of one case as it was shown, the first one first."""

    items: list[PublicityNoticeBody]


class PublicityPage(BaseModel):
    """Publicity notices, newest first."""

    items: list[PublicityNoticeBody]
    next_page_token: str | None


class NewCountyReport(StrictRequest):
    """The package of a recommending organisation: the report's five sections, and its nominations in rank order."""

    campaign_key: Annotated[str, Field(max_length=80), CLEAN]
    sections: Annotated[
        dict[Annotated[str, Field(max_length=40)], Annotated[str, Field(max_length=20_000), CLEAN]],
        Field(max_length=20),
    ]
    ranking: Annotated[
        dict[str, Annotated[list[UUID], Field(max_length=100)]],
        Field(description="Category → nominations, first is rank 1", max_length=10),
    ]


class ColumnBody(BaseModel):
    """A column of a summary table."""

    key: str
    label: str


class SummaryTable(BaseModel):
    """附件3 or 附件4 of a report: the ranked candidates, row by row. Identity numbers are masked."""

    form: str
    title: str
    columns: list[ColumnBody]
    rows: list[dict[str, str]]
    notes: list[str]


class CountyReportBody(BaseModel):
    """A county report as stored."""

    id: UUID
    campaign_key: str
    quota_unit: str
    sections: dict[str, str]
    ranking: dict[str, list[UUID]]
    submitted_at: datetime | None
