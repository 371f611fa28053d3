"""A restriction that an office granted at auth is carried out on the person's cases, once, within seconds (decision 0073)."""

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.callers.personal_decisions import Decision
from services.nominations.cases.case_history import record
from services.nominations.context import Context
from services.nominations.domain.workflow import Event
from services.nominations.personal_data.access_tables import Restriction
from services.nominations.tables import Nomination


async def hear_restrictions(context: Context) -> int:
    """Gives how many were new. Safe in several processes at once. Raises Unavailable."""
    async with context.database.reading() as session:
        since = await session.scalar(select(func.max(Restriction.decided_at)))
    heard = [each for each in await context.auth.decisions(since=since) if _restricts_cases(each)]
    return sum([await _carry_out(context, decision) for decision in heard])


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
        await session.flush()
        place = (nomination.stage, nomination.status)
        details = {"decision_id": str(decision.id)}
        await record(
            session, nomination, Event.PROCESSING_RESTRICTED, caller=None, at=now, before=place, details=details
        )
