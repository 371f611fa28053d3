"""待办: what the table of transitions lets a role do next, where a case stands so that it can be done."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.common.tokens import Caller
from services.nominations.domain.permissions import STAGE_OFFICERS, STAGE_REVIEWERS
from services.nominations.domain.workflow import FIRST_STAGE, TRANSITIONS, Action, Place, Role, Status, Transition
from services.nominations.list_queries import CaseFilter, awaiting, page_of_cases

_NOT_WORK = frozenset(
    {
        Action.WITHDRAW,
        Action.RETURN,
        Action.REJECT,
        Action.CONFIRM,
        Action.CORRECT,
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


async def work_items(
    session: AsyncSession, caller: Caller, *, campaign_key: str, today: date, after: UUID | None, limit: int
) -> Sequence[Any]:
    """One page of cases that wait for the caller, oldest first: whoever came first is served first (R94)."""
    rows = [(row, stage) for row in TRANSITIONS for stage in _stages(row, caller.roles)]
    places = tuple(sorted({(stage, status.value) for row, stage in rows for status in _statuses(row)}))
    wanted = CaseFilter(campaign_key, places=places)
    only = awaiting(caller, [row.action for row, _ in rows], today=today)
    return await page_of_cases(session, caller, wanted, oldest_first=True, after=after, limit=limit, only=only)


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
