"""What lies in a package, entry by entry: first what it is about, then each case, then what proves it (R121, R123, R127)."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from uuid import UUID

from services.common.callers.tokens import Caller
from services.evidence.names import apart, safe_name
from services.evidence.page import Section, index_page
from services.nominations.campaigns.campaign_versions import published_content
from services.nominations.context import Context
from services.nominations.domain.campaign import Campaign
from services.nominations.forms.blocks import FormDocument
from services.nominations.packages.case_files import (
    Draw,
    Entry,
    Folder,
    at_hand,
    definition_entry,
    entries_of,
    load,
    proof_entries,
    stem_of,
)
from services.nominations.packages.report_scans import FiledScans, ScanFolder, scan_entries
from services.nominations.packages.sealing_cases import SealedCases
from services.nominations.prints.printing import Subject
from services.nominations.prints.rendering import TableFormat


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
    scans: FiledScans
    """Their sealed papers; only in the first part too."""


@dataclass(frozen=True, slots=True)
class Making:
    """One making of a package: the same again makes the same bytes."""

    at: datetime
    sealed: SealedCases
    draw: Draw
    passed: Mapping[int, Sequence[str]] = field(default_factory=dict)
    """Cases, by their number, of which nothing is wanted, with the paths that they have: they are not even looked up."""


async def entries(context: Context, caller: Caller, package: Package, making: Making) -> AsyncIterator[Entry]:
    """Raises NotFound, Unavailable."""
    sections: list[Section] = []
    for sheet in package.sheets:
        document = sheet.document
        for extension in sheet.extensions:
            path = f"report/{safe_name(document.title)}.{extension}"
            sections.append(Section(document.title, [path]))
            yield Entry(path, partial(making.draw, document, extension, sheet.subject))
    scans = ScanFolder()
    titles = {sheet.document.form: sheet.document.title for sheet in package.sheets}
    async for entry in scan_entries(context, package.scans, titles, scans):
        yield entry
    if scans.paths:
        sections.append(Section("盖章扫描件", list(scans.paths.values())))
    taken: set[str] = set()
    for number, nomination_id in enumerate(package.part.nominations, start=1):
        passed = making.passed.get(number)
        if passed:
            sections.append(Section(passed[0].split("/")[1], passed))
            continue
        case, sheets = await load(context, caller, nomination_id)
        name = apart(f"{number:03d}-{stem_of(case)}", taken)
        folder = Folder(f"cases/{name}/", stem_of(case))
        async for entry in entries_of(context, case, sheets, folder, making.sealed, making.draw):
            yield entry
        sections.append(Section(name, folder.entries))
    for path, content in await _closing_entries(context, package.campaign, making.sealed):
        yield Entry(path, partial(at_hand, content))
    page = index_page(package.title, _facts(package, making.sealed), sections)
    yield Entry("index.html", partial(at_hand, page))


def bag_info(package: Package, at: datetime) -> dict[str, str]:
    """What the bag says of itself."""
    info = {
        "External-Description": package.title,
        "External-Identifier": f"{package.campaign.notice_number} {package.campaign.key}",
        "Bagging-Date": package.campaign.local_day(at).isoformat(),
        "Bag-Software-Agent": "Xianjin",
    }
    of_several = {"Bag-Count": f"{package.part.number} of {package.part.count}"} if package.part.count > 1 else {}
    return info | of_several


async def _closing_entries(context: Context, campaign: Campaign, sealed: SealedCases) -> list[tuple[str, bytes]]:
    async with context.database.reading() as session:
        content = await published_content(session, campaign.key, campaign.version)
        entries = await proof_entries(session, sealed)
    return [*entries, definition_entry(campaign, content or {})]


def _facts(package: Package, sealed: SealedCases) -> list[tuple[str, str]]:
    stated = sealed.seal.facts
    return [
        ("评选活动", f"{package.campaign.title}（{package.campaign.notice_number}）"),
        ("本包", f"第{package.part.label}部分，{len(package.part.nominations)}件推荐"),
        ("封存时间", str(stated["sealed_at"])),
        ("封存根", str(stated["root"])),
        ("签名密钥", str(stated["key_id"])),
    ]
