"""In-app notifications of the caller, and what was told of a case."""

from uuid import UUID

from fastapi import Response

from services.common.answers.strict_json import StrictRoute
from services.common.callers.tokens import CurrentCaller
from services.common.db import Reading, Transaction
from services.common.lists.paging import AfterId, PageSize, page_token
from services.common.problem_schema import SIGNED_IN, DeclaringRouter, answers
from services.common.problems import (
    Forbidden,
    MalformedJson,
    NotFound,
    Unavailable,
    Unprocessable,
)
from services.nominations.domain.notifications import Audience, sentence
from services.nominations.notifications.inbox import (
    count_unread,
    mark_read,
    page_of_notifications,
    told_about,
)
from services.nominations.queries import get_nomination
from services.nominations.schemas.notifications import (
    NotificationBody,
    NotificationPage,
    PushBody,
    ReadMark,
    ReadUpTo,
    ToldBody,
    ToldList,
    UnreadCount,
)

notification_routes = DeclaringRouter(
    route_class=StrictRoute,
    tags=["notifications"],
    responses=SIGNED_IN | answers(Forbidden, Unprocessable, Unavailable),
)


@notification_routes.get("/v1/notifications")
async def list_notifications(
    caller: CurrentCaller, session: Reading, before: AfterId, page_size: PageSize = 20
) -> NotificationPage:
    """我的通知，最新的在前。What the caller is told, by person or by role, the newest first."""
    rows = await page_of_notifications(session, caller, before=before, limit=page_size + 1)
    items = [
        NotificationBody(
            id=row.id,
            kind=row.kind,
            text=sentence(row.kind, row.facts),
            campaign_key=row.campaign_key,
            nomination_id=row.nomination_id,
            audience=row.audience,
            told_at=row.told_at,
            read=row.read,
        )
        for row in rows[:page_size]
    ]
    return NotificationPage(items=items, next_page_token=page_token(items[-1].id) if len(rows) > page_size else None)


@notification_routes.get("/v1/notifications/unread-count")
async def count_notifications(caller: CurrentCaller, session: Reading, response: Response) -> UnreadCount:
    """未读通知数。For the badge: cheap enough to ask when a page is shown."""
    response.headers["Cache-Control"] = "private, no-cache"
    return UnreadCount(unread=await count_unread(session, caller))


@notification_routes.put("/v1/notifications/read-mark", responses=answers(MalformedJson))
async def mark_notifications_read(wanted: ReadUpTo, caller: CurrentCaller, session: Transaction) -> ReadMark:
    """标为已读（到这一条为止）。Everything up to this one is read, on all devices of the person."""
    return ReadMark(read_up_to=await mark_read(session, caller, wanted.notification_id))


@notification_routes.get("/v1/nominations/{nomination_id}/notifications", responses=answers(NotFound))
async def list_notifications_of_nomination(nomination_id: UUID, caller: CurrentCaller, session: Reading) -> ToldList:
    """一件推荐的通知记录：告知了谁、是否送达手机。Who was told what of a case, and how it reached phones."""
    await get_nomination(session, caller, nomination_id)
    return ToldList(
        items=[
            ToldBody(
                id=each.id,
                kind=each.kind,
                text=sentence(each.kind, each.facts),
                audience=Audience(each.audience),
                urgent=each.urgent,
                told_at=each.told_at,
                pushes=[PushBody(channel=push.channel, state=push.state, at=push.at) for push in pushes],
            )
            for each, pushes in await told_about(session, nomination_id)
        ]
    )
