"""What a case leaves for the record: its forms, its papers, its whole history, and where it stands in the signed tree (R127).

Identity card copies stand on the paste page of the form, as the notice asks; as files of their own they are withheld, with
their hashes, and so are objections, which belong to their office alone.
"""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

import rfc8785
from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.callers.tokens import Caller
from services.common.problems import NotFound, Unavailable
from services.evidence.names import apart, safe_name
from services.evidence.seals import encoded
from services.evidence.verifying import CASE, EVENTS
from services.nominations import queries
from services.nominations.cases.case_facts import Case, load_case
from services.nominations.cases.case_history import history
from services.nominations.context import Context
from services.nominations.documents_client import HeldDocument
from services.nominations.domain.campaign import Campaign
from services.nominations.forms.blocks import FormDocument
from services.nominations.forms.print_identity import PrintIdentity
from services.nominations.packages.evidence_tables import CaseSeal, EvidenceKey
from services.nominations.packages.sealing_cases import SealedCases
from services.nominations.prints.approval_forms import approval_form
from services.nominations.prints.print_tables import FormPrint, SealedScan
from services.nominations.prints.printing import Subject, of_case
from services.nominations.prints.rendering import TableFormat
from services.nominations.prints.sealed_scans import scans_of
from services.nominations.prints.sheet_forms import opinion_form
from services.nominations.procedure_tables import PublicityNotice
from services.nominations.publicity.publicity_page import publicity_page

_LABELS = {
    "portrait": "证件照",
    "professional_title_certificate": "职称证书",
    "degree_certificate": "学历学位证书",
    "honour_certificate": "荣誉证书",
    "sealed_scan": "盖章扫描件",
    "opinion_sheet": "征求意见表盖章件",
    "meeting_minutes": "会议纪要",
    "publicity_proof": "公示证明",
    "deeds_annex": "事迹附页",
}
"""Kinds that lie in a case file; whatever is not named here is withheld."""
EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}


Draw = Callable[[FormDocument, TableFormat, Subject], Awaitable[bytes]]
"""Draws a form that goes out."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of a package: where it lies, and how its bytes are had."""

    path: str
    content: Callable[[], Awaitable[bytes | None]]
    """None for a paper that is gone from the store."""
    withhold: Callable[[], None] = lambda: None
    """Says in the record that it is not there."""


@dataclass
class Folder:
    """One case's folder as it fills: names taken, papers that lie in it, papers that do not."""

    path: str
    stem: str
    taken: set[str] = field(default_factory=set)
    papers: list[dict[str, Any]] = field(default_factory=list)
    withheld: list[dict[str, Any]] = field(default_factory=list)
    entries: list[str] = field(default_factory=list)

    def name(self, wanted: str, extension: str) -> str:
        name = f"{apart(safe_name(wanted), self.taken)}.{extension}"
        self.entries.append(self.path + name)
        return name


def stem_of(case: Case) -> str:
    """“单位+姓名” (R127); a collective is its own name."""
    nomination = case.nomination
    own = case.campaign.category(nomination.category).subject == "individual"
    parts = [nomination.unit_name, nomination.name] if own else [nomination.name or nomination.unit_name]
    return "+".join(safe_name(part, longest=26 if own else 52) for part in parts)


async def load(context: Context, caller: Caller, nomination_id: UUID) -> tuple[Case, list[FormDocument]]:
    """The case and the sheets of its authorities, in one short session. Raises NotFound."""
    async with context.database.reading() as session:
        nomination = await queries.get_nomination(session, caller, nomination_id)
        campaign = await context.campaigns.version(session, nomination.campaign_key, nomination.campaign_version)
        case = await load_case(session, nomination, campaign, now=context.clock.now())
        sheets = sorted({need.sheet for need in case.required if need.sheet is not None})
        return case, [opinion_form(context, case, sheet, with_opinions=True) for sheet in sheets]


async def entries_of(  # noqa: PLR0917  whose case goes into which folder under which seal
    context: Context, case: Case, sheets: Iterable[FormDocument], folder: Folder, sealed: SealedCases, draw: Draw
) -> AsyncIterator[Entry]:
    """One file after the other; what none asks for is neither drawn nor read. Raises Unavailable."""
    layout = context.campaigns.print_layout(case.campaign, case.campaign.form_of(case.nomination.category).key)
    path = folder.path + folder.name(layout.title, "pdf")
    yield Entry(path, lambda: _approval(context, case, draw))
    for sheet in sheets:
        yield Entry(
            folder.path + folder.name(sheet.title, "pdf"), partial(draw, sheet, "pdf", of_case(case.nomination))
        )
    for notice, page in await _notices(context, case):
        path = folder.path + folder.name(f"公示页-{notice.level}-{notice.opened_on}", "html")
        yield Entry(path, partial(at_hand, page))
    held = await context.documents.held(case.nomination.id)
    for paper in held:
        entry = _paper(context, paper, folder)
        if entry is not None:
            yield entry
    lines, facts = await _record(context, case, folder, sealed, held)
    yield Entry(folder.path + EVENTS, partial(at_hand, lines))
    yield Entry(folder.path + CASE, partial(at_hand, json.dumps(facts, ensure_ascii=False, indent=1).encode()))
    folder.entries += [folder.path + EVENTS, folder.path + CASE]


