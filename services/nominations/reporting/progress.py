"""“确保工作进度”, “按时、保质、按名额报送” (R110–R111): where each recommending organisation stands."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from itertools import chain

from sqlalchemy import ARRAY, Text, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.nominations.campaigns.campaign_course import course_of
from services.nominations.city_tables import ContactForm, Reopening
from services.nominations.domain.campaign import Campaign, QuotaRow
from services.nominations.domain.readiness import is_in_time, readiness
from services.nominations.domain.workflow import Status
from services.nominations.labels import STATUS
from services.nominations.procedure_tables import CountyReport, ZeroDeclaration
from services.nominations.reporting.draft_progress import drafts_of
from services.nominations.schemas.progress import CountyProgress, ProgressBoard, ReadinessBody, StepCount
from services.nominations.tables import Nomination, NominationTally, QuotaAccount


async def progress_board(
    session: AsyncSession, campaign: Campaign, *, now: datetime, quota_unit: str | None
) -> ProgressBoard:
    """One row for each organisation of 附件2, or the one asked for. A handful of small reads, whatever the number of cases."""
    wanted = [row for row in campaign.quotas if quota_unit in (None, row.quota_unit)]
    steps = await _steps(session, campaign.key)
    drafts = await drafts_of(session, campaign.key, {row.quota_unit: steps.get(row.quota_unit, []) for row in wanted})
    seats = await _seats(session, campaign.key)
    reported = await _reported(session, campaign)
    declared = await _declared(session, campaign.key)
    reopened = await _reopened(session, campaign.key, now)
    filed = await _filed(session, campaign.key)
    deadline = (await course_of(session, campaign.key)).deadline_of(campaign)
    rows = []
    for row in wanted:
        key = row.quota_unit
        granted, consumed = seats.get(key, (0, 0))
        zero, handed_in = declared.get(key, {}), reported.get(key, [])
        owed = frozenset(category for category, count in row.seats.items() if count)
        done = bool(handed_in) or owed <= zero.keys()
        in_time = is_in_time(
            owed=owed, declared=zero, first_report=min(handed_in, default=None), deadline=deadline, now=now
        )
        rows.append(
            CountyProgress(
                quota_unit=key,
                name=row.name,
                steps=steps.get(key, []),
                drafts=drafts.get(key, []),
                seats_granted=granted,
                seats_reported=consumed,
                reported_at=max(handed_in, default=None),
                zero_declared=sorted(zero),
                on_time=in_time,
                readiness=_readiness(campaign, row, steps.get(key, []), frozenset(zero), in_time=in_time),
                contact_form_filed_at=filed.get(key),
                abandoned=now >= deadline and key not in reopened and not done,
                reopened_until=reopened.get(key),
            )
        )
    return ProgressBoard(
        campaign_key=campaign.key, materials_deadline=deadline, items=rows, totals=_totals(row.steps for row in rows)
    )


def _readiness(
    campaign: Campaign, row: QuotaRow, steps: Iterable[StepCount], zero: frozenset[str], *, in_time: bool
) -> ReadinessBody:
    cases: dict[str, dict[tuple[str, Status], int]] = defaultdict(dict)
    for step in steps:
        cases[step.category][step.stage, Status(step.status)] = step.cases
    found = readiness(
        seats=row.seats,
        zero_declared=zero,
        cases=cases,
        in_time=in_time,
        path=campaign.path_of(row.quota_unit),
    )
    return ReadinessBody.model_validate(found, from_attributes=True)


def _totals(rows: Iterable[Iterable[StepCount]]) -> list[StepCount]:
    merged: dict[tuple[str, str, str], int] = defaultdict(int)
    for step in chain.from_iterable(rows):
        merged[step.category, step.stage, step.status] += step.cases
    return [
        StepCount(category=category, stage=stage, status=status, status_label=STATUS[Status(status)], cases=cases)
        for (category, stage, status), cases in sorted(merged.items())
    ]


async def _steps(session: AsyncSession, campaign_key: str) -> dict[str, list[StepCount]]:
    tally = NominationTally
    query = select(tally.quota_unit, tally.category, tally.stage, tally.status, tally.cases).where(
        tally.campaign_key == campaign_key, tally.cases > 0
    )
    merged: dict[tuple[str, str, str, str], int] = defaultdict(int)
    for row in await session.execute(query):
        merged[row.quota_unit, row.category, row.stage, row.status] += row.cases
    steps: dict[str, list[StepCount]] = defaultdict(list)
    for (unit, category, stage, status), cases in sorted(merged.items()):
        label = STATUS[Status(status)]
        steps[unit].append(StepCount(category=category, stage=stage, status=status, status_label=label, cases=cases))
    return steps


async def _seats(session: AsyncSession, campaign_key: str) -> dict[str, tuple[int, int]]:
    totals: dict[str, tuple[int, int]] = {}
    for account in await session.scalars(select(QuotaAccount).where(QuotaAccount.campaign_key == campaign_key)):
        granted, consumed = totals.get(account.quota_unit, (0, 0))
        totals[account.quota_unit] = (granted + account.granted, consumed + account.consumed)
    return totals


async def _reported(session: AsyncSession, campaign: Campaign) -> dict[str, list[datetime]]:
    """When a county handed in its reports, and a city-level organisation, which writes none, its first case (A13)."""
    direct = [row.quota_unit for row in campaign.quotas if campaign.is_city_level(row.quota_unit)]
    units = select(func.unnest(cast(direct, ARRAY(Text))).label("quota_unit")).subquery()
    first = select(func.min(Nomination.reported_at)).where(
        Nomination.campaign_key == campaign.key,
        Nomination.quota_unit == units.c.quota_unit,
        Nomination.reported_at.is_not(None),
    )
    cases = select(units.c.quota_unit, first.scalar_subquery().label("at"))
    reports = select(CountyReport.quota_unit, CountyReport.submitted_at.label("at")).where(
        CountyReport.campaign_key == campaign.key, CountyReport.submitted_at.is_not(None)
    )
    moments: dict[str, list[datetime]] = defaultdict(list)
    for query in (cases, reports):
        for row in await session.execute(query):
            if row.at is not None:
                moments[row.quota_unit].append(row.at)
    return moments


async def _declared(session: AsyncSession, campaign_key: str) -> dict[str, dict[str, datetime]]:
    """Organisation → category → when it was said that nobody is nominated in it."""
    query = select(ZeroDeclaration.quota_unit, ZeroDeclaration.category, ZeroDeclaration.declared_at).where(
        ZeroDeclaration.campaign_key == campaign_key, ZeroDeclaration.revoked_at.is_(None)
    )
    declared: dict[str, dict[str, datetime]] = defaultdict(dict)
    for row in await session.execute(query):
        declared[row.quota_unit][row.category] = row.declared_at
    return declared


async def _filed(session: AsyncSession, campaign_key: str) -> dict[str, datetime]:
    query = select(ContactForm.quota_unit, ContactForm.filed_at).where(ContactForm.campaign_key == campaign_key)
    return {row.quota_unit: row.filed_at for row in await session.execute(query)}


async def _reopened(session: AsyncSession, campaign_key: str, now: datetime) -> dict[str, datetime]:
    query = select(Reopening.quota_unit, Reopening.until).where(
        Reopening.campaign_key == campaign_key, Reopening.until > now, Reopening.seconded_at.is_not(None)
    )
    return {row.quota_unit: row.until for row in await session.execute(query.order_by(Reopening.until))}
