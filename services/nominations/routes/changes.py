"""Copies kept up to date, and being told at once: long poll for mini-programs, an event stream for browsers."""

import json
import time
from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse
from sqlalchemy.exc import SQLAlchemyError

from services.common.answers.strict_json import StrictRoute
from services.common.callers.tokens import Caller, CurrentCaller
from services.common.db import Reading
from services.common.lists.paging import PageSize, page_key, parsed_key
from services.common.problem_schema import SIGNED_IN, answers
from services.common.problems import Problem, Unavailable, Unprocessable
from services.nominations.context import Context, InContext
from services.nominations.domain.workflow import Status
from services.nominations.lists.changes import Since, changes_since
from services.nominations.notifications.work_item_changes import MOST, Waiting, wait_for_change
from services.nominations.problems import CampaignNotFound, ChangesTokenOutdated, TooManyWaiting
from services.nominations.schemas.changes import (
    ChangedNomination,
    NominationChanges,
    RemovedNomination,
    WorkItemChange,
)

change_routes = APIRouter(
    route_class=StrictRoute,
    tags=["nominations"],
    responses=SIGNED_IN | answers(Unavailable, Unprocessable),
)
CampaignKey = Annotated[str, Query(max_length=80)]
Mark = Annotated[str | None, Query(max_length=64, description="`since` of the answer before; none: answered at once")]
_ROUND_SECONDS = 20
_COME_BACK = "10"


@change_routes.get("/v1/nomination-changes", responses=answers(ChangesTokenOutdated))
async def list_nomination_changes(
    caller: CurrentCaller,
    session: Reading,
    campaign_key: CampaignKey,
    updated_since: Annotated[
        str | None, Query(max_length=400, description="`updated_until` of the answer before; none: from the beginning")
    ] = None,
    page_size: PageSize = 100,
) -> NominationChanges:
    """推荐的变化（供离线缓存），撤回的列为移除。Every change within the caller's scope once, in order; 410 means start over."""
    since = Since(*parsed_key(page_key(updated_since), str, str, int, UUID)) if updated_since else None
    found = await changes_since(session, caller, campaign_key=campaign_key, since=since, limit=page_size)
    items, removed = [], []
    for row in found.rows:
        if row.gone:
            removed.append(RemovedNomination(id=row.nomination_id, reason="erased"))
        elif row.status == Status.WITHDRAWN:
            removed.append(RemovedNomination(id=row.nomination_id, reason="withdrawn"))
        else:
            items.append(ChangedNomination.of(row._asdict()))
    return NominationChanges(items=items, removed=removed, updated_until=found.following.token, complete=found.complete)


@change_routes.get("/v1/work-items/changes", responses=answers(CampaignNotFound))
async def wait_for_work_items(
    caller: CurrentCaller,
    context: InContext,
    response: Response,
    campaign_key: CampaignKey,
    since: Mark = None,
    wait: Annotated[int, Query(ge=0, le=50, description="Seconds to wait for a change")] = 25,
) -> WorkItemChange:
    """待办件数有变化时立即返回，最多等待若干秒。Long poll: answers when the work changes, or when the time is over."""
    waiting, waited = await wait_for_change(
        context, caller, campaign_key=campaign_key, since=since, seconds=wait if since else 0
    )
    if not waited:
        response.headers["Retry-After"] = _COME_BACK
    return _answer(waiting, since)


@change_routes.get(
    "/v1/work-items/stream",
    response_class=StreamingResponse,
    responses=answers(CampaignNotFound, TooManyWaiting)
    | {200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}, "description": "Server-sent events"}},
)
async def stream_work_items(
    request: Request, caller: CurrentCaller, context: InContext, campaign_key: CampaignKey, since: Mark = None
) -> StreamingResponse:
    """待办件数的事件流（网页用）。Events `work_items` whenever the work changes; ends after ten minutes: connect again."""
    first, waited = await wait_for_change(context, caller, campaign_key=campaign_key, since=None, seconds=0)
    if not waited:
        raise TooManyWaiting(retry_after=int(_COME_BACK))
    events = _events(request, caller, context, campaign_key, since, first)
    headers = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}
    return StreamingResponse(events, media_type="text/event-stream", headers=headers)


async def _events(
    request: Request, caller: Caller, context: Context, campaign_key: str, since: str | None, waiting: Waiting
) -> AsyncIterator[str]:
    """Each round asks whether the token is still good: a session that was ended hears nothing more."""
    token = request.headers["authorization"].partition(" ")[2]
    until = time.monotonic() + context.live.stream_seconds
    yield "retry: 3000\n\n"
    while True:
        answer = _answer(waiting, since)
        yield _event(answer) if answer.changed else ": still here\n\n"
        since = waiting.mark
        if time.monotonic() > until or context.live.ending:
            return
        try:
            await request.app.state.tokens.verify(token)
            waiting, waited = await wait_for_change(
                context, caller, campaign_key=campaign_key, since=since, seconds=_ROUND_SECONDS
            )
        except (Problem, SQLAlchemyError, OSError):  # the client connects again, and is answered or refused then
            return
        if not waited:
            return


def _event(answer: WorkItemChange) -> str:
    data = json.dumps(answer.model_dump(mode="json"), separators=(",", ":"))
    return f"event: work_items\nid: {answer.since}\ndata: {data}\n\n"


def _answer(waiting: Waiting, since: str | None) -> WorkItemChange:
    return WorkItemChange(
        waiting=min(waiting.cases, MOST), more=waiting.cases > MOST, changed=waiting.mark != since, since=waiting.mark
    )
