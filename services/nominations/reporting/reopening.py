"""“逾期不报视为自动放弃” (R113): only the city lets a late county report after all, for a reason, by two people (R97)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.common.callers.tokens import Caller
from services.common.problems import FieldError, NotFound, Unprocessable
from services.nominations.audit import note
from services.nominations.audit_table import ProcedureAction
from services.nominations.city_tables import Reopening
from services.nominations.context import Context
from services.nominations.domain.second_person import may_second
from services.nominations.problems import SecondPersonNeeded
from services.nominations.schemas.city import NewReopening


async def propose_reopening(
    session: AsyncSession, context: Context, caller: Caller, key: str, wanted: NewReopening
) -> Reopening:
    """Proposed: the county is still shut out. Raises CampaignNotFound, Unprocessable."""
    campaign = await context.campaigns.latest(session, key)
    now = context.clock.now()
    if not campaign.recommends(wanted.quota_unit):
        raise Unprocessable(errors=[FieldError("/quota_unit", "not_in_list", "没有这个推荐单位", requirement="R113")])
    _require_to_come(wanted.until, now)
    reopening = Reopening(
        id=uuid7(),
        campaign_key=campaign.key,
        quota_unit=wanted.quota_unit,
        until=wanted.until,
        reason=wanted.reason,
        opened_by=caller.person_id,
        opened_at=now,
    )
    session.add(reopening)
    return reopening


async def second_reopening(
    session: AsyncSession, context: Context, caller: Caller, key: str, reopening_id: UUID
) -> Reopening:
    """Another person agrees: the county may report. Seconded again, it stays as it is.

    Raises NotFound, SecondPersonNeeded, Unprocessable where its time is over already.
    """
    reopening = await session.get(Reopening, reopening_id, with_for_update=True)
    if reopening is None or reopening.campaign_key != key:
        raise NotFound
    if not may_second(caller.person_id, proposed_by=reopening.opened_by):
        raise SecondPersonNeeded
    if reopening.seconded_at is None:
        now = context.clock.now()
        _require_to_come(reopening.until, now)
        reopening.seconded_by, reopening.seconded_at = caller.person_id, now
        facts = {"campaign": key, "quota_unit": reopening.quota_unit, "proposed_by": str(reopening.opened_by)}
        await note(session, ProcedureAction.COUNTY_REOPENED, caller, until=reopening.until.isoformat(), **facts)
    return reopening


def _require_to_come(until: datetime, now: datetime) -> None:
    if until <= now:
        raise Unprocessable(errors=[FieldError("/until", "date_in_past", "截止时间须晚于现在", requirement="R113")])
