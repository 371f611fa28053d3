"""What the procedure holds about a person, for that person alone (PIPL 第四十五条)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.callers.tokens import Caller
from services.nominations.city_tables import Objection
from services.nominations.procedure_tables import Confirmation, Opinion, Story
from services.nominations.tables import Nomination, NominationEvent


@dataclass(slots=True)
class OwnCase:
    """One case about the person. Counted: what is held and not shown, for it is others' word (第十八条、第三十五条)."""

    nomination: Nomination
    confirmations: list[Confirmation] = field(default_factory=list)
    story: Story | None = None
    held: dict[str, int] = field(default_factory=dict)


async def own_cases(session: AsyncSession, caller: Caller, *, before: UUID | None, limit: int) -> list[OwnCase]:
    """The newest first."""
    query = select(Nomination).where(Nomination.nominee_person_id == caller.person_id)
    if before is not None:
        query = query.where(Nomination.id < before)
    found = (await session.scalars(query.order_by(Nomination.id.desc()).limit(limit))).all()
    cases = {nomination.id: OwnCase(nomination) for nomination in found}
    ids = list(cases)
    for confirmation in await _all(session, Confirmation, ids):
        cases[confirmation.nomination_id].confirmations.append(confirmation)
    for story in await _all(session, Story, ids):
        cases[story.nomination_id].story = story
    for name, table in (("events", NominationEvent), ("opinions", Opinion), ("objections", Objection)):
        counted = select(table.nomination_id, func.count()).where(table.nomination_id.in_(ids))
        for nomination_id, count in await session.execute(counted.group_by(table.nomination_id)):
            cases[nomination_id].held[name] = count
    return list(cases.values())


async def _all(session: AsyncSession, table: Any, ids: list[UUID]) -> Sequence[Any]:
    return (await session.scalars(select(table).where(table.nomination_id.in_(ids)))).all()
