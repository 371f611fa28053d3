"""Misconduct of those who work on a campaign: for the city office only (R100)."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy import select

from services.common.callers.tokens import Caller, caller_with
from services.common.db import Reading
from services.common.lists.paging import AfterId, PageSize, page_token
from services.common.problem_schema import SIGNED_IN, DeclaringRouter, answers
from services.common.problems import (
    MalformedJson,
    NotFound,
    Unavailable,
    Unprocessable,
)
from services.nominations.context import InContext
from services.nominations.domain.workflow import Role
from services.nominations.lists.list_files import ListingRoute
from services.nominations.problems import ActionForbidden, CampaignNotFound, MisconductConcluded, MisconductOpen
from services.nominations.review_tables import MisconductCase
from services.nominations.reviews.misconduct import conclude_misconduct_case, open_misconduct_case, suspend_person_of
from services.nominations.schemas.fairness import (
    MisconductBody,
    MisconductConclusion,
    MisconductPage,
    NewMisconductCase,
)

misconduct_routes = DeclaringRouter(
    route_class=ListingRoute,
    prefix="/v1/misconduct-cases",
    tags=["city"],
    responses=SIGNED_IN | answers(MalformedJson, ActionForbidden, NotFound, Unprocessable, Unavailable),
)
_CITY = caller_with(Role.CITY_OFFICER)
City = Annotated[Caller, _CITY]


def _body(case: MisconductCase) -> MisconductBody:
    return MisconductBody.model_validate(case, from_attributes=True)


@misconduct_routes.post("", status_code=201, responses=answers(CampaignNotFound, MisconductOpen))
async def create_misconduct_case(wanted: NewMisconductCase, caller: City, context: InContext) -> MisconductBody:
    """登记违纪违法线索并停用账号（R100）。Records the finding and stops the person's access."""
    return _body(await open_misconduct_case(context, caller, wanted))


@misconduct_routes.get("", dependencies=[_CITY])
async def list_misconduct_cases(
    session: Reading,
    campaign_key: Annotated[str, Query(max_length=80)],
    after: AfterId,
    page_size: PageSize = 20,
) -> MisconductPage:
    """违纪违法登记列表。All of a campaign, oldest first."""
    query = select(MisconductCase).where(MisconductCase.campaign_key == campaign_key)
    if after is not None:
        query = query.where(MisconductCase.id > after)
    rows = (await session.scalars(query.order_by(MisconductCase.id).limit(page_size + 1))).all()
    items = [_body(row) for row in rows[:page_size]]
    return MisconductPage(items=items, next_page_token=page_token(items[-1].id) if len(rows) > page_size else None)


@misconduct_routes.put("/{case_id}/suspension", dependencies=[_CITY])
async def suspend_misconduct_person(case_id: UUID, context: InContext) -> MisconductBody:
    """停用账号（登记时未能停用的，再次执行）。Again, where the access could not be stopped when the case was recorded."""
    return _body(await suspend_person_of(context, case_id))


@misconduct_routes.post("/{case_id}/conclusion", status_code=201, responses=answers(MisconductConcluded))
async def conclude_misconduct(
    case_id: UUID, wanted: MisconductConclusion, caller: City, context: InContext
) -> MisconductBody:
    """办结：属实的不恢复账号，不属实的恢复（R100）。Access comes back only where nothing was found."""
    return _body(await conclude_misconduct_case(context, caller, case_id, wanted))
