"""What the procedure holds about the caller, and who looked at it."""

from fastapi import APIRouter

from services.common.answers.strict_json import StrictRoute
from services.common.callers.tokens import BearerToken, CurrentCaller
from services.common.db import Reading
from services.common.lists.paging import AfterId, PageKey, PageSize, page_token, parsed_key
from services.common.moments import moment_of
from services.common.problem_schema import SIGNED_IN, answers
from services.common.problems import (
    Forbidden,
    Unavailable,
    Unprocessable,
)
from services.nominations.context import InContext
from services.nominations.personal_data.data_accesses import accesses_of
from services.nominations.personal_data.own_data import own_cases
from services.nominations.schemas.own_data import DataAccessBody, DataAccesses, OwnCaseBody, OwnData

own_data_routes = APIRouter(
    route_class=StrictRoute,
    tags=["privacy"],
    responses=SIGNED_IN | answers(Forbidden, Unavailable, Unprocessable),
)


@own_data_routes.get("/v1/me/data")
async def list_own_cases(caller: CurrentCaller, session: Reading, after: AfterId, page_size: PageSize = 20) -> OwnData:
    """本人在推荐办理中的全部信息。Every case about the caller, with all that was entered."""
    cases = await own_cases(session, caller, before=after, limit=page_size + 1)
    items = [OwnCaseBody.of(case) for case in cases[:page_size]]
    return OwnData(items=items, next_page_token=page_token(items[-1].id) if len(cases) > page_size else None)


@own_data_routes.get("/v1/me/data-accesses")
async def list_data_accesses(
    caller: CurrentCaller, token: BearerToken, context: InContext, page_key: PageKey, page_size: PageSize = 50
) -> DataAccesses:
    """谁查看过、向谁提供过我的信息。Reveals, views of papers, opinion sheets, downloads, hand-overs and publications."""
    before = parsed_key(page_key, moment_of, str)
    found = await accesses_of(context, caller, token, before=before, limit=page_size + 1)
    items = [DataAccessBody.model_validate(each) for each in found[:page_size]]
    last = found[page_size - 1] if len(found) > page_size else None
    more = page_token(last.at.isoformat(), last.id) if last is not None else None
    return DataAccesses(items=items, next_page_token=more)
