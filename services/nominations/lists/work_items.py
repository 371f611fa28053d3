"""待办: what the table of transitions lets a role do next, where a case stands so that it can be done."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.callers.tokens import Caller
from services.common.db import fetch
from services.common.lists.paging import in_words, rows_to_fetch
from services.common.prepared import Slot, Statements, prepare
from services.nominations.domain.permissions import STAGE_OFFICERS, STAGE_REVIEWERS
from services.nominations.domain.workflow import FIRST_STAGE, TRANSITIONS, Action, Place, Role, Status, Transition
from services.nominations.lists.list_queries import CaseFilter, awaiting, page_statement, stretch_statement
from services.nominations.review_tables import ReviewOrder

_CIRCLE = 9_223_372_036_854_775_000
_LAST_ID = UUID(int=2**128 - 1)
_NOT_WORK = frozenset(
    {
        Action.WITHDRAW,
        Action.RETURN,
        Action.REJECT,
        Action.CONFIRM,
        Action.CORRECT,
        Action.APPROVE_RANK,
        Action.SECOND_RANK,
        Action.UNLIST,
        Action.DISQUALIFY,
        Action.REVOKE,
    }
)
"""Ways out, and what is part of another step: nobody is reminded of them."""


_ONLY_WHILE = {Action.RECORD_OPINION: frozenset({Status.UNDER_REVIEW})}
"""Opinions may be entered later too, but nobody waits for them any more."""


def work_at(roles: frozenset[str], stage: str, status: str) -> list[Action]:
    """The steps that wait for somebody with these roles where a case stands."""
    return [row.action for row in TRANSITIONS if status in _statuses(row) and stage in _stages(row, roles)]


def what_waits(caller: Caller, campaign_key: Any, today: Any) -> tuple[CaseFilter, Sequence[ColumnElement[bool]]]:
    """The places where cases wait for the caller, and what only looks like waiting."""
    rows = [(row, stage) for row in TRANSITIONS for stage in _stages(row, caller.roles)]
    places = tuple(sorted({(stage, status.value) for row, stage in rows for status in _statuses(row)}))
    return CaseFilter(campaign_key, places=places), awaiting(caller, [row.action for row, _ in rows], today=today)


async def work_items(
    session: AsyncSession, caller: Caller, *, campaign_key: str, today: date, after: UUID | None, limit: int
) -> Sequence[Any]:
    """One page of cases that wait for the caller, oldest first: whoever came first is served first (R94)."""
    statement = _WAITING.of(caller, size=rows_to_fetch(limit), after=after is not None)
    given = {"campaign_key": campaign_key, "today": today, "after": after}
    return (await fetch(session, statement.text, *statement.filled(caller, given)))[:limit]


async def cases_to_review(
    session: AsyncSession,
    caller: Caller,
    *,
    campaign_key: str,
    today: date,
    begins_at: int,
    after: tuple[int, UUID] | None,
    limit: int,
) -> Sequence[Any]:
    """The same for a reviewer in the neutral order, round the circle once from where their list begins (R94).

    No case stands first for everybody: neither the earliest nor the one whose name sorts first.
    """
    stretch = partial(_stretch, session, caller, campaign_key=campaign_key, today=today)
    if after is not None and after[0] < begins_at:
        return await stretch(above=after, below=begins_at, limit=limit)
    found = await stretch(above=after or (begins_at - 1, _LAST_ID), below=None, limit=limit)
    if len(found) < limit:
        found += await stretch(above=None, below=begins_at, limit=limit - len(found))
    return found


async def _stretch(
    session: AsyncSession,
    caller: Caller,
    *,
    campaign_key: str,
    today: date,
    above: tuple[int, UUID] | None,
    below: int | None,
    limit: int,
) -> list[Any]:
    statement = _STRETCHES.of(caller, size=rows_to_fetch(limit), above=above is not None, below=below is not None)
    given = {"campaign_key": campaign_key, "today": today, "below": below}
    if above is not None:
        given |= {"above": above[0], "above_id": above[1]}
    return (await fetch(session, statement.text, *statement.filled(caller, given)))[:limit]


def waiting_cases(caller: Caller, *, size: int, after: bool) -> Select[Any]:
    """What waits for the caller, oldest first, with slots for the campaign, for today, and for where the page begins."""
    wanted, only = what_waits(caller, Slot("campaign_key"), Slot("today"))
    begin = Slot("after") if after else None
    return page_statement(caller, wanted, oldest_first=True, after=begin, limit=in_words(size), only=only)


def _stretch_with_slots(caller: Caller, *, size: int, above: bool, below: bool) -> Select[Any]:
    wanted, only = what_waits(caller, Slot("campaign_key"), Slot("today"))
    return stretch_statement(
        caller,
        wanted,
        above=(Slot("above"), Slot("above_id")) if above else None,
        below=Slot("below") if below else None,
        limit=in_words(size),
        only=only,
    )


_WAITING = Statements(waiting_cases)
_STRETCHES = Statements(_stretch_with_slots)
_BEGIN = prepare(
    select(ReviewOrder.begins_at).where(
        ReviewOrder.campaign_key == Slot("campaign_key"), ReviewOrder.person_id == Slot("person_id")
    )
)


async def begin_of_list(session: AsyncSession, caller: Caller, *, campaign_key: str, now: datetime) -> int:
    """Where this reviewer's list begins: drawn once, written down, the same ever after.

    On the connection in hand: requests that hold one and wait for a second would wait for one another.
    """
    key = {"campaign_key": campaign_key, "person_id": caller.person_id}
    known = await fetch(session, _BEGIN.text, *_BEGIN.given(key))
    if not known:
        drawn = insert(ReviewOrder).values(**key, begins_at=secrets.randbelow(_CIRCLE), given_at=now)
        await session.execute(drawn.on_conflict_do_nothing())
        known = await fetch(session, _BEGIN.text, *_BEGIN.given(key))
    begins_at: int = known[0]["begins_at"]
    return begins_at


def _statuses(row: Transition) -> frozenset[Status]:
    return _ONLY_WHILE.get(row.action, row.sources)


def _stages(row: Transition, roles: frozenset[str]) -> list[str]:
    """The stages at which these roles take the row's step; none where it is not theirs, or no work."""
    if row.action in _NOT_WORK or roles.isdisjoint(row.roles):
        return []
    if row.place is Place.UNIT:
        return [FIRST_STAGE]
    by_stage: dict[str, set[Role]] = {
        stage: {STAGE_REVIEWERS[stage], STAGE_OFFICERS[stage]} for stage in STAGE_REVIEWERS
    }
    return [stage for stage, theirs in by_stage.items() if roles & theirs & row.roles]
