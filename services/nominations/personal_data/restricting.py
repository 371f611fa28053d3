"""A restriction that an office granted at auth is carried out on the person's cases, once, within seconds (decision 0073).

Documents, which hears of the restriction from auth itself, shows nothing of such a case until it is told here whether the
procedure goes on with it: after each step of the case, and again until it has heard.
"""

import logging
from contextlib import suppress

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.callers.personal_decisions import Decision
from services.common.problems import NotFound, Unavailable
from services.nominations.cases.bundle_freezing import tell_state
from services.nominations.cases.case_history import record
from services.nominations.context import Context
from services.nominations.domain.workflow import Event
from services.nominations.personal_data.access_tables import RestrictedPapers, Restriction
from services.nominations.tables import Nomination

log = logging.getLogger(__name__)


async def hear_restrictions(context: Context) -> int:
    """Gives how many were new. Safe in several processes at once. Raises Unavailable."""
    async with context.database.reading() as session:
        since = await session.scalar(select(func.max(Restriction.decided_at)))
    heard = [each for each in await context.auth.decisions(since=since) if _restricts_cases(each)]
    new = sum([await _carry_out(context, decision) for decision in heard])
    await _tell_documents(context)
    return new


def _restricts_cases(decision: Decision) -> bool:
    return decision.decided == "restricted" and decision.about == "nomination"


async def _carry_out(context: Context, decision: Decision) -> bool:
    async with context.database.transaction() as session:
        row = insert(Restriction).values(
            id=decision.id,
            person_id=decision.person_id,
            campaign_key=decision.campaign_key,
            covers_until=decision.covers_until,
            decided_at=decision.at,
            heard_at=func.now(),
        )
        added = await session.scalar(row.on_conflict_do_nothing().returning(Restriction.id))
        if added is None:
            return False
        await _restrict(session, context, decision)
    return True


async def _restrict(session: AsyncSession, context: Context, decision: Decision) -> None:
    """Cases begun later are not meant: the person began them knowing."""
    meant = select(Nomination).where(
        Nomination.nominee_person_id == decision.person_id,
        Nomination.created_at <= decision.covers_until,
        Nomination.restricted_at.is_(None),
    )
    if decision.campaign_key is not None:
        meant = meant.where(Nomination.campaign_key == decision.campaign_key)
    now = context.clock.now()
    for nomination in (await session.scalars(meant.order_by(Nomination.id).with_for_update())).all():
        nomination.restricted_at = decision.at
        session.add(RestrictedPapers(nomination_id=nomination.id))
        await session.flush()
        place = (nomination.stage, nomination.status)
        details = {"decision_id": str(decision.id)}
        await record(
            session, nomination, Event.PROCESSING_RESTRICTED, caller=None, at=now, before=place, details=details
        )


async def _tell_documents(context: Context) -> None:
    """The cases that moved since documents last heard of them. Documents being away puts it off until the next time."""
    async with context.database.reading() as session:
        moved = await session.scalars(
            select(Nomination)
            .join(RestrictedPapers, RestrictedPapers.nomination_id == Nomination.id)
            .where(RestrictedPapers.told_revision.is_distinct_from(Nomination.revision))
        )
        untold = moved.all()
    for nomination in untold:
        try:
            with suppress(NotFound):  # a case whose papers documents never heard of has none
                await tell_state(context, nomination)
        except Unavailable:
            log.warning("papers of a restricted case not told", extra={"nomination": str(nomination.id)})
            continue
        await _note_told(context, nomination)


async def _note_told(context: Context, nomination: Nomination) -> None:
    told = RestrictedPapers.told_revision
    row = update(RestrictedPapers).where(
        RestrictedPapers.nomination_id == nomination.id, or_(told.is_(None), told < nomination.revision)
    )
    async with context.database.transaction() as session:
        await session.execute(row.values(told_revision=nomination.revision))
