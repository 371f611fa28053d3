"""What people ask about their own data, and who answers."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from sqlalchemy.ext.asyncio import AsyncSession

from services.auth.domain.rights_requests import Decision
from services.auth.domain.roles import Role
from services.auth.personal_data.asking_rights import ask_right
from services.auth.personal_data.deciding_rights import decide_right
from services.auth.personal_data.rights_problems import OwnRequest, RequestDecided, TooManyOpenRequests
from services.auth.personal_data.rights_queries import requests_for, requests_of
from services.auth.schemas import rights as schemas
from services.auth.sessions.origin import TheOrigin
from services.common.answers.strict_json import StrictRoute
from services.common.callers.tokens import Caller, CurrentCaller, caller_with
from services.common.db import Reading, Transaction
from services.common.lists.paging import AfterId, PageKey, PageSize, page_token, parsed_key
from services.common.problem_schema import GATED, answers
from services.common.problems import (
    MalformedJson,
    NotFound,
)
from services.common.repeats.once import Once

routes = APIRouter(tags=["privacy"], route_class=StrictRoute)
Handler = Annotated[Caller, caller_with(Role.COUNTY_OFFICER, Role.CITY_OFFICER)]


@routes.post(
    "/v1/auth/me/rights-requests",
    status_code=201,
    response_model=schemas.RightsRequest,
    responses=answers(MalformedJson, *GATED, TooManyOpenRequests),
)
async def ask_about_own_data(
    wanted: schemas.NewRightsRequest, caller: CurrentCaller, origin: TheOrigin, once: Once
) -> Response:
    """申请更正、删除或者解释说明。An office answers by `due_on`, with a reason."""

    async def perform(session: AsyncSession) -> schemas.RightsRequest:
        row = await ask_right(session, caller, **wanted.model_dump(), origin=origin)
        return schemas.RightsRequest.model_validate(row, from_attributes=True)

    return await once.do(caller, perform)


@routes.get("/v1/auth/me/rights-requests", responses=answers(*GATED))
async def list_own_rights_requests(
    caller: CurrentCaller, session: Reading, after: AfterId, page_size: PageSize = 50
) -> schemas.RightsRequestPage:
    """本人的申请和答复。The newest first."""
    rows = await requests_of(session, caller.person_id, before=after, limit=page_size + 1)
    items = [schemas.RightsRequest.model_validate(row, from_attributes=True) for row in rows[:page_size]]
    more = len(rows) > page_size
    return schemas.RightsRequestPage(items=items, next_page_token=page_token(items[-1].id) if more else None)


@routes.get("/v1/auth/rights-requests", responses=answers(*GATED))
async def list_rights_requests(
    caller: Handler, session: Reading, page_key: PageKey, page_size: PageSize = 50
) -> schemas.WaitingRequestPage:
    """待办理的个人信息权利申请。Those that wait for one's own office; the city's also sees what a county let pass."""
    after = parsed_key(page_key, date.fromisoformat, UUID)
    rows = await requests_for(session, caller, after=after, limit=page_size + 1)
    items = [
        schemas.WaitingRequest(
            **schemas.RightsRequest.model_validate(row, from_attributes=True).model_dump(),
            person_id=row.person_id,
            full_name=name,
            jurisdiction=row.jurisdiction,
        )
        for row, name in rows[:page_size]
    ]
    more = len(rows) > page_size
    token = page_token(items[-1].due_on.isoformat(), items[-1].id) if more else None
    return schemas.WaitingRequestPage(items=items, next_page_token=token)


@routes.post(
    "/v1/auth/rights-requests/{request_id}/decisions",
    status_code=201,
    responses=answers(MalformedJson, *GATED, NotFound, RequestDecided, OwnRequest),
)
async def decide_rights_request(
    request_id: UUID, wanted: schemas.RightsDecision, caller: Handler, session: Transaction, origin: TheOrigin
) -> schemas.RightsRequest:
    """答复个人信息权利申请。Once, with a reason; `restricted` names the law that asks for keeping."""
    row = await decide_right(session, caller, request_id, Decision(**wanted.model_dump()), origin=origin)
    return schemas.RightsRequest.model_validate(row, from_attributes=True)
