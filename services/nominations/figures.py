"""What the procedure counts of itself for Prometheus: cases by place, clocks that run, objections that wait. Sums only."""

from sqlalchemy import func, select

from services.common.metrics import Fact, pool_facts
from services.nominations.city_tables import Objection
from services.nominations.context import Context
from services.nominations.procedure_tables import PublicityNotice
from services.nominations.tables import NominationTally as Tally


async def count_facts(context: Context) -> list[Fact]:
    place = (Tally.campaign_key, Tally.stage, Tally.status)
    cases = select(*place, func.sum(Tally.cases)).where(Tally.cases > 0).group_by(*place)
    today = context.clock.now().date()
    running = select(PublicityNotice.campaign_key, PublicityNotice.level, func.count()).where(
        PublicityNotice.superseded_at.is_(None), PublicityNotice.closes_on >= today
    )
    waiting = select(func.count()).select_from(Objection).where(Objection.concluded_at.is_(None))
    async with context.database.reading() as session:
        by_place = (await session.execute(cases)).all()
        clocks = (await session.execute(running.group_by(PublicityNotice.campaign_key, PublicityNotice.level))).all()
        objections = await session.scalar(waiting) or 0
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
            for key, level, count in clocks
        ),
        Fact("xianjin_objections_open", "Objections without an outcome", objections),
    ]
