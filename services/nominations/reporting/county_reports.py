"""The package of a recommending organisation: the report in its sections, and its nominations in rank order (R59, R64, R114)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.common.answers.versions import Version, require_same_version
from services.common.callers.tokens import Caller
from services.common.problems import FieldError, NotFound, Unprocessable
from services.nominations import queries
from services.nominations.campaigns.campaign_course import is_shut
from services.nominations.campaigns.recommending import require_recommending
from services.nominations.cases.case_facts import Case, actor_of
from services.nominations.cases.saving import locked_case
from services.nominations.cases.transition import take
from services.nominations.context import Context
from services.nominations.domain.empty_report import against_empty_report
from services.nominations.domain.facts import Blocker
from services.nominations.domain.permissions import blockers
from services.nominations.domain.workflow import Action
from services.nominations.problems import AlreadyReported, ReportExists, ReportSubmitted, refusal
from services.nominations.procedure_tables import CountyReport, CountyReportItem
from services.nominations.schemas.procedure import NewCountyReport
from services.nominations.schemas.reports import SavedCountyReport


async def draw_up(session: AsyncSession, context: Context, caller: Caller, wanted: NewCountyReport) -> CountyReport:
    """Writes the report and its ranking; nothing is handed in yet.

    Raises ActionForbidden, ReportExists, NotFound, Unprocessable.
    """
    campaign = await context.campaigns.latest(session, wanted.campaign_key)
    require_recommending(campaign, caller)
    _require_sections(wanted.sections, campaign.report_sections)
    now = context.clock.now()
    report = CountyReport(
        id=uuid7(),
        campaign_key=campaign.key,
        quota_unit=caller.jurisdiction,
        revision=1,
        sections=wanted.sections,
        created_by=caller.person_id,
        saved_at=now,
    )
    session.add(report)
    try:
        await session.flush()
    except IntegrityError:
        raise ReportExists from None
    await _rank_all(session, caller, report, wanted.ranking)
    return report


def version_of_report(report: CountyReport) -> Version:
    return Version(report.revision, report.saved_at)


async def save_report(  # noqa: PLR0917  who saves which report, edited from which version
    session: AsyncSession, context: Context, caller: Caller, report_id: UUID, edited: Version, wanted: SavedCountyReport
) -> CountyReport:
    """Rewrites a report that is not handed in yet, ranking and all. Raises ReportSubmitted, PreconditionFailed, Unprocessable."""
    report = await _open_report(session, caller, report_id)
    require_same_version(edited=edited, current=version_of_report(report))
    campaign = await context.campaigns.latest(session, report.campaign_key)
    _require_sections(wanted.sections, campaign.report_sections)
    await _clear_ranking(session, report)
    await _rank_all(session, caller, report, wanted.ranking)
    report.sections = wanted.sections
    report.revision += 1
    report.saved_at = context.clock.now()
    return report


async def discard_report(session: AsyncSession, caller: Caller, report_id: UUID) -> None:
    """A report that was never handed in may be thrown away; its cases can be reported anew. Raises ReportSubmitted."""
    report = await _open_report(session, caller, report_id)
    await _clear_ranking(session, report)
    await session.delete(report)


async def _open_report(session: AsyncSession, caller: Caller, report_id: UUID) -> CountyReport:
    report = await queries.get_report(session, caller, report_id, lock=True)
    if report.submitted_at is not None:
        raise ReportSubmitted
    return report


async def _clear_ranking(session: AsyncSession, report: CountyReport) -> None:
    await session.execute(delete(CountyReportItem).where(CountyReportItem.report_id == report.id))


async def _rank_all(
    session: AsyncSession, caller: Caller, report: CountyReport, ranking: Mapping[str, list[UUID]]
) -> None:
    for category, nominations in ranking.items():
        await _rank(session, caller, report, category=category, nominations=nominations)


def _require_sections(wanted: Mapping[str, str], sections: tuple[str, ...]) -> None:
    """“内容包括推荐工作组织情况、推荐过程、推荐对象征求意见情况、公示情况、推荐意见等” (R114)."""
    missing = [key for key in sections if not wanted.get(key, "").strip()]
    unknown = [key for key in wanted if key not in sections]
    errors = [
        FieldError(f"/sections/{key}", "required", "请填写推荐工作报告的这一部分", requirement="R114")
        for key in missing
    ]
    errors += [FieldError(f"/sections/{key}", "unknown_field", "没有这个部分", requirement="R114") for key in unknown]
    if errors:
        raise Unprocessable(errors=errors)


async def _rank(
    session: AsyncSession, caller: Caller, report: CountyReport, *, category: str, nominations: list[UUID]
) -> None:
    """Each nomination once, 1 is first, no ties and no gaps: the order of the list is the rank."""
    if len(set(nominations)) != len(nominations):
        pointer = f"/ranking/{category}"
        raise Unprocessable(errors=[FieldError(pointer, "ranked_twice", "同一推荐对象只能排序一次", requirement="R64")])
    for rank, nomination_id in enumerate(nominations, start=1):
        nomination = await queries.get_nomination(session, caller, nomination_id)
        if nomination.category != category or nomination.campaign_key != report.campaign_key:
            raise NotFound
        session.add(CountyReportItem(report_id=report.id, nomination_id=nomination_id, category=category, rank=rank))
    try:
        await session.flush()
    except IntegrityError:
        raise AlreadyReported from None


async def hand_in(session: AsyncSession, context: Context, caller: Caller, report_id: UUID) -> CountyReport:
    """Hands the package to the city: every nomination in it moves up and its seat is consumed, all or none.

    What the county's own bureau has sent back meanwhile is not among them, and the ranks close up. A report of nobody is
    handed in where every category is declared (R13). Raises ActionBlocked or ActionForbidden with every reason of every
    case (R69), ReportSubmitted when it went before.
    """
    report = await _open_report(session, caller, report_id)
    items = await queries.report_items(session, report.id)
    against = [] if items else await against_naming_nobody(session, context, report)
    if against:
        raise refusal(against)
    # All are locked before the first seat moves, in the order in which everybody locks several: others wait, and never deadlock.
    by_id = sorted(items, key=lambda item: item.nomination_id)
    locked = {item: await locked_case(session, context, caller, item.nomination_id) for item in by_id}
    cases = {item: locked[item] for item in items}
    await _close_ranks(session, report, items)
    _require_open_gates(caller, cases)
    for item, case in cases.items():
        details = {"report_id": str(report.id), "rank": item.rank}
        await take(session, Action.REPORT, caller=caller, case=case, details=details)
    report.submitted_at = report.saved_at = context.clock.now()
    report.revision += 1
    return report


async def _close_ranks(session: AsyncSession, report: CountyReport, items: Sequence[CountyReportItem]) -> None:
    """From 1 without gaps (R64), in their order: each goes up to a rank that is free by then."""
    ours = CountyReportItem.report_id == report.id
    await session.execute(delete(CountyReportItem).where(ours, CountyReportItem.returned_at.is_not(None)))
    ranked: Counter[str] = Counter()
    for item in items:
        ranked[item.category] += 1
        item.rank = ranked[item.category]
        await session.flush()


async def against_naming_nobody(session: AsyncSession, context: Context, report: CountyReport) -> list[Blocker]:
    """What stands against handing in a report without a nomination (R13, R113)."""
    campaign = await context.campaigns.latest(session, report.campaign_key)
    declared = await queries.zero_declared_categories(session, campaign.key, report.quota_unit)
    seats = next((row.seats for row in campaign.quotas if row.quota_unit == report.quota_unit), {})
    open_ones = [each.title for each in campaign.categories if seats.get(each.key) and each.key not in declared]
    shut = await is_shut(session, campaign, report.quota_unit, now=context.clock.now())
    return against_empty_report(shut=shut, undeclared=open_ones)


def _require_open_gates(caller: Caller, cases: Mapping[CountyReportItem, Case]) -> None:
    against = [
        replace(blocker, pointer=f"/ranking/{item.category}/{item.rank - 1}")
        for item, case in cases.items()
        for blocker in blockers(Action.REPORT, actor=actor_of(caller), case=case.facts)
    ]
    if against:
        raise refusal(against)
