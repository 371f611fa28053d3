"""Every morning: what time itself calls for a word about. Written once a day whoever runs it, and however often."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.common.each_by_itself import each_by_itself
from services.nominations.campaigns.campaign_course import course_of
from services.nominations.context import Context
from services.nominations.domain.campaign import Campaign
from services.nominations.domain.notifications import Audience, Reminder
from services.nominations.domain.reminders import OPINION_PATIENCE, county_reminders, drafts_are_reminded, last_day
from services.nominations.notifications.reminder_facts import (
    drafts_by_unit,
    objections_due,
    publicity_ended,
    silent_authorities,
    waiting_cases,
    what_is_missing,
)
from services.nominations.notifications.telling import write_reminders

_URGENT = frozenset({Reminder.CONTACT_FORM_DUE, Reminder.MATERIALS_DUE, Reminder.ABANDONED, Reminder.OBJECTION_DUE})
Row = dict[str, Any]


async def remind(context: Context) -> int:
    """All campaigns, each in a transaction of its own. Gives how many reminders go to phones.

    Raises ExceptionGroup where a campaign failed; the others are reminded all the same.
    """
    now = context.clock.now()
    async with context.database.reading() as session:
        campaigns = await context.campaigns.every(session)

    async def remind_of(campaign: Campaign) -> int:
        async with context.database.transaction() as session:
            return await write_reminders(session, await _due(session, context, campaign, now))

    return sum(await each_by_itself(campaigns, remind_of, name=lambda campaign: campaign.key))


async def _due(session: AsyncSession, context: Context, campaign: Campaign, now: datetime) -> list[Row]:
    today = campaign.local_day(now)
    since = today - timedelta(days=30)
    patience = [day for day in _days_back(today, since) if context.campaigns.calendar.is_working_day(day)]
    silent_since = patience[OPINION_PATIENCE - 1]
    course = await course_of(session, campaign.key)
    if course.closed_at is not None:
        return []
    about = _Writer(campaign, course.deadline_of(campaign), today=today, now=now)
    return [
        *about.counties(await what_is_missing(session, campaign, now)),
        *about.drafts(await drafts_by_unit(session, campaign)),
        *about.publicity(await publicity_ended(session, campaign, today)),
        *about.opinions(await silent_authorities(session, campaign, silent_since)),
        *about.objections(await objections_due(session, campaign, today)),
        *about.work(await waiting_cases(session, campaign)),
    ]


def _days_back(today: date, until: date) -> Iterator[date]:
    while today > until:
        yield today
        today -= timedelta(days=1)


class _Writer:
    """Rows of notifications for one campaign on one day."""

    def __init__(self, campaign: Campaign, deadline: datetime, *, today: date, now: datetime) -> None:
        self._campaign = campaign
        self._today = today
        self._now = now
        self._materials_due = last_day(deadline.astimezone(ZoneInfo(campaign.timezone)))

    def _row(
        self, kind: Reminder, audience: Audience, *, to: str = "", facts: Row | None = None, **address: Any
    ) -> Row:
        return {
            "id": uuid7(),
            "campaign_key": self._campaign.key,
            "nomination_id": address.get("nomination_id"),
            "kind": kind,
            "audience": audience,
            "person_id": None,
            "unit_id": address.get("unit_id"),
            "quota_unit": address.get("quota_unit"),
            "actor_id": None,
            "facts": facts or {},
            "urgent": kind in _URGENT,
            "once": f"{kind}:{self._campaign.key}:{self._today}:{audience}:{to}",
            "told_at": self._now,
        }

    def counties(self, missing: Iterable[tuple[str, bool, bool]]) -> Iterator[Row]:
        for quota_unit, contact_form, report in missing:
            for kind, due in county_reminders(
                today=self._today,
                contact_form_due=self._campaign.contact_form_due,
                contact_form_missing=contact_form,
                materials_due=self._materials_due,
                report_missing=report,
            ):
                facts = {"due": _chinese(due)}
                yield self._row(kind, Audience.COUNTY, to=quota_unit, quota_unit=quota_unit, facts=facts)

    def drafts(self, units: Iterable[tuple[UUID, int]]) -> Iterator[Row]:
        if drafts_are_reminded(self._today, self._materials_due):
            for unit_id, count in units:
                facts = {"count": count, "due": _chinese(self._materials_due)}
                yield self._row(Reminder.DRAFT_DUE, Audience.UNIT, to=str(unit_id), unit_id=unit_id, facts=facts)

    def publicity(self, ended: Iterable[tuple[UUID, UUID, UUID]]) -> Iterator[Row]:
        """Once for each notice, on whatever day it is noticed."""
        for notice_id, nomination_id, unit_id in ended:
            row = self._row(Reminder.PUBLICITY_ENDED, Audience.UNIT_HEAD, nomination_id=nomination_id, unit_id=unit_id)
            yield row | {"once": f"{Reminder.PUBLICITY_ENDED}:{notice_id}"}

    def opinions(self, silent: dict[str, int]) -> Iterator[Row]:
        for quota_unit, count in sorted(silent.items()):
            audience, address = _office(quota_unit)
            facts = {"count": count, "days": OPINION_PATIENCE}
            yield self._row(Reminder.OPINION_OVERDUE, audience, to=quota_unit, facts=facts, **address)

    def objections(self, due: Iterable[tuple[str, str, int, date]]) -> Iterator[Row]:
        for office, quota_unit, count, first in due:
            facts = {"count": count, "due": _chinese(first)}
            county = office == Audience.COUNTY
            address = {"quota_unit": quota_unit} if county else {}
            audience = Audience.COUNTY if county else Audience.CITY
            yield self._row(Reminder.OBJECTION_DUE, audience, to=f"{office}:{quota_unit}", facts=facts, **address)

    def work(self, waiting: dict[str, int]) -> Iterator[Row]:
        for quota_unit, count in sorted(waiting.items()):
            audience, address = _office(quota_unit)
            yield self._row(Reminder.WORK_WAITING, audience, to=quota_unit, facts={"count": count}, **address)


def _office(quota_unit: str) -> tuple[Audience, Row]:
    """Whom to tell, and where they are; "" is the city."""
    return (Audience.COUNTY, {"quota_unit": quota_unit}) if quota_unit else (Audience.CITY, {})


def _chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
