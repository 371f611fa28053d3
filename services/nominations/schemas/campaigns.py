"""A campaign as anybody may read it, and the seats of one's own organisation."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field


class Choice(BaseModel):
    """A key for programs, and the text of the notice."""

    key: str
    text: str


class DisqualifierBody(BaseModel):
    """A circumstance for which an enterprise and its head are not put forward."""

    key: str
    label: str
    window_years: int | None
    since: Annotated[date | None, Field(description="First day that counts, where the notice says “近五年”")]
    requirement: str


class ConsultationRule(BaseModel):
    """One row of the consultation matrix."""

    subject: str
    natures: list[str]
    enterprise_head: bool | None
    authorities: list[str]
    sheet: str | None
    jurisdiction: str


class CategoryBody(BaseModel):
    """An award category."""

    key: str
    title: str
    subject: str
    form: str
    grants: list[str]
    final_quota: int
    scopes: Annotated[list[Choice], Field(description="评选范围, full text (R6–R11)")]
    conditions: Annotated[list[Choice], Field(description="评选条件, full text; at least one is met (R22–R36)")]


class WorkingGroupPerson(BaseModel):
    """Somebody of the working group, as the notice names them; one person may hold several positions (R39)."""

    name: str
    post: str
    bureau: Annotated[str, Field(description="`hrss` or `iit`")]
    positions: Annotated[list[str], Field(description="组长, 副组长, 成员, 办公室主任")]


class WorkingGroupBody(BaseModel):
    """工作专班 (附件1): both bureaus together (R37), its office (R38) and its people (R39)."""

    name: str
    office: str
    members: list[WorkingGroupPerson]


class CampaignBody(BaseModel):
    """A campaign as the notice announces it."""

    key: str
    version: int
    title: str
    notice_number: str
    basis_number: str
    basis_url: str | None
    issuers: list[str]
    issued_on: date
    opens_on: Annotated[date, Field(description="No case is opened earlier (R94)")]
    disclosure: str
    commendation_level: str
    contact: dict[str, str]
    participation: Annotated[dict[str, str], Field(description="How to take part, for the public call (R105)")]
    categories: list[CategoryBody]
    contact_form_due: date
    materials_deadline: Annotated[datetime, Field(description="As it holds now: with what the city put off (R112)")]
    closed_at: Annotated[datetime | None, Field(description="When the campaign's work was done (R43)")]
    working_group: WorkingGroupBody | None
    reference_date: Annotated[date, Field(description="“近5年” counts back from this day (A14)")]
    min_years_of_work: int
    publicity_working_days: dict[str, int]
    disqualifiers: Annotated[list[DisqualifierBody], Field(description="不予推荐的情形 (R83–R93)")]
    authorities: Annotated[dict[str, str], Field(description="Authorities that may be asked")]
    consultation: Annotated[list[ConsultationRule], Field(description="Whose opinion is asked about whom (R80–R82)")]
    gates: Annotated[dict[str, str], Field(description="自审: what a unit reviews of itself (R78)")]
    review_dimensions: Annotated[dict[str, str], Field(description="What every review assesses (R75)")]
    review_prompts: list[str]
    report_sections: Annotated[list[str], Field(description="Sections of the recommendation report (R114)")]
    forms: list[str]


class CampaignList(BaseModel):
    """All campaigns."""

    items: list[CampaignBody]


class CampaignRequirements(BaseModel):
    """The clauses of the notice by number."""

    items: list[Choice]


class QuotaRowBody(BaseModel):
    """The seats of one recommending organisation (附件2)."""

    quota_unit: str
    name: str
    seats: dict[str, int]


class QuotaTable(BaseModel):
    """附件2: the seats of every recommending organisation."""

    items: list[QuotaRowBody]
    totals: dict[str, int]


class QuotaAccountBody(BaseModel):
    """Where one's own seats are."""

    quota_unit: str
    category: str
    granted: int
    reserved: int
    consumed: int
    forfeited: int
    waived: Annotated[int, Field(description="Given up by a declared zero nomination (R13)")]
    available: int


class QuotaAccounts(BaseModel):
    """The seats within the caller's scope."""

    items: list[QuotaAccountBody]
