"""How much waits for the caller, told when it changes: the badge on the desk, without asking every few seconds."""

import asyncio
import time
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, Text, cast, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.callers.tokens import Caller
from services.common.db import fetch
from services.common.prepared import Statements
from services.nominations.context import Context
from services.nominations.lists.work_items import waiting_cases
from services.nominations.notifications.live import concerns

MOST = 1000
_TOGETHER_SECONDS = 0.3
"""Changes that come together are looked at together."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many, and a mark that differs whenever anything of them does."""

    cases: int
    mark: str


async def wait_for_change(
    context: Context, caller: Caller, *, campaign_key: str, since: str | None, seconds: float
) -> tuple[Waiting, bool]:
    """Looks, and looks again whenever something may have changed, until it has or the time is over. Gives whether it waited.

    Raises CampaignNotFound.
    """
    until = time.monotonic() + seconds
    with context.live.waiter(concerns(caller, campaign_key)) as waiter:
        while True:
            if waiter is not None:
                waiter.woken.clear()
            waiting = await _look(context, caller, campaign_key)
            left = until - time.monotonic()
            if waiter is None or waiting.mark != since or left <= 0 or context.live.ending:
                return waiting, waiter is not None
            try:
                await asyncio.wait_for(waiter.woken.wait(), left)
            except TimeoutError:
                continue
            await asyncio.sleep(_TOGETHER_SECONDS)


async def _look(context: Context, caller: Caller, campaign_key: str) -> Waiting:
    async with context.database.reading() as session:
        campaign = await context.campaigns.latest(session, campaign_key)
        today = campaign.local_day(context.clock.now())
        return await _waiting(session, caller, campaign_key, today)


async def _waiting(session: AsyncSession, caller: Caller, campaign_key: str, today: date) -> Waiting:
    statement = _COUNTED.of(caller)
    given = {"campaign_key": campaign_key, "today": today}
    ((cases, mark),) = await fetch(session, statement.text, *statement.filled(caller, given))
    return Waiting(cases, mark)


def _counted(caller: Caller) -> Select[Any]:
    page = waiting_cases(caller, size=MOST + 1, after=False).subquery()
    told = cast(page.c.id, Text) + cast(page.c.saved_at, Text)
    mark = func.md5(func.coalesce(func.string_agg(told, aggregate_order_by(literal(","), page.c.id)), ""))
    return select(func.count(), mark).select_from(page)


_COUNTED = Statements(_counted)
