"""Publicity notices, read by anybody without signing in (R3, R48)."""

import hashlib
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.answers.caching import FOR_ANYBODY, PUBLIC
from services.common.db import Reading
from services.common.lists.paging import PageKey, PageSize, page_token, parsed_key
from services.common.problem_schema import DeclaringRouter, answers
from services.common.problems import NotFound, Unavailable, Unprocessable
from services.nominations import queries
from services.nominations.context import InContext
from services.nominations.lists.list_files import ListingRoute
from services.nominations.problems import NoticeSuperseded
from services.nominations.procedure_tables import PublicityNotice
from services.nominations.publicity.publicity_page import PAGE_POLICY, notice_body, publicity_page
from services.nominations.schemas.procedure import PublicityNoticeBody, PublicityPage
from services.nominations.tables import Nomination

publicity_routes = DeclaringRouter(
    route_class=ListingRoute,
    prefix="/v1/publicity-notices",
    tags=["public"],
    responses=answers(Unavailable, Unprocessable),
)


@publicity_routes.get("", dependencies=[FOR_ANYBODY])
async def list_publicity_notices(
    session: Reading,
    context: InContext,
    campaign_key: Annotated[str, Query(max_length=80)],
    after: PageKey,
    page_size: PageSize = 20,
) -> PublicityPage:
    """公示列表。Publicity notices in force, newest first."""
    key = parsed_key(after, date.fromisoformat, UUID)
    rows = await queries.list_notices(session, campaign_key=campaign_key, after=key, limit=page_size + 1)
    campaign = await context.campaigns.latest(session, campaign_key) if rows else None
    items = [notice_body(row, campaign) for row in rows[:page_size] if campaign is not None]
    more = page_token(items[-1].opened_on, items[-1].id) if len(rows) > page_size else None
    return PublicityPage(items=items, next_page_token=more)


@publicity_routes.get("/{notice_id}", responses=answers(NotFound, NoticeSuperseded), dependencies=[FOR_ANYBODY])
async def get_publicity_notice(notice_id: UUID, session: Reading, context: InContext) -> PublicityNoticeBody:
    """公示内容。One notice as it was shown, with the hash of its content."""
    notice = await _in_force(session, notice_id)
    return notice_body(notice, await context.campaigns.latest(session, notice.campaign_key))


@publicity_routes.get("/{notice_id}/page", response_class=HTMLResponse, responses=answers(NotFound, NoticeSuperseded))
async def read_publicity_page(notice_id: UUID, session: Reading, context: InContext) -> HTMLResponse:
    """公示页（可存档的静态网页）。The notice as a page that stands alone, to be shown or kept."""
    notice = await _in_force(session, notice_id)
    nomination = await session.get_one(Nomination, notice.nomination_id)
    campaign = await context.campaigns.version(session, nomination.campaign_key, nomination.campaign_version)
    page = publicity_page(notice, campaign, campaign.form_of(nomination.category))
    headers = {
        "Content-Security-Policy": PAGE_POLICY,
        "Cache-Control": PUBLIC,
        "ETag": f'"{hashlib.sha256(page.encode()).hexdigest()[:32]}"',
        "X-Content-Type-Options": "nosniff",
    }
    return HTMLResponse(page, headers=headers)


async def _in_force(session: AsyncSession, notice_id: UUID) -> PublicityNotice:
    """What was corrected or taken back, or what law keeps from everybody, is no longer shown to the public."""
    notice = await queries.get_notice(session, notice_id)
    nomination = await session.get_one(Nomination, notice.nomination_id)
    if notice.superseded_at is not None or queries.is_held_from(None, nomination):
        raise NoticeSuperseded
    return notice
