"""The organisations within the caller's jurisdiction, and what becomes of them."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncSession

from services.auth.domain.bodies import KEEPERS
from services.auth.domain.roles import OFFICIALS, scope_of
from services.auth.organisations.body_problems import BodyNotChanged
from services.auth.organisations.changing_bodies import change_details, merge, rename
from services.auth.organisations.organisation_queries import changes_of
from services.auth.queries import organisations_in, predecessors_of
from services.auth.schemas.organisations import (
    Merger,
    NewDetails,
    NewName,
    OrganisationChange,
    OrganisationDetail,
    OrganisationPage,
    OrganisationRowAnswer,
)
from services.auth.sessions.origin import TheOrigin
from services.auth.tables import OrganisationRow
from services.common.answers.strict_json import StrictRoute
from services.common.callers.tokens import Caller, caller_with
from services.common.db import Reading, Transaction
from services.common.lists.paging import WRONG_TOKEN, PageKey, PageSize, page_token
from services.common.problem_schema import GATED, answers
from services.common.problems import (
    MalformedJson,
    NotFound,
    Unprocessable,
)

routes = APIRouter(tags=["organisations"], route_class=StrictRoute)
Keeper = Annotated[Caller, caller_with(*KEEPERS)]
_CHANGES = answers(*GATED, MalformedJson, NotFound, BodyNotChanged)
_MOST_CHANGES = 100


@routes.get(
    "/v1/auth/organisations",
    responses=answers(*GATED),
)
async def list_organisations(
    caller: Annotated[Caller, caller_with(*OFFICIALS)], session: Reading, page_key: PageKey, page_size: PageSize = 50
) -> OrganisationPage:
    """机构列表。Organisations of the caller's jurisdiction; the city's officials see all."""
    scope = scope_of(caller.roles, caller.jurisdiction)
    rows = await organisations_in(session, scope, after=_after(page_key), limit=page_size + 1)
    shown = [OrganisationRowAnswer.model_validate(row, from_attributes=True) for row in rows[:page_size]]
    more = len(rows) > page_size
    return OrganisationPage(
        items=shown, next_page_token=page_token(shown[-1].jurisdiction, shown[-1].id) if more else None
    )


@routes.get(
    "/v1/auth/organisations/{organisation_id}",
    responses=answers(*GATED, NotFound),
)
async def get_organisation(
    organisation_id: UUID, caller: Annotated[Caller, caller_with(*OFFICIALS)], session: Reading
) -> OrganisationDetail:
    """机构及其变更历史。A body with its contacts, what it was called before and whom it took in."""
    row = await session.get(OrganisationRow, organisation_id)
    if row is None or not scope_of(caller.roles, caller.jurisdiction).holds(row.jurisdiction):
        raise NotFound
    return await _detail(session, row)


@routes.put("/v1/auth/organisations/{organisation_id}/name", responses=_CHANGES)
async def rename_organisation(
    organisation_id: UUID, wanted: NewName, caller: Keeper, session: Transaction, origin: TheOrigin
) -> OrganisationDetail:
    """机构更名（保留原名）。Papers of before keep the old name; tokens carry the new one from their next refresh on."""
    row = await rename(session, caller, organisation_id, wanted.name, wanted.why(), origin=origin)
    return await _detail(session, row)


@routes.put("/v1/auth/organisations/{organisation_id}/details", responses=_CHANGES)
async def save_organisation_details(
    organisation_id: UUID, wanted: NewDetails, caller: Keeper, session: Transaction, origin: TheOrigin
) -> OrganisationDetail:
    """统一社会信用代码、联系人、电话、地址（整体保存）。Saved whole; what changed stays in the history."""
    row = await change_details(session, caller, organisation_id, wanted.details(), wanted.why(), origin=origin)
    return await _detail(session, row)


@routes.post("/v1/auth/organisations/{organisation_id}/merger", status_code=201, responses=_CHANGES)
async def merge_organisation(
    organisation_id: UUID, wanted: Merger, caller: Keeper, session: Transaction, origin: TheOrigin
) -> OrganisationDetail:
    """并入另一机构。Its roles pass on at once; the successor's people see its cases too. Every reason against it in `errors`."""
    row = await merge(session, caller, organisation_id, wanted.into_id, wanted.why(), origin=origin)
    return await _detail(session, row)


async def _detail(session: AsyncSession, row: OrganisationRow) -> OrganisationDetail:
    taken_in = await predecessors_of(session, [row.id])
    return OrganisationDetail(
        **OrganisationRowAnswer.model_validate(row, from_attributes=True).model_dump(),
        credit_code=row.uscc,
        contact_name=row.contact_name,
        contact_phone=row.contact_phone,
        address=row.address,
        predecessors=list(taken_in.get(row.id, ())),
        history=[
            OrganisationChange.model_validate(each, from_attributes=True)
            for each in await changes_of(session, row.id, limit=_MOST_CHANGES)
        ],
    )


def _after(page_key: list[Any] | None) -> tuple[str, UUID] | None:
    if page_key is None:
        return None
    try:
        jurisdiction, last_id = page_key
        return str(jurisdiction), UUID(last_id)
    except (ValueError, AttributeError, TypeError):
        raise Unprocessable(errors=[WRONG_TOKEN]) from None
