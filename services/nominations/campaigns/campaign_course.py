"""A campaign's deadline is put off for everybody; a campaign is closed. Both reach every case at once, whatever its version."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.common.callers.tokens import Caller
from services.common.db import fetch
from services.common.prepared import Slot, prepare
from services.common.problems import FieldError, NotFound, Unprocessable
from services.nominations.audit import note
from services.nominations.audit_table import ProcedureAction
from services.nominations.campaigns.course_tables import CampaignClosing, Postponement
from services.nominations.campaigns.published import Campaigns
from services.nominations.city_tables import CityList, CityListItem, Objection, Reopening
from services.nominations.context import Context
from services.nominations.domain.campaign import Campaign
from services.nominations.domain.campaign_course import OpenWork, against_closing, against_postponing
from services.nominations.domain.second_person import may_second
from services.nominations.domain.workflow import Status
from services.nominations.notifications.event_queue import put_campaign_day_out
from services.nominations.problems import CampaignClosed, CampaignNotFound, SecondPersonNeeded, refusal
from services.nominations.schemas.campaign_course import NewClosing, NewPostponement
from services.nominations.tables import CampaignDefinition, Nomination

_IS_CLOSED = prepare(select(exists().where(CampaignClosing.campaign_key == Slot("key"))))
_WITHOUT_RESULT = (Status.LISTED, Status.IN_CITY_PUBLICITY, Status.RANKED, Status.REPORTED)


@dataclass(frozen=True, slots=True)
class Course:
    """What happened to a campaign after it was published."""

    postponed_to: datetime | None = None
    closed_at: datetime | None = None

    def deadline_of(self, campaign: Campaign) -> datetime:
        """The materials' deadline that holds (R112)."""
        return max(campaign.materials_deadline, self.postponed_to or campaign.materials_deadline)


def _course(key: Any) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    in_force = (Postponement.campaign_key == key, Postponement.seconded_at.is_not(None))
    return (
        select(func.max(Postponement.until)).where(*in_force).scalar_subquery().label("postponed_to"),
        select(CampaignClosing.closed_at)
        .where(CampaignClosing.campaign_key == key)
        .scalar_subquery()
        .label("closed_at"),
    )


_ALL = select(CampaignDefinition.key).distinct().subquery()
_COURSES = prepare(select(_ALL.c.key, *_course(_ALL.c.key)))
_COURSE = prepare(select(*_course(Slot("key"))))
_LATEST = prepare(
    select(func.max(CampaignDefinition.version), *_course(Slot("key"))).where(CampaignDefinition.key == Slot("key"))
)


async def courses(session: AsyncSession) -> dict[str, Course]:
    """Of every campaign, by its key."""
    return {row[0]: Course(row[1], row[2]) for row in await fetch(session, _COURSES.text, *_COURSES.given({}))}


async def course_of(session: AsyncSession, key: str) -> Course:
    ((postponed_to, closed_at),) = await fetch(session, _COURSE.text, *_COURSE.given({"key": key}))
    return Course(postponed_to, closed_at)


async def latest_with_course(session: AsyncSession, campaigns: Campaigns, key: str) -> tuple[Campaign, Course]:
    """The newest published version, and what happened to the campaign. Raises CampaignNotFound."""
    ((version, postponed_to, closed_at),) = await fetch(session, _LATEST.text, *_LATEST.given({"key": key}))
    if version is None:
        raise CampaignNotFound
    return await campaigns.version(session, key, version), Course(postponed_to, closed_at)


async def is_shut(session: AsyncSession, campaign: Campaign, quota_unit: str, *, now: datetime) -> bool:
    """“逾期不报视为自动放弃” (R113): the deadline that holds is over, and the city has not let this organisation in again."""
    if now < (await course_of(session, campaign.key)).deadline_of(campaign):
        return False
    opened = select(Reopening.id).where(
        Reopening.campaign_key == campaign.key,
        Reopening.quota_unit == quota_unit,
        Reopening.until > now,
        Reopening.seconded_at.is_not(None),
    )
    return await session.scalar(opened.limit(1)) is None


async def require_not_closed(session: AsyncSession, key: str) -> None:
    """Raises CampaignClosed."""
    ((is_closed,),) = await fetch(session, _IS_CLOSED.text, *_IS_CLOSED.given({"key": key}))
    if is_closed:
        raise CampaignClosed


