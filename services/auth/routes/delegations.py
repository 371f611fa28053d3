"""Standing in for a colleague, handing a role over, and roles that end with their campaign."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response
from sqlalchemy.ext.asyncio import AsyncSession

from services.auth.domain.delegation import DELEGABLE
from services.auth.organisations.body_problems import DelegationRefused, RolesConflict
from services.auth.organisations.delegating import (
    WantedDelegation,
    delegate,
    end_delegation,
    hand_over,
)
from services.auth.organisations.delegation_queries import colleagues_at, delegations_of
from services.auth.organisations.ending_roles import end_roles_of_campaign
from services.auth.problems import NoRole
from services.auth.schemas.delegations import (
    ColleagueAnswer,
    Colleagues,
    DelegationAnswer,
    Delegations,
    HandOverAnswer,
    NewDelegation,
    NewHandOver,
    RolesEnded,
)
from services.auth.sessions.origin import TheOrigin
from services.common.answers.strict_json import StrictRoute
from services.common.callers.tokens import Caller, caller_with
from services.common.db import Reading, Transaction
from services.common.problem_schema import GATED, answers
from services.common.problems import (
    MalformedJson,
    NotFound,
)
from services.common.repeats.once import Once

routes = APIRouter(tags=["delegations"], route_class=StrictRoute)
_CHANGES = answers(MalformedJson, *GATED, NoRole, DelegationRefused, RolesConflict)
Holder = Annotated[Caller, caller_with(*sorted(DELEGABLE))]


@routes.get("/v1/auth/colleagues", responses=answers(*GATED))
async def list_colleagues(caller: Holder, session: Reading) -> Colleagues:
    """本机构在岗人员。To whom a role of one's own can be passed on."""
    found = await colleagues_at(session, UUID(caller.organisation_id), now=datetime.now(UTC), but=caller.person_id)
    return Colleagues(items=[ColleagueAnswer.model_validate(each, from_attributes=True) for each in found])


@routes.post("/v1/auth/delegations", status_code=201, response_model=DelegationAnswer, responses=_CHANGES)
async def create_delegation(wanted: NewDelegation, caller: Holder, origin: TheOrigin, once: Once) -> Response:
    """委托他人代理岗位。A colleague acts under the caller's role for a period; what they do says so, in their own name."""
    asked = WantedDelegation(wanted.to_person_id, wanted.starts_at, wanted.ends_at, wanted.reason)

    async def perform(session: AsyncSession) -> DelegationAnswer:
        made = await delegate(session, caller, asked, origin=origin)
        return DelegationAnswer.model_validate(made, from_attributes=True)

    return await once.do(caller, perform)


@routes.get("/v1/auth/delegations", responses=answers(*GATED))
async def list_delegations(caller: Holder, session: Reading) -> Delegations:
    """本人委托的和代理的岗位。Given by or to the caller, as far as they run or are to come."""
    found = await delegations_of(session, caller.person_id, now=datetime.now(UTC))
    return Delegations(items=[DelegationAnswer.model_validate(each, from_attributes=True) for each in found])


@routes.delete("/v1/auth/delegations/{delegation_id}", responses=answers(*GATED, NotFound))
async def remove_delegation(
    delegation_id: UUID, caller: Holder, session: Transaction, origin: TheOrigin
) -> DelegationAnswer:
    """终止代理。Either side may; access under it ends within five seconds."""
    ended = await end_delegation(session, caller, delegation_id, origin=origin)
    return DelegationAnswer.model_validate(ended, from_attributes=True)


@routes.post("/v1/auth/role-hand-overs", status_code=201, responses=_CHANGES)
async def hand_role_over(
    wanted: NewHandOver, caller: Holder, session: Transaction, origin: TheOrigin
) -> HandOverAnswer:
    """移交岗位。For good: the caller's own session under the role ends with it."""
    made = await hand_over(session, caller, wanted.to_person_id, origin=origin)
    return HandOverAnswer(role_assignment_id=made.id, role=made.role, to_person_id=wanted.to_person_id)


@routes.put(
    "/v1/auth/campaigns/{campaign_key}/role-ending",
    responses=answers(*GATED),
    dependencies=[caller_with("service")],
)
async def end_campaign_roles(campaign_key: Annotated[str, Path(max_length=80)], session: Transaction) -> RolesEnded:
    """评选结束，专班自行撤销（R43）。For services only: every role given for this campaign ends; may be sent again."""
    return RolesEnded(ended=await end_roles_of_campaign(session, campaign_key))
