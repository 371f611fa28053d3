"""Lists of cases, counts, work items and the balance panel."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, Field

from services.common.answers.strict_json import CLEAN, StrictRequest
from services.common.answers.versions import Version
from services.nominations.domain.workflow import Status
from services.nominations.labels import STATUS
from services.nominations.schemas.words import ActionWord, StageWord, StatusWord


class NominationRow(BaseModel):
    """A case in a list: what tells cases apart, no personal data beyond the name."""

    id: UUID
    category: str
    quota_unit: str
    unit_name: str
    name: str
    stage: StageWord
    status: StatusWord
    status_label: str
    percent_nominee: int
    percent_unit: int
    missing_answers: Annotated[int, Field(description="Questions asked that have no answer yet")]
    saved_at: datetime
    etag: Annotated[
        str, Field(description="Of GET /v1/nominations/{id}: what the person looked at, for commands on many at once")
    ]

    @classmethod
    def of(cls, row: Mapping[str, Any], **more: Any) -> Self:
        """From the columns of a list."""
        etag = Version(row["revision"], row["saved_at"]).etag
        return cls(**row, etag=etag, status_label=STATUS[row["status"]], **more)


class NominationPage(BaseModel):
    """One page of a list."""

    items: list[NominationRow]
    next_page_token: str | None


class NominationSearch(StrictRequest):
    """Finds cases by what must not stand in an address: names and identity numbers."""

    campaign_key: Annotated[str, Field(max_length=80, examples=["shanxi-manufacturing-2025"]), CLEAN]
    name_starts: Annotated[
        str | None, Field(min_length=1, max_length=60, description="Beginning of the name; sorted by name"), CLEAN
    ] = None
    resident_id_number: Annotated[
        str | None, Field(max_length=30, description="The whole number; only an exact match is found"), CLEAN
    ] = None
    stage: Annotated[str | None, Field(max_length=40), CLEAN] = None
    status: Status | None = None
    category: Annotated[str | None, Field(max_length=80), CLEAN] = None
    quota_unit: Annotated[str | None, Field(max_length=40), CLEAN] = None
    page_token: Annotated[str | None, Field(max_length=400), CLEAN] = None
    page_size: Annotated[int, Field(ge=1, le=100)] = 20


class NominationCount(BaseModel):
    """How many cases stand in one place."""

    category: str
    quota_unit: str
    stage: StageWord
    status: StatusWord
    status_label: str
    cases: int


class NominationCounts(BaseModel):
    """How many cases stand where, within the caller's scope."""

    items: list[NominationCount]
    total: int


class WorkAction(BaseModel):
    """Something the caller can do with a case."""

    action: ActionWord
    label: str


class WorkItem(NominationRow):
    """A case that waits for the caller."""

    actions: list[WorkAction]


class WorkItemPage(BaseModel):
    """What waits for the caller, oldest first."""

    items: list[WorkItem]
    next_page_token: str | None


class BalanceShare(BaseModel):
    """One answer, and how many cases give it, by stage."""

    answer: Annotated[str, Field(description="Empty for a fact that either holds or does not")]
    cases: dict[str, int]


class BalanceFactBody(BaseModel):
    """One fact of the panel, by stage. Front ends show shares; there is no score."""

    key: str
    label: str
    category: str
    requirement: str
    total: dict[str, int]
    shares: list[BalanceShare]


class BalancePanel(BaseModel):
    """Who is being put forward within the caller's scope."""

    campaign_key: str
    facts: list[BalanceFactBody]