async def postpone(
    session: AsyncSession, context: Context, caller: Caller, key: str, wanted: NewPostponement
) -> Postponement:
    """Proposed; it holds when another has seconded it (R97). Raises as `_require_later` does."""
    now = context.clock.now()
    await _require_later(session, context, key, wanted.until, now=now)
    row = Postponement(
        id=uuid7(),
        campaign_key=key,
        until=wanted.until,
        reason=wanted.reason,
        decided_by=caller.person_id,
        decided_at=now,
    )
    session.add(row)
    return row


async def second_postponement(
    session: AsyncSession, context: Context, caller: Caller, key: str, postponement_id: UUID
) -> Postponement:
    """Another person agrees, and the deadline is put off. Seconded again, it stays as it is.

    Raises NotFound, SecondPersonNeeded, and as `_require_later` does: another may have put it off further since.
    """
    row = await session.get(Postponement, postponement_id, with_for_update=True)
    if row is None or row.campaign_key != key:
        raise NotFound
    if not may_second(caller.person_id, proposed_by=row.decided_by):
        raise SecondPersonNeeded
    if row.seconded_at is None:
        now = context.clock.now()
        await _require_later(session, context, key, row.until, now=now)
        row.seconded_by, row.seconded_at = caller.person_id, now
        facts = {"campaign": key, "until": row.until.isoformat(), "proposed_by": str(row.decided_by)}
        await note(session, ProcedureAction.DEADLINE_POSTPONED, caller, **facts)
    return row


async def _require_later(session: AsyncSession, context: Context, key: str, until: datetime, *, now: datetime) -> None:
    """Raises CampaignNotFound, CampaignClosed, Unprocessable for a deadline that is not later."""
    campaign = await context.campaigns.latest(session, key)
    await require_not_closed(session, key)
    deadline = (await course_of(session, key)).deadline_of(campaign)
    against = against_postponing(until, deadline=deadline, now=now)
    if against is not None:
        raise Unprocessable(
            errors=[FieldError(against.pointer, against.code, against.message, requirement=against.requirement)]
        )


async def close_campaign(
    session: AsyncSession, context: Context, caller: Caller, key: str, wanted: NewClosing
) -> CampaignClosing:
    """Raises CampaignNotFound, CampaignClosed, ActionBlocked with everything that is still open.

    Every case is locked first: whoever moves one at this moment has moved it before, or finds the campaign closed.
    """
    campaign = await context.campaigns.latest(session, key)
    await require_not_closed(session, key)
    ours = select(Nomination.id).where(Nomination.campaign_key == key).order_by(Nomination.id).with_for_update()
    await session.execute(select(func.count()).select_from(ours.subquery()))
    now = context.clock.now()
    against = against_closing(await _open_work(session, campaign), now=now)
    if against:
        raise refusal(against)
    row = CampaignClosing(campaign_key=key, statement=wanted.statement, closed_by=caller.person_id, closed_at=now)
    session.add(row)
    try:
        await session.flush()
    except IntegrityError:
        raise CampaignClosed from None
    await put_campaign_day_out(session, key, "campaign_closed", campaign.local_day(now))
    await note(session, ProcedureAction.CAMPAIGN_CLOSED, caller, campaign=key)
    return row


async def _open_work(session: AsyncSession, campaign: Campaign) -> OpenWork:
    key = campaign.key
    still_on_it = select(CityListItem.list_id).where(
        CityListItem.list_id == CityList.id, CityListItem.removed_at.is_(None)
    )
    on_the_way = (CityList.campaign_key == key, CityList.reported_at.is_(None), still_on_it.exists())
    lists = select(func.count()).select_from(CityList).where(*on_the_way)
    cases = select(func.count()).where(Nomination.campaign_key == key, Nomination.status.in_(_WITHOUT_RESULT))
    objections = select(func.count()).where(Objection.campaign_key == key, Objection.concluded_at.is_(None))
    return OpenWork(
        deadline=(await course_of(session, key)).deadline_of(campaign),
        lists_on_the_way=await session.scalar(lists) or 0,
        cases_without_result=await session.scalar(cases) or 0,
        open_objections=await session.scalar(objections) or 0,
    )
