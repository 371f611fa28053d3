"""What the morning's reminders are made from: a handful of grouped reads for each campaign."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.nominations.city_tables import ContactForm, Objection
from services.nominations.consultation.consultation_tables import Consultation
from services.nominations.domain.campaign import Campaign
from services.nominations.domain.workflow import FIRST_STAGE, TRANSITIONS, Action, Role, Status
from services.nominations.lists.work_items import work_at
from services.nominations.procedure_tables import PublicityNotice
from services.nominations.reporting.progress import progress_board
from services.nominations.tables import Nomination, NominationTally

_COUNTY = frozenset({Role.COUNTY_OFFICER, Role.COUNTY_REVIEWER})
_CITY = frozenset({Role.CITY_OFFICER, Role.CITY_REVIEWER})
_AWAIT_OPINIONS = next(row.sources for row in TRANSITIONS if row.action is Action.RECORD_OPINION)
"""A withdrawn, returned or rejected case takes no opinion: nobody is reminded to fetch one."""


async def what_is_missing(session: AsyncSession, campaign: Campaign, now: datetime) -> list[tuple[str, bool, bool]]:
    """Each recommending organisation: whether its 附件9 is out, and its report."""
    filed = set(await session.scalars(select(ContactForm.quota_unit).where(ContactForm.campaign_key == campaign.key)))
    seats = {row.quota_unit: {category for category, seats in row.seats.items() if seats} for row in campaign.quotas}
    board = await progress_board(session, campaign, now=now, quota_unit=None)
    return [
        (
            row.quota_unit,
            campaign.contact_form is not None and row.quota_unit not in filed,
            row.reported_at is None and not seats[row.quota_unit] <= set(row.zero_declared),
        )
        for row in board.items
    ]


async def drafts_by_unit(session: AsyncSession, campaign: Campaign) -> Sequence[Any]:
    """How many drafts each unit has not submitted."""
    query = select(Nomination.unit_id, func.count()).where(
        Nomination.campaign_key == campaign.key,
        Nomination.stage == FIRST_STAGE,
        Nomination.status == Status.DRAFT,
    )
    return (await session.execute(query.group_by(Nomination.unit_id).order_by(Nomination.unit_id))).all()


async def publicity_ended(session: AsyncSession, campaign: Campaign, today: date) -> Sequence[Any]:
    """Units' notices whose last day is over, and whose cases wait for the signature: notice, case, unit."""
    query = (
        select(PublicityNotice.id, Nomination.id, Nomination.unit_id)
        .join(PublicityNotice, PublicityNotice.nomination_id == Nomination.id)
        .where(
            PublicityNotice.campaign_key == campaign.key,
            PublicityNotice.closes_on < today,
            PublicityNotice.provisional.is_(False),
            PublicityNotice.superseded_at.is_(None),
            Nomination.status == Status.IN_PUBLICITY,
        )
    )
    return (await session.execute(query.order_by(Nomination.id))).all()


async def silent_authorities(session: AsyncSession, campaign: Campaign, since: date) -> dict[str, int]:
    """Open opinion sheets that nobody was asked about again since that day, of cases whose opinions are awaited.

    By the county where the case stands; under "" those that the city has to ask about again (A13).
    """
    asked = func.coalesce(Consultation.reminded_at, Consultation.created_at)
    query = (
        select(Nomination.stage, Nomination.quota_unit, func.count())
        .join(Consultation, Consultation.nomination_id == Nomination.id)
        .where(
            Nomination.campaign_key == campaign.key,
            Nomination.status.in_(_AWAIT_OPINIONS),
            Consultation.answered_at.is_(None),
            Consultation.revoked_at.is_(None),
            func.date(func.timezone(campaign.timezone, asked)) < since,
        )
    )
    silent: dict[str, int] = {}
    for stage, quota_unit, count in await session.execute(query.group_by(Nomination.stage, Nomination.quota_unit)):
        key = "" if stage == "city" else quota_unit
        silent[key] = silent.get(key, 0) + count
    return silent


async def objections_due(session: AsyncSession, campaign: Campaign, today: date) -> Sequence[Any]:
    """Open objections to be concluded by tomorrow, and those that are late, by office and county; the earliest day of each."""
    where = and_(
        Objection.campaign_key == campaign.key,
        Objection.concluded_at.is_(None),
        Objection.due_on <= today + timedelta(days=1),
    )
    key = (Objection.office, Objection.quota_unit)
    query = select(*key, func.count(), func.min(Objection.due_on)).where(where)
    return (await session.execute(query.group_by(*key).order_by(*key))).all()


async def waiting_cases(session: AsyncSession, campaign: Campaign) -> dict[str, int]:
    """How many cases wait for each county's people, and under "" for the city's. Read from the tallies."""
    tally = NominationTally
    query = select(tally.quota_unit, tally.stage, tally.status, func.sum(tally.cases)).where(
        tally.campaign_key == campaign.key, tally.cases > 0
    )
    waiting: dict[str, int] = {}
    for quota_unit, stage, status, cases in await session.execute(
        query.group_by(tally.quota_unit, tally.stage, tally.status)
    ):
        for roles, key in ((_COUNTY, quota_unit), (_CITY, "")):
            if work_at(roles, stage, status):
                waiting[key] = waiting.get(key, 0) + int(cases)
    return waiting
