"""Publicity notices, read by anybody without signing in (R3, R48)."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.common.db import Reading
from services.common.paging import PageKey, PageSize, page_token
from services.common.problem_schema import answers
from services.common.problems import FieldError, NotFound, Unavailable, Unprocessable
from services.common.strict_json import StrictRoute
from services.nominations import queries
from services.nominations.procedure_tables import PublicityNotice
from services.nominations.schemas.procedure import PublicityNoticeBody, PublicityPage

publicity_routes = APIRouter(
    route_class=StrictRoute,
    prefix="/v1/publicity-notices",
    tags=["public"],
    responses=answers(Unavailable, Unprocessable),
)


def _body(notice: PublicityNotice) -> PublicityNoticeBody:
    return PublicityNoticeBody.model_validate(notice, from_attributes=True)


@publicity_routes.get("")
async def list_publicity_notices(
    session: Reading, campaign_key: Annotated[str, Query(max_length=80)], after: PageKey, page_size: PageSize = 20
) -> PublicityPage:
    """公示列表。Publicity notices in force, newest first."""
    rows = await queries.list_notices(session, campaign_key=campaign_key, after=_key(after), limit=page_size + 1)
    items = [_body(row) for row in rows[:page_size]]
    more = page_token(items[-1].opened_on, items[-1].id) if len(rows) > page_size else None
    return PublicityPage(items=items, next_page_token=more)


def _key(key: list[object] | None) -> tuple[date, UUID] | None:
    if key is None:
        return None
    try:
        day, notice_id = key
        return date.fromisoformat(str(day)), UUID(str(notice_id))
    except ValueError:
        raise Unprocessable(errors=[FieldError("/page_token", "invalid_page_token", "翻页标记无效")]) from None


@publicity_routes.get("/{notice_id}", responses=answers(NotFound))
async def get_publicity_notice(notice_id: UUID, session: Reading) -> PublicityNoticeBody:
    """公示内容。One notice as it was shown, with the hash of its content."""
    return _body(await queries.get_notice(session, notice_id))
