"""公示截止日确定: periods that ran into a year without an arrangement end for certain once its calendar is loaded (R49, R62).

Done when a process starts, for that is when calendars are read, and every morning. Until then a period does not end.
"""

import logging
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.callers.tokens import Caller
from services.common.problems import Unavailable
from services.nominations.cases.case_history import record
from services.nominations.context import Context
from services.nominations.domain.publicity import PublicityPeriod, settled_period
from services.nominations.domain.workflow import Event
from services.nominations.procedure_tables import PublicityNotice
from services.nominations.publicity.publicity_notices import told_of
from services.nominations.tables import Nomination

log = logging.getLogger(__name__)
_CALENDAR = Caller(
    subject="",
    session_id="",
    name="工作日历",
    organisation_id="",
    organisation_name="",
    organisation_kind="",
    jurisdiction="",
    bureau="",
    roles=frozenset(),
)
"""Who the history names: nobody decided this, the State Council's arrangement did."""


async def settle_publicity(context: Context) -> int:
    """Each notice in a transaction of its own, safe to repeat and to run twice at once. Gives how many were settled."""
    waiting = select(PublicityNotice.id, PublicityNotice.nomination_id).where(
        PublicityNotice.provisional, PublicityNotice.superseded_at.is_(None)
    )
    async with context.database.reading() as session:
        found = (await session.execute(waiting.order_by(PublicityNotice.id))).all()
    settled = 0
    for notice_id, nomination_id in found:
        async with context.database.transaction() as session:
            settled += await _settle(session, context, nomination_id, notice_id)
    return settled


async def settle_at_start(context: Context) -> None:
    """A database that is not there yet does not keep the service from starting: the morning makes it good."""
    try:
        await settle_publicity(context)
    except (Unavailable, OSError, SQLAlchemyError) as trouble:
        log.warning("publicity not settled", extra={"error": type(trouble).__name__})


async def _settle(session: AsyncSession, context: Context, nomination_id: UUID, notice_id: UUID) -> bool:
    nomination = await session.get_one(Nomination, nomination_id, with_for_update=True)
    notice = await session.get_one(PublicityNotice, notice_id)
    campaign = await context.campaigns.version(session, nomination.campaign_key, nomination.campaign_version)
    shown = PublicityPeriod(notice.opened_on, notice.closes_on, notice.provisional, notice.calendar_version)
    period = settled_period(campaign.publicity[notice.level], shown, calendar=context.campaigns.calendar)
    if period.provisional or not notice.provisional or notice.superseded_at is not None:
        return False
    notice.closes_on, notice.provisional = period.closes_on, False
    notice.calendar_version = period.calendar_version
    await session.flush()
    place, now = (nomination.stage, nomination.status), context.clock.now()
    details = told_of(notice) | {"closes_on_shown_before": shown.closes_on.isoformat()}
    await record(session, nomination, Event.PUBLICITY_SETTLED, caller=_CALENDAR, at=now, before=place, details=details)
    return True
