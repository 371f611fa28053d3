"""Packages of a county and of the city for disc and mail (R65, R121–R123), and the file of one case: written as they are sent.

Nothing is whole in memory: a form is drawn, a photo is read, each goes out and is forgotten. Every part of a package is a bag
of its own, so that a mailed part can be checked without the others.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.common.tokens import Caller
from services.evidence.bags import BagWriter
from services.evidence.names import apart, safe_name
from services.evidence.page import Section, index_page
from services.nominations import queries
from services.nominations.campaign_versions import published_content
from services.nominations.case_files import Folder, definition_entry, entries_of, load, proof_entries, stem_of
from services.nominations.context import Context
from services.nominations.domain.campaign import Campaign
from services.nominations.domain.packages import parts_of
from services.nominations.forms.blocks import FormDocument
from services.nominations.list_forms import get_list, list_form, ranked_cases
from services.nominations.printing import Subject, draw_for, of_list, of_report
from services.nominations.problems import PackagePartUnknown
from services.nominations.procedure_tables import CountyReport
from services.nominations.rendering import TableFormat
from services.nominations.sealing_cases import SealedCases, seal_campaign
from services.nominations.sheet_forms import REPORT, report_form

_FORM_BYTES = 250_000
"""About what a case's drawn forms weigh besides its papers."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a package: which of how many, and its cases in rank order."""

    number: int
    count: int
    nominations: tuple[UUID, ...]

    @property
    def label(self) -> str:
        return f"{self.number}/{self.count}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form that is not about one case. A table comes as XLSX too."""

    document: FormDocument
    subject: Subject
    is_table: bool

    @property
    def extensions(self) -> tuple[TableFormat, ...]:
        return ("pdf", "xlsx") if self.is_table else ("pdf",)


@dataclass(frozen=True, slots=True)
class Package:
    """What was found about it before the first byte goes out."""

    title: str
    campaign: Campaign
    part: Part
    sheets: Sequence[Sheet]
    """Forms of the report; only in the first part."""


async def plan(context: Context, caller: Caller, report_id: UUID, *, limit: int | None) -> list[tuple[Part, int]]:
    """The parts, each with about how many bytes it will have. Raises NotFound, Unavailable."""
    async with context.database.reading() as session:
        ids = await _cases_of(session, caller, report_id)
    return await _parts(context, ids, limit=limit)


async def plan_of_list(context: Context, list_id: UUID, *, limit: int | None) -> list[tuple[Part, int]]:
    """The same for the city's list. Raises NotFound, Unavailable."""
    async with context.database.reading() as session:
        await get_list(session, list_id)
        ids = await ranked_cases(session, list_id)
    return await _parts(context, ids, limit=limit)


async def _parts(context: Context, ids: Sequence[UUID], *, limit: int | None) -> list[tuple[Part, int]]:
    sizes = []
    for nomination_id in ids:
        held = await context.documents.held(nomination_id)
        sizes.append(_FORM_BYTES + sum(each.byte_count for each in held))
    groups = parts_of(sizes, limit=limit)
    return [
        (Part(number, len(groups), tuple(ids[index] for index in group)), sum(sizes[index] for index in group))
        for number, group in enumerate(groups, start=1)
    ]


async def open_package(context: Context, caller: Caller, report_id: UUID, *, limit: int | None, part: int) -> Package:
    """Everything that can be refused is refused here. Raises NotFound, PackagePartUnknown, Unavailable."""
    wanted = _part(await plan(context, caller, report_id, limit=limit), part)
    async with context.database.reading() as session:
        report = await queries.get_report(session, caller, report_id)
        campaign = await context.campaigns.latest(session, report.campaign_key)
        sheets = await _sheets(session, context, caller, campaign, report) if part == 1 else []
    unit = {row.quota_unit: row.name for row in campaign.quotas}[report.quota_unit]
    return Package(f"{unit}推荐材料", campaign, wanted, sheets)


