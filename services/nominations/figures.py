"""What the procedure counts of itself for Prometheus: cases by place, clocks that run, what waits. Sums only."""

from collections import Counter
from datetime import timedelta

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.metrics import Fact, pool_facts
from services.nominations.city_tables import Objection
from services.nominations.context import Context
from services.nominations.procedure_tables import PublicityNotice
from services.nominations.tables import SCHEMA
from services.nominations.tables import NominationTally as Tally

_JOBS = text(
    f"SELECT entrypoint, count(*) FILTER (WHERE status = 'queued'), count(*) FILTER (WHERE status = 'failed'), "  # noqa: S608  our own schema
    "coalesce(extract(epoch FROM now() - min(execute_after) FILTER (WHERE status = 'queued')), 0) "
    f"FROM {SCHEMA}.pgqueuer WHERE status = 'failed' OR execute_after <= now() GROUP BY entrypoint"
)
"""Jobs that are due, jobs that were given up, and for how long the oldest has been due."""


async def count_facts(context: Context) -> list[Fact]:
    place = (Tally.campaign_key, Tally.stage, Tally.status)
    cases = select(*place, func.sum(Tally.cases)).where(Tally.cases > 0).group_by(*place)
    waiting = select(func.count()).select_from(Objection).where(Objection.concluded_at.is_(None))
    async with context.database.reading() as session:
        by_place = (await session.execute(cases)).all()
        clocks = await _running_clocks(session, context)
        objections = await session.scalar(waiting) or 0
        jobs = (await session.execute(_JOBS)).all()
    return [
        *pool_facts("nominations", context.database),
        *(
            Fact("xianjin_cases", "Cases by place", cases, (("campaign", key), ("stage", stage), ("status", status)))
            for key, stage, status, cases in by_place
        ),
        *(
            Fact(
                "xianjin_publicity_running", "Publicity periods not over", count, (("campaign", key), ("level", level))
            )
            for (key, level), count in clocks.items()
        ),
        Fact("xianjin_objections_open", "Objections without an outcome", objections),
        *(fact for job in jobs for fact in _of_job(*job)),
    ]


async def _running_clocks(session: AsyncSession, context: Context) -> Counter[tuple[str, str]]:
    """By campaign and level; whether a period is over is judged by the day at the campaign's own place."""
    now = context.clock.now()
    notice = PublicityNotice
    query = select(notice.campaign_key, notice.level, notice.closes_on, func.count().label("notices"))
    lately = (notice.superseded_at.is_(None), notice.closes_on >= now.date() - timedelta(days=1))
    running: Counter[tuple[str, str]] = Counter()
    for row in await session.execute(query.where(*lately).group_by(*query.selected_columns[:3])):
        campaign = await context.campaigns.latest(session, row.campaign_key)
        if row.closes_on >= campaign.local_day(now):
            running[row.campaign_key, row.level] += row.notices
    return running


def _of_job(job: str, due: int, failed: int, seconds: float) -> list[Fact]:
    label = (("job", job),)
    return [
        Fact("xianjin_jobs_due", "Jobs that could be done now", due, label),
        Fact("xianjin_jobs_failed", "Jobs that were tried for a day and given up", failed, label),
        Fact("xianjin_outbox_age_seconds", "How long the oldest job has been due", float(seconds), label),
    ]
