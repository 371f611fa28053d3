"""A county's report before it is handed in."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from services.common.answers.strict_json import CLEAN, StrictRequest
from services.nominations.schemas.nomination import BlockerBody

Sections = Annotated[
    dict[Annotated[str, Field(max_length=40)], Annotated[str, Field(max_length=20_000), CLEAN]],
    Field(max_length=20, description="By key of `report_sections` of the campaign (R114)"),
]
Ranking = Annotated[
    dict[str, Annotated[list[UUID], Field(max_length=100)]],
    Field(description="Category → nominations, first is rank 1", max_length=10),
]


class SavedCountyReport(StrictRequest):
    """The whole report as it should stand."""

    sections: Sections
    ranking: Ranking


class CountyReportRow(BaseModel):
    """One package of a recommending organisation, as it stands in a list."""

    id: UUID
    campaign_key: str
    quota_unit: str
    cases: Annotated[int, Field(description="Nominations in it that the city has not sent back")]
    saved_at: datetime
    submitted_at: Annotated[datetime | None, Field(description="null: not handed in yet")]


class CountyReportPage(BaseModel):
    items: list[CountyReportRow]
    next_page_token: Annotated[str | None, Field(description="Send as page_token for the next page; null on the last")]


class CaseGates(BaseModel):
    """One nomination, and everything that stands against reporting it now (R69)."""

    nomination_id: UUID
    category: str
    name: Annotated[str, Field(description="Empty where law keeps the case from everybody else (`nomination_held`)")]
    blockers: list[BlockerBody]


class ReportProposal(BaseModel):
    """A first draft of the report, written from the cases that both bureaus have endorsed."""

    sections: dict[str, str]
    ranking: dict[str, list[UUID]]
    gates: list[CaseGates]


class ReportGates(BaseModel):
    """Whether the report could be handed in now, by itself and case by case."""

    ready: bool
    blockers: Annotated[
        list[BlockerBody],
        Field(description="Against a report that names nobody: what is not declared (R13), the deadline"),
    ]
    items: list[CaseGates]
