"""Packages of a county and of the city for disc and mail (R65, R121–R123), and the file of one case: written as they are sent.

Nothing is whole in memory: a form is drawn, a photo is read, each goes out and is forgotten. Every part of a package is a bag
of its own, so that a mailed part can be checked without the others.
"""

from collections.abc import AsyncIterator, Sequence
from functools import partial
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.common.callers.tokens import Caller
from services.evidence.bags import BagWriter
from services.evidence.names import safe_name
from services.nominations import queries
from services.nominations.context import Context
from services.nominations.domain.campaign import Campaign
from services.nominations.domain.packages import parts_of
from services.nominations.packages.package_entries import Making, Package, Part, Sheet, bag_info, entries
from services.nominations.packages.report_scans import FiledScans, filed_scans
from services.nominations.packages.sealing_cases import seal_campaign
from services.nominations.prints.printing import draw_for, of_list, of_report
from services.nominations.prints.sheet_forms import REPORT, report_form
from services.nominations.problems import PackagePartUnknown
from services.nominations.procedure_tables import CountyReport
from services.nominations.reporting.list_forms import get_list, list_form, ranked_cases

_CITY = "全市"
_FORM_BYTES = 250_000
"""About what a case's drawn forms weigh besides its papers."""


async def plan(context: Context, caller: Caller, report_id: UUID, *, limit: int | None) -> list[tuple[Part, int]]:
    """The parts, each with about how many bytes it will have. Raises NotFound, Unavailable."""
    async with context.database.reading() as session:
        report = await queries.get_report(session, caller, report_id)
        ids = await queries.papers_of_report(session, caller, report.id)
    scans = await filed_scans(context, of_report(report), "")
    return await _parts(context, ids, limit=limit, beside=scans.byte_count)


async def plan_of_list(context: Context, list_id: UUID, *, limit: int | None) -> list[tuple[Part, int]]:
    """The same for the city's list. Raises NotFound, Unavailable."""
    async with context.database.reading() as session:
        city_list = await get_list(session, list_id)
        ids = await ranked_cases(session, list_id)
    scans = await filed_scans(context, of_list(city_list), "")
    return await _parts(context, ids, limit=limit, beside=scans.byte_count)


async def _parts(context: Context, ids: Sequence[UUID], *, limit: int | None, beside: int) -> list[tuple[Part, int]]:
    """`beside`: what lies in the first part besides its cases."""
    sizes: list[int] = []
    for nomination_id in ids:
        held = await context.documents.held(nomination_id)
        sizes.append(_FORM_BYTES + sum(each.byte_count for each in held) + (0 if sizes else beside))
    groups = parts_of(sizes, limit=limit)
    return [
        (Part(number, len(groups), tuple(ids[index] for index in group)), sum(sizes[index] for index in group))
        for number, group in enumerate(groups, start=1)
    ]


async def open_package(context: Context, caller: Caller, report_id: UUID, *, limit: int | None, part: int) -> Package:
    """Everything that can be refused is refused here. Raises NotFound, PackagePartUnknown, Unavailable."""
    return await package_of_report(
        context, caller, report_id, _part(await plan(context, caller, report_id, limit=limit), part)
    )


async def package_of_report(context: Context, caller: Caller, report_id: UUID, part: Part) -> Package:
    """Raises NotFound."""
    async with context.database.reading() as session:
        report = await queries.get_report(session, caller, report_id)
        campaign = await context.campaigns.latest(session, report.campaign_key)
        sheets = await _sheets(session, context, caller, campaign, report) if part.number == 1 else []
    unit = {row.quota_unit: row.name for row in campaign.quotas}[report.quota_unit]
    scans = await filed_scans(context, of_report(report), unit) if part.number == 1 else FiledScans(unit)
    return Package(f"{unit}推荐材料", campaign, part, sheets, scans)


async def open_list_package(context: Context, list_id: UUID, *, limit: int | None, part: int) -> Package:
    """“上报经省评选表彰工作领导小组办公室” (R65): the city's ranked list with every case's file. Raises as `open_package`."""
    return await package_of_list(context, list_id, _part(await plan_of_list(context, list_id, limit=limit), part))


async def package_of_list(context: Context, list_id: UUID, part: Part) -> Package:
    """Raises NotFound."""
    async with context.database.reading() as session:
        city_list = await get_list(session, list_id)
        campaign = await context.campaigns.latest(session, city_list.campaign_key)
        about, tables = of_list(city_list), _tables(campaign) if part.number == 1 else []
        sheets = [Sheet(await list_form(session, context, list_id, key), about, True) for key in tables]
    scans = await filed_scans(context, about, _CITY) if part.number == 1 else FiledScans(_CITY)
    return Package(f"{_CITY}拟推荐对象上报材料", campaign, part, sheets, scans)


def _part(parts: Sequence[tuple[Part, int]], number: int) -> Part:
    if not 1 <= number <= len(parts):
        raise PackagePartUnknown
    return parts[number - 1][0]


async def open_case_file(context: Context, caller: Caller, nomination_id: UUID) -> Package:
    """Raises NotFound."""
    async with context.database.reading() as session:
        nomination = await queries.get_nomination(session, caller, nomination_id)
        campaign = await context.campaigns.version(session, nomination.campaign_key, nomination.campaign_version)
    title = f"{nomination.name or nomination.unit_name}推荐材料"
    return Package(title, campaign, Part(1, 1, (nomination_id,)), (), FiledScans(""))


async def written(
    context: Context, caller: Caller, package: Package, making: Making, *, writer: BagWriter
) -> AsyncIterator[bytes]:
    """The bag's bytes, file by file."""
    async for entry in entries(context, caller, package, making):
        content = await entry.content()
        if content is None:
            entry.withhold()
        else:
            yield writer.add(entry.path, content)
    yield writer.finish(context.sealing_key)


async def fresh(context: Context, caller: Caller, package: Package) -> AsyncIterator[bytes]:
    """The package as it is now; every final form in it is written down as printed."""
    sealed = await seal_campaign(context, package.campaign.key)
    making = Making(context.clock.now(), sealed, partial(draw_for, context, caller))
    writer = BagWriter(info=bag_info(package, making.at), at=making.at)
    async for piece in written(context, caller, package, making, writer=writer):
        yield piece


def file_name(package: Package) -> str:
    number = f"-{package.part.number}of{package.part.count}" if package.part.count > 1 else ""
    return f"{safe_name(package.title)}{number}.zip"


async def _sheets(
    session: AsyncSession, context: Context, caller: Caller, campaign: Campaign, report: CountyReport
) -> list[Sheet]:
    wanted = [(key, True) for key in _tables(campaign)] + ([(REPORT, False)] if REPORT in campaign.forms else [])
    return [
        Sheet(await report_form(session, context, caller, report.id, key), of_report(report), is_table)
        for key, is_table in wanted
    ]


def _tables(campaign: Campaign) -> list[str]:
    """The summary tables, 附件3 and 附件4."""
    return [
        key for key, form in campaign.forms.items() if form.columns and form.category is not None and not form.boxes
    ]
