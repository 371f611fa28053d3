"""The organisations within the caller's jurisdiction."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter

from services.auth.domain.roles import OFFICIALS, scope_of
from services.auth.queries import organisations_in
from services.auth.schemas.organisations import OrganisationPage, OrganisationRowAnswer
from services.common.db import Reading
from services.common.paging import PageKey, PageSize, page_token
from services.common.problem_schema import answers
from services.common.problems import (
    FieldError,
    Forbidden,
    TokenExpired,
    TokenMissing,
    Unauthenticated,
    Unavailable,
    Unprocessable,
)
from services.common.strict_json import StrictRoute
from services.common.tokens import Caller, caller_with

routes = APIRouter(tags=["organisations"], route_class=StrictRoute)


@routes.get(
    "/v1/auth/organisations",
    responses=answers(Unauthenticated, TokenMissing, TokenExpired, Forbidden, Unprocessable, Unavailable),
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


def _after(page_key: list[Any] | None) -> tuple[str, UUID] | None:
    if page_key is None:
        return None
    try:
        jurisdiction, last_id = page_key
        return str(jurisdiction), UUID(last_id)
    except (ValueError, AttributeError, TypeError):
        wrong = FieldError("/page_token", "invalid_page_token", "翻页标记无效，请从第一页重新查询")
        raise Unprocessable(errors=[wrong]) from None
