"""Where each recommending organisation stands."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field


class StepCount(BaseModel):
    """How many cases of a category stand at one step. Of drafts only the number is shown, never what they say."""

    category: str
    stage: str
    status: str
    status_label: str
    cases: int


class CountyProgress(BaseModel):
    """One recommending organisation: time, completeness and quota (R111)."""

    quota_unit: str
    name: str
    steps: list[StepCount]
    seats_granted: int
    seats_reported: int
    reported_at: Annotated[datetime | None, Field(description="When its report was handed in, the latest one")]
    zero_declared: Annotated[list[str], Field(description="Categories in which it nominates nobody (R13)")]
    on_time: bool
    abandoned: Annotated[bool, Field(description="逾期不报视为自动放弃 (R113)")]
    reopened_until: datetime | None


class ProgressBoard(BaseModel):
    """Every recommending organisation; for a county its own row."""

    campaign_key: str
    materials_deadline: datetime
    items: list[CountyProgress]
