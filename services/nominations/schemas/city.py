"""The city's list, objections, disqualification, awards and reopenings as clients write and read them."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.common.answers.strict_json import CLEAN, StrictRequest
from services.common.moments import Moment
from services.nominations.schemas.words import AwardWord, ObjectionOutcomeWord

_Sentence = Annotated[str, Field(min_length=2, max_length=2000), CLEAN]
_CampaignKey = Annotated[str, Field(max_length=80, examples=["shanxi-manufacturing-2025"]), CLEAN]
_ByCategory = dict[Annotated[str, Field(max_length=80)], Annotated[list[UUID], Field(max_length=200)]]


class NewCityList(StrictRequest):
    """Who the city puts forward: at most as many as the province asked for, among more than that (R18, R46)."""

    campaign_key: _CampaignKey
    selection: Annotated[_ByCategory, Field(min_length=1, max_length=10, description="Category → nominations")]
    no_choice_reason: Annotated[
        str | None,
        Field(min_length=2, max_length=2000, description="Why, where nobody was left out; another person seconds it"),
        CLEAN,
    ] = None


class Ranking(StrictRequest):
    """The strict order of every category: first is rank 1 (R64)."""

    ranking: Annotated[_ByCategory, Field(max_length=10)]


class ListRemoval(StrictRequest):
    """Takes one nomination off the list, and says why."""

    nomination_id: UUID
    reason: _Sentence


class CityListItemBody(BaseModel):
    """One nomination on the list."""

    nomination_id: UUID
    rank: int | None


class CityListBody(BaseModel):
    """The city's list as stored. Rank it, and second it, with its ETag as `If-Match`."""

    id: UUID
    campaign_key: str
    candidates: Annotated[dict[str, int], Field(description="How many could be listed: the 差额 ratio (R46)")]
    selection: dict[str, list[CityListItemBody]]
    no_choice_reason: str | None
    seconded: bool
    ranked_at: datetime | None
    reported_at: datetime | None


class CityListRow(BaseModel):
    """One list of the city, as it stands in a list."""

    id: UUID
    campaign_key: str
    cases: Annotated[int, Field(description="Nominations that stand on it")]
    seconded: bool
    saved_at: datetime
    ranked_at: datetime | None
    reported_at: Annotated[datetime | None, Field(description="null: not reported to the province yet")]


class CityListPage(BaseModel):
    items: list[CityListRow]
    next_page_token: Annotated[str | None, Field(description="Send as page_token for the next page; null on the last")]


class NewObjection(StrictRequest):
    """Anybody may object, with a name or without (R63, R95). A contact helps the office to ask back."""

    content: Annotated[str, Field(min_length=5, max_length=5000), CLEAN]
    name: Annotated[str, Field(max_length=60), CLEAN] = ""
    contact: Annotated[str, Field(max_length=100), CLEAN] = ""


class UploadGrantBody(BaseModel):
    """Goes as the field `grant` with each file to POST /v1/documents/granted-uploads."""

    grant: str
    kind: str
    max_count: int
    expires_at: datetime


class ObjectionReceipt(BaseModel):
    """Keep the code: it is shown once, and is the only way to learn the outcome without a name."""

    receipt_code: str
    received_at: datetime
    due_on: Annotated[date, Field(description="By this day the office has handled it")]
    upload: Annotated[
        UploadGrantBody | None,
        Field(description="For attachments, without signing in; null: ask again at /v1/objection-upload-grants"),
    ]


class ReceiptLookup(StrictRequest):
    """The code that was shown when the objection was received."""

    receipt_code: Annotated[str, Field(min_length=8, max_length=60), CLEAN]


class ObjectionOutcome(BaseModel):
    """What became of an objection, for whoever holds its receipt."""

    received_at: datetime
    due_on: date
    outcome: ObjectionOutcomeWord | None
    finding: str | None
    concluded_at: datetime | None


class ObjectionRow(BaseModel):
    """An objection in the list of its office: never its words."""

    id: UUID
    nomination_id: UUID
    notice_id: UUID
    named: bool
    received_at: datetime
    due_on: date
    handler_name: Annotated[str | None, Field(description="Who has it in hand, and in the end who concluded it")]
    taken_up_at: datetime | None
    outcome: ObjectionOutcomeWord | None
    concluded_at: datetime | None


class ObjectionPage(BaseModel):
    """Objections that the caller's office handles, oldest first."""

    items: list[ObjectionRow]
    next_page_token: str | None


class ObjectionBody(ObjectionRow):
    """An objection with its words, opened for the office that handles it."""

    content: str
    name: str
    contact: str
    bundle_id: Annotated[UUID, Field(description="Its attachments: GET /v1/documents/bundles/{bundle_id}")]
    finding: str | None


class ObjectionConclusion(StrictRequest):
    """How it ended, and what was found."""

    outcome: Literal["substantiated", "unsubstantiated", "not_accepted"]
    finding: _Sentence


class NewRemoval(StrictRequest):
    """取消评选资格: for fraud (R98), for a broken procedure (R101), for misconduct (R100)."""

    ground: Literal["fraud", "procedure", "misconduct"]
    finding: _Sentence


class RemovalBody(BaseModel):
    """A disqualification: proposed by one, decided when another has seconded it."""

    nomination_id: UUID
    ground: str
    finding: str
    proposed_at: datetime
    decided_at: datetime | None


class NewAward(StrictRequest):
    """An award as granted by the province."""

    granted_on: date
    decision_number: Annotated[str, Field(min_length=2, max_length=80, examples=["示例函〔2025〕1号"]), CLEAN]
    serials: Annotated[
        dict[Annotated[str, Field(max_length=20)], Annotated[str, Field(min_length=1, max_length=60), CLEAN]],
        Field(max_length=10, description="Grant of the category → serial number, or amount in 元"),
    ]


class NoAward(StrictRequest):
    """The province chose others."""

    reason: _Sentence


class AwardRevocation(StrictRequest):
    """“如发生违纪违法行为，将撤销其所获称号” (R103)."""

    reason: _Sentence


class RecoveredGrant(StrictRequest):
    """One grant came back (R104)."""

    grant: Annotated[str, Field(min_length=1, max_length=20, examples=["证书"]), CLEAN]
    recovered_on: date


class AwardBody(BaseModel):
    """An award, and what came back of it after a revocation."""

    nomination_id: UUID
    category: str
    granted_on: date
    decision_number: str
    serials: dict[str, str]
    revoked_on: date | None
    revocation_reason: str | None
    recovered: dict[str, str]
    to_recover: list[str]


class PublicAward(BaseModel):
    """An award as the public sees it: who, what, and whether it still stands."""

    name: str
    category: str
    granted_on: date
    decision_number: str
    status: AwardWord
    revoked_on: date | None


class PublicAwards(BaseModel):
    """One page of awards."""

    items: list[PublicAward]
    next_page_token: str | None


class NewReopening(StrictRequest):
    """A late county may still report, until a moment, for a reason (R113). Only the city says so."""

    quota_unit: Annotated[str, Field(min_length=1, max_length=40, examples=["140922"]), CLEAN]
    until: Moment
    reason: _Sentence


class ReopeningBody(BaseModel):
    """A county that may still report, once it is seconded."""

    id: UUID
    quota_unit: str
    until: datetime
    reason: str
    opened_at: datetime
    seconded_at: datetime | None
    """In force from here on: another person has agreed (R97). Null while it is only proposed."""


class Reopenings(BaseModel):
    """Every reopening of a campaign."""

    items: list[ReopeningBody]
