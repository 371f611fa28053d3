"""What becomes of a whole campaign: its deadline put off, its work done; and the city's word on a rank."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from services.common.answers.strict_json import CLEAN, StrictRequest
from services.common.moments import Moment

_Sentence = Annotated[str, Field(min_length=2, max_length=2000), CLEAN]


class NewPostponement(StrictRequest):
    """The materials' deadline for everybody, later than before, and why (R112)."""

    until: Annotated[Moment, Field(examples=["2025-03-05T00:00:00+08:00"])]
    reason: Annotated[_Sentence, Field(examples=["因大雪，材料报送截止时间延后"])]


class PostponementBody(BaseModel):
    """A deadline put off for everybody, once it is seconded."""

    id: UUID
    until: datetime
    reason: str
    decided_at: datetime
    seconded_at: datetime | None
    """In force from here on: another person has agreed (R97). Null while it is only proposed."""


class Postponements(BaseModel):
    """Every time the deadline was put off, the first one first."""

    items: list[PostponementBody]


class NewClosing(StrictRequest):
    """The city states that the work of the campaign is done (R43)."""

    statement: Annotated[_Sentence, Field(examples=["全市评选推荐工作已结束，工作专班撤销"])]


class ClosingBody(BaseModel):
    """The campaign is closed."""

    campaign_key: str
    statement: str
    closed_at: datetime


class NewRankApproval(StrictRequest):
    """Why the city agrees that somebody of 副处级 or above is put forward (R74)."""

    reason: Annotated[_Sentence, Field(examples=["长期驻厂，实绩突出，经专班研究同意推荐"])]


class RankApprovalBody(BaseModel):
    """The city's word on the rank."""

    nomination_id: UUID
    reason: str
    approved_at: datetime
    proposed_at: datetime
    """The same moment, as whoever seconds it names it. Their history has it too: `recorded_at` of `rank_approval_proposed`."""
    seconded_at: datetime | None
    """In force from here on: another person has agreed (R97). Null while it is only proposed."""
