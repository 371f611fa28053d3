"""Where each recommending organisation stands."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from services.nominations.schemas.words import StageWord, StatusWord


class StepCount(BaseModel):
    """How many cases of a category stand at one step. Of drafts only the number is shown, never what they say."""

    category: str
    stage: StageWord
    status: StatusWord
    status_label: str
    cases: int


class DraftsBody(BaseModel):
    """How far the drafts of one category are filled in, on average: 0 to 100 for each part. Not what they say.

    The mean is taken over the newest 500 drafts of the organisation and category.
    """

    category: str
    cases: int
    percent_nominee: int
    percent_unit: int


class ReadinessBody(BaseModel):
    """按时、保质、按名额 (R111), 0 to 100 each. It shows where help is needed and decides nothing."""

    score: Annotated[int, Field(description="The mean of the three")]
    time: Annotated[int, Field(description="按时: 100, or 0 where no report or declaration came before the deadline")]
    completeness: Annotated[
        int, Field(description="保质: how far the cases that hold seats have come towards the city")
    ]
    quota: Annotated[
        int, Field(description="按名额: seats with a case or a declared zero nomination, of those granted")
    ]


class CountyProgress(BaseModel):
    """One recommending organisation: time, completeness and quota (R111)."""

    quota_unit: str
    name: str
    steps: list[StepCount]
    drafts: Annotated[list[DraftsBody], Field(description="Not yet submitted: how many, and how far filled in")]
    seats_granted: int
    seats_reported: int
    reported_at: Annotated[datetime | None, Field(description="When its report was handed in, the latest one")]
    zero_declared: Annotated[list[str], Field(description="Categories in which it nominates nobody (R13)")]
    on_time: Annotated[
        bool, Field(description="Its first report, or all its declarations of zero, came before the deadline (R111)")
    ]
    readiness: ReadinessBody
    contact_form_filed_at: Annotated[datetime | None, Field(description="附件9, when it was first filed (R41)")]
    abandoned: Annotated[bool, Field(description="逾期不报视为自动放弃 (R113)")]
    reopened_until: datetime | None


class ProgressBoard(BaseModel):
    """Every recommending organisation; for a county its own row."""

    campaign_key: str
    materials_deadline: datetime
    items: list[CountyProgress]
    totals: Annotated[list[StepCount], Field(description="Of all rows together, step by step (R110)")]