async def _approval(context: Context, case: Case, draw: Draw) -> bytes:
    return await draw(await approval_form(context, case), "pdf", of_case(case.nomination))


async def at_hand(content: bytes) -> bytes:
    """An entry that needs no work."""
    return content


async def _notices(context: Context, case: Case) -> list[tuple[PublicityNotice, bytes]]:
    """Every page that was shown, corrected ones too: what stood there, from when to when, and its hash (R47–R49, R62)."""
    async with context.database.reading() as session:
        notices = await queries.notices_of(session, case.nomination.id)
    form = case.campaign.form_of(case.nomination.category)
    return [(notice, publicity_page(notice, case.campaign, form).encode()) for notice in notices]


def _paper(context: Context, held: HeldDocument, folder: Folder) -> Entry | None:
    label = _LABELS.get(held.kind)
    if label is None:
        folder.withheld.append({"kind": held.kind, "sha256": held.sha256})
        return None
    wanted = folder.stem if held.kind == "portrait" else f"{folder.stem}-{label}"
    name = folder.name(wanted, EXTENSIONS[held.media_type])
    told = {"path": name, "kind": held.kind, "id": str(held.id), "sha256": held.sha256}
    folder.papers.append(told)

    def withhold() -> None:
        folder.papers.remove(told)
        folder.entries.remove(folder.path + name)
        folder.withheld.append({"kind": held.kind, "sha256": held.sha256})

    return Entry(folder.path + name, partial(paper_content, context, held), withhold)


async def paper_content(context: Context, held: HeldDocument) -> bytes | None:
    """None for a file that is erased or damaged: the case file says so instead of stopping."""
    try:
        return await context.documents.content(held.id)
    except NotFound:
        return None


async def _record(
    context: Context, case: Case, folder: Folder, sealed: SealedCases, held: Iterable[HeldDocument]
) -> tuple[bytes, dict[str, Any]]:
    position = sealed.position_of(case.nomination.id)
    if position is None:
        raise Unavailable  # it began after the seal: the next request seals anew
    async with context.database.reading() as session:
        events = await history(session, case.nomination.id)
        scans = await scans_of(session, of_case(case.nomination))
    told = events[: sealed.heads[position].sequence]
    handed_in = [json.loads(event.canonical) for event in told]
    there = {paper["sha256"] for paper in [*folder.papers, *folder.withheld]}
    folder.withheld += _gone_since(handed_in, there)
    facts = {
        "nomination_id": str(case.nomination.id),
        "name": case.nomination.name,
        "unit": case.nomination.unit_name,
        "category": case.campaign.category(case.nomination.category).title,
        "campaign": {"key": case.campaign.key, "version": case.campaign.version},
        "files": folder.papers,
        "withheld": folder.withheld,
        "sealed_scans": shown_on_scans(scans, {each.id: each.sha256 for each in held}),
        "inclusion": {"index": position, "path": sealed.path_of(position)},
    }
    return b"\n".join(event.canonical for event in told) + b"\n", facts


def shown_on_scans(
    scans: Iterable[tuple[SealedScan, FormPrint | None]], held: Mapping[UUID, str]
) -> list[dict[str, Any]]:
    """Which print each scan of signed and sealed paper shows (R129, R148); without a code, the reason that somebody gave."""
    return [
        {
            "document_id": str(scan.document_id),
            "sha256": held.get(scan.document_id),
            "form": scan.form,
            "code": PrintIdentity(scan.content_hash).code if scan.content_hash else None,
            "content_hash": scan.content_hash,
            "revision": printed.revision if printed is not None else None,
            "explanation": scan.explanation,
        }
        for scan, printed in scans
    ]


def _gone_since(events: list[dict[str, Any]], there: set[str]) -> list[dict[str, Any]]:
    """Papers of the last submission that are no longer in force: replaced, or erased when their time was over."""
    submissions = [event for event in events if event["event"] == "nomination_submitted"]
    papers = submissions[-1]["details"].get("documents", []) if submissions else []
    return [{"kind": each["kind"], "sha256": each["sha256"]} for each in papers if each["sha256"] not in there]


async def proof_entries(session: AsyncSession, sealed: SealedCases) -> list[tuple[str, bytes]]:
    """The seal that the cases lead to, and every key that had sealed by then."""
    seal = {"statement": encoded(sealed.seal.statement), "signature": encoded(sealed.seal.signature)}
    its_own = await session.get_one(CaseSeal, sealed.id)
    known = or_(EvidenceKey.first_used_at <= its_own.sealed_at, EvidenceKey.key_id == its_own.key_id)
    keys = (await session.scalars(select(EvidenceKey).where(known).order_by(EvidenceKey.first_used_at))).all()
    return [
        ("proof/seal.json", json.dumps(seal, indent=1).encode()),
        ("proof/keys.json", json.dumps({key.key_id: encoded(key.public_key) for key in keys}, indent=1).encode()),
    ]


async def published_keys(session: AsyncSession) -> list[EvidenceKey]:
    return list(await session.scalars(select(EvidenceKey).order_by(EvidenceKey.first_used_at)))


def definition_entry(campaign: Campaign, content: dict[str, Any]) -> tuple[str, bytes]:
    """The rules that the cases ran under, as they were published."""
    return f"campaign-v{campaign.version}.json", rfc8785.dumps(content)