async def open_list_package(context: Context, list_id: UUID, *, limit: int | None, part: int) -> Package:
    """“上报经省评选表彰工作领导小组办公室” (R65): the city's ranked list with every case's file. Raises as `open_package`."""
    wanted = _part(await plan_of_list(context, list_id, limit=limit), part)
    async with context.database.reading() as session:
        city_list = await get_list(session, list_id)
        campaign = await context.campaigns.latest(session, city_list.campaign_key)
        tables = _tables(campaign) if part == 1 else []
        sheets = [Sheet(await list_form(session, context, list_id, key), of_list(city_list), True) for key in tables]
    return Package("全市拟推荐对象上报材料", campaign, wanted, sheets)


def _part(parts: Sequence[tuple[Part, int]], number: int) -> Part:
    if not 1 <= number <= len(parts):
        raise PackagePartUnknown
    return parts[number - 1][0]


async def open_case_file(context: Context, caller: Caller, nomination_id: UUID) -> Package:
    """Raises NotFound."""
    async with context.database.reading() as session:
        nomination = await queries.get_nomination(session, caller, nomination_id)
        campaign = await context.campaigns.version(session, nomination.campaign_key, nomination.campaign_version)
    return Package(f"{nomination.name or nomination.unit_name}推荐材料", campaign, Part(1, 1, (nomination_id,)), ())


async def written(context: Context, caller: Caller, package: Package) -> AsyncIterator[bytes]:
    """The bag's bytes, file by file."""
    sealed = await seal_campaign(context, package.campaign.key)
    writer = BagWriter(info=_info(context, package), at=context.clock.now())
    sections: list[Section] = []
    for sheet in package.sheets:
        document = sheet.document
        for extension in sheet.extensions:
            path = f"report/{safe_name(document.title)}.{extension}"
            sections.append(Section(document.title, [path]))
            yield writer.add(path, await draw_for(context, caller, document, extension, sheet.subject))
    taken: set[str] = set()
    for number, nomination_id in enumerate(package.part.nominations, start=1):
        case, sheets = await load(context, caller, nomination_id)
        name = apart(f"{number:03d}-{stem_of(case)}", taken)
        folder = Folder(f"cases/{name}/", stem_of(case))
        async for path, content in entries_of(context, caller, case, sheets, folder, sealed):
            yield writer.add(path, content)
        sections.append(Section(name, folder.entries))
    for path, content in await _closing_entries(context, package.campaign, sealed):
        yield writer.add(path, content)
    yield writer.add("index.html", index_page(package.title, _facts(package, sealed), sections))
    yield writer.finish(context.sealing_key)


def file_name(package: Package) -> str:
    number = f"-{package.part.number}of{package.part.count}" if package.part.count > 1 else ""
    return f"{safe_name(package.title)}{number}.zip"


async def _cases_of(session: AsyncSession, caller: Caller, report_id: UUID) -> list[UUID]:
    report = await queries.get_report(session, caller, report_id)
    items = await queries.report_items(session, report.id)
    return [item.nomination_id for item in items if item.returned_at is None]


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


async def _closing_entries(context: Context, campaign: Campaign, sealed: SealedCases) -> list[tuple[str, bytes]]:
    async with context.database.reading() as session:
        content = await published_content(session, campaign.key, campaign.version)
        entries = await proof_entries(session, sealed)
    return [*entries, definition_entry(campaign, content or {})]


def _info(context: Context, package: Package) -> dict[str, str]:
    info = {
        "External-Description": package.title,
        "External-Identifier": f"{package.campaign.notice_number} {package.campaign.key}",
        "Bagging-Date": package.campaign.local_day(context.clock.now()).isoformat(),
        "Bag-Software-Agent": "Xianjin",
    }
    of_several = {"Bag-Count": f"{package.part.number} of {package.part.count}"} if package.part.count > 1 else {}
    return info | of_several


def _facts(package: Package, sealed: SealedCases) -> list[tuple[str, str]]:
    stated = sealed.seal.facts
    return [
        ("评选活动", f"{package.campaign.title}（{package.campaign.notice_number}）"),
        ("本包", f"第{package.part.label}部分，{len(package.part.nominations)}件推荐"),
        ("封存时间", str(stated["sealed_at"])),
        ("封存根", str(stated["root"])),
        ("签名密钥", str(stated["key_id"])),
    ]
