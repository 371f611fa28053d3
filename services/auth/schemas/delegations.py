"""Standing in for a colleague, and handing a role over."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from services.auth.domain.roles import Role
from services.common.answers.strict_json import CLEAN, StrictRequest
from services.common.moments import Moment


class ColleagueAnswer(BaseModel):
    person_id: UUID
    full_name: str
    role: Role


class Colleagues(BaseModel):
    """People of the caller's own body, by name."""

    items: list[ColleagueAnswer]


class NewDelegation(StrictRequest):
    """A colleague acts under the caller's role for a period, in their own name."""

    to_person_id: UUID
    starts_at: Annotated[Moment | None, Field(description="Default: at once")] = None
    ends_at: Annotated[Moment, Field(description="At most 90 days later")]
    reason: Annotated[str, Field(min_length=2, max_length=500, examples=["外出学习，由副职代理"]), CLEAN]


class DelegationAnswer(BaseModel):
    id: UUID
    role: Role
    organisation_name: str
    from_person_id: UUID
    from_name: str
    to_person_id: UUID
    to_name: str
    starts_at: datetime
    ends_at: datetime
    reason: str


class Delegations(BaseModel):
    """Those that run or are to come, given by or to the caller."""

    items: list[DelegationAnswer]


class NewHandOver(StrictRequest):
    """The caller's role passes to a colleague for good."""

    to_person_id: UUID


class HandOverAnswer(BaseModel):
    role_assignment_id: UUID
    role: Role
    to_person_id: UUID


class RolesEnded(BaseModel):
    """How many roles of a campaign ended now."""

    ended: int
