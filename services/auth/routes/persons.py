"""Accounts, for the system administrator."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from services.auth.domain.roles import Role
from services.auth.organisations.finding_people import Wanted, find_accounts
from services.auth.problems import AdministratorOutOfReach, OwnSuspension
from services.auth.resources import TheResources
from services.auth.schemas.passwords import PasswordReset
from services.auth.schemas.persons import AccountPage, AccountRow, PersonSearch, Suspension, SuspensionAnswer
from services.auth.schemas.second_factor import FactorRemoved
from services.auth.second_factors.second_factor import remove_all_factors
from services.auth.sessions.changing_password import reset_password
from services.auth.sessions.origin import TheOrigin
from services.auth.sessions.suspending import reinstate, suspend
from services.common.answers.strict_json import StrictRoute
from services.common.callers.tokens import Caller, caller_with
from services.common.db import Reading, Transaction
from services.common.lists.paging import page_key, page_token, parsed_key
from services.common.problem_schema import GATED, answers
from services.common.problems import (
    MalformedJson,
    NotFound,
)

routes = APIRouter(tags=["persons"], route_class=StrictRoute)
_REFUSALS = (*GATED, NotFound)
Suspender = Annotated[Caller, caller_with(Role.SYSTEM_ADMIN, "service")]
"""Also the nominations service: whoever is under inquiry for misconduct in the campaign works on no further (R100)."""
SystemAdmin = Annotated[Caller, caller_with(Role.SYSTEM_ADMIN)]


@routes.post("/v1/auth/persons/searches", responses=answers(MalformedJson, *GATED))
async def search_persons(wanted: PersonSearch, caller: SystemAdmin, session: Reading) -> AccountPage:
    """查找账号。By the beginning of the name, the username, or the body; identity numbers and phones are not here."""
    del caller  # the role is what is asked
    after = parsed_key(page_key(wanted.page_token), UUID)
    sought = Wanted(wanted.name_starts, wanted.username, wanted.organisation_id)
    found = await find_accounts(session, sought, after=after[0] if after else None, limit=wanted.page_size + 1)
    items = [AccountRow.model_validate(account, from_attributes=True) for account in found[: wanted.page_size]]
    more = page_token(items[-1].person_id) if len(found) > wanted.page_size else None
    return AccountPage(items=items, next_page_token=more)


@routes.put("/v1/auth/persons/{person_id}/suspension", responses=answers(MalformedJson, *_REFUSALS, OwnSuspension))
async def suspend_person(
    person_id: UUID, request: Suspension, caller: Suspender, session: Transaction, origin: TheOrigin
) -> SuspensionAnswer:
    """停用账号。No sign-in and no refresh from here on; access tokens stop within five seconds at every service."""
    ended = await suspend(session, caller, person_id, reason=request.reason, origin=origin)
    return SuspensionAnswer(suspended=True, sessions_ended=ended)


@routes.delete("/v1/auth/persons/{person_id}/suspension", responses=answers(*_REFUSALS))
async def reinstate_person(
    person_id: UUID, caller: Suspender, session: Transaction, origin: TheOrigin
) -> SuspensionAnswer:
    """恢复账号。The person may sign in again."""
    await reinstate(session, caller, person_id, origin=origin)
    return SuspensionAnswer(suspended=False, sessions_ended=0)


@routes.post(
    "/v1/auth/persons/{person_id}/password-resets",
    status_code=201,
    responses=answers(*_REFUSALS, AdministratorOutOfReach),
)
async def reset_person_password(
    person_id: UUID, caller: SystemAdmin, resources: TheResources, origin: TheOrigin
) -> PasswordReset:
    """重置他人密码。A password for one sign-in, shown once; all sessions of the person end."""
    return PasswordReset(temporary_password=await reset_password(resources, caller, person_id, origin=origin))


@routes.delete("/v1/auth/persons/{person_id}/second-factor", responses=answers(*_REFUSALS, AdministratorOutOfReach))
async def remove_person_second_factor(
    person_id: UUID, caller: SystemAdmin, session: Transaction, origin: TheOrigin
) -> FactorRemoved:
    """解除他人动态口令和通行密钥。For somebody who lost phone, codes and keys, after they proved in person who they are."""
    await remove_all_factors(session, person_id, origin=origin, by=caller)
    return FactorRemoved()
