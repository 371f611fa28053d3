"""What a case leaves for the record: its forms, its papers, its whole history, and where it stands in the signed tree (R127).

Identity card copies stand on the paste page of the form, as the notice asks; as files of their own they are withheld, with
their hashes, and so are objections, which belong to their office alone.
"""

import json
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import rfc8785
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.problems import NotFound, Unavailable
from services.common.tokens import Caller
from services.evidence.names import apart, safe_name
from services.evidence.seals import encoded
from services.evidence.verifying import CASE, EVENTS
from services.nominations import queries
from services.nominations.approval_forms import approval_form
from services.nominations.case_facts import Case, load_case
from services.nominations.case_history import history
from services.nominations.context import Context
from services.nominations.documents_client import HeldDocument
from services.nominations.domain.campaign import Campaign
from services.nominations.evidence_tables import EvidenceKey
from services.nominations.forms.blocks import FormDocument
from services.nominations.printing import draw_for, of_case
from services.nominations.procedure_tables import PublicityNotice
from services.nominations.publicity_page import publicity_page
from services.nominations.sealing_cases import SealedCases
from services.nominations.sheet_forms import opinion_form

_LABELS = {
    "portrait": "证件照",
    "professional_title_certificate": "职称证书",
    "degree_certificate": "学历学位证书",
    "honour_certificate": "荣誉证书",
    "sealed_scan": "盖章扫描件",
    "meeting_minutes": "会议纪要",
    "publicity_proof": "公示证明",
    "deeds_annex": "事迹附页",
}
"""Kinds that lie in a case file; whatever is not named here is withheld."""
_EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}


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
        return case, [await opinion_form(session, context, case, sheet) for sheet in sheets]


async def entries_of(  # noqa: PLR0917  whose case goes into which folder under which seal
    context: Context, caller: Caller, case: Case, sheets: Iterable[FormDocument], folder: Folder, sealed: SealedCases
) -> AsyncIterator[tuple[str, bytes]]:
    """One file after the other, so that only one is in memory. Raises Unavailable."""
    for document in [await approval_form(context, case), *sheets]:
        drawn = await draw_for(context, caller, document, "pdf", of_case(case.nomination))
        yield folder.path + folder.name(document.title, "pdf"), drawn
    for notice, page in await _notices(context, case):
        yield folder.path + folder.name(f"公示页-{notice.level}-{notice.opened_on}", "html"), page
    for held in await context.documents.held(case.nomination.id):
        async for entry in _paper(context, held, folder):
            yield entry
    lines, facts = await _record(context, case, folder, sealed)
    yield folder.path + EVENTS, lines
    yield folder.path + CASE, json.dumps(facts, ensure_ascii=False, indent=1).encode()
    folder.entries += [folder.path + EVENTS, folder.path + CASE]


async def _notices(context: Context, case: Case) -> list[tuple[PublicityNotice, bytes]]:
    """Every page that was shown, corrected ones too: what stood there, from when to when, and its hash (R47–R49, R62)."""
    async with context.database.reading() as session:
        notices = await queries.notices_of(session, case.nomination.id)
    form = case.campaign.form_of(case.nomination.category)
    return [(notice, publicity_page(notice, case.campaign, form).encode()) for notice in notices]


async def _paper(context: Context, held: HeldDocument, folder: Folder) -> AsyncIterator[tuple[str, bytes]]:
    label = _LABELS.get(held.kind)
    content = await _content(context, held) if label is not None else None
    if label is None or content is None:
        folder.withheld.append({"kind": held.kind, "sha256": held.sha256})
        return
    wanted = folder.stem if held.kind == "portrait" else f"{folder.stem}-{label}"
    name = folder.name(wanted, _EXTENSIONS[held.media_type])
    folder.papers.append({"path": name, "kind": held.kind, "id": str(held.id), "sha256": held.sha256})
    yield folder.path + name, content


async def _content(context: Context, held: HeldDocument) -> bytes | None:
    """None for a file that is erased or damaged: the case file says so instead of stopping."""
    try:
        return await context.documents.content(held.id)
    except NotFound:
        return None


async def _record(context: Context, case: Case, folder: Folder, sealed: SealedCases) -> tuple[bytes, dict[str, Any]]:
    position = sealed.position_of(case.nomination.id)
    if position is None:
        raise Unavailable  # it began after the seal: the next request seals anew
    async with context.database.reading() as session:
        events = await history(session, case.nomination.id)
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
        "inclusion": {"index": position, "path": sealed.path_of(position)},
    }
    return b"\n".join(event.canonical for event in told) + b"\n", facts


def _gone_since(events: list[dict[str, Any]], there: set[str]) -> list[dict[str, Any]]:
    """Papers of the last submission that are no longer in force: replaced, or erased when their time was over."""
    submissions = [event for event in events if event["event"] == "nomination_submitted"]
    papers = submissions[-1]["details"].get("documents", []) if submissions else []
    return [{"kind": each["kind"], "sha256": each["sha256"]} for each in papers if each["sha256"] not in there]


async def proof_entries(session: AsyncSession, sealed: SealedCases) -> list[tuple[str, bytes]]:
    """The seal that the cases lead to, and every key that has ever sealed."""
    seal = {"statement": encoded(sealed.seal.statement), "signature": encoded(sealed.seal.signature)}
    keys = await published_keys(session)
    return [
        ("proof/seal.json", json.dumps(seal, indent=1).encode()),
        ("proof/keys.json", json.dumps({key.key_id: encoded(key.public_key) for key in keys}, indent=1).encode()),
    ]


async def published_keys(session: AsyncSession) -> list[EvidenceKey]:
    return list(await session.scalars(select(EvidenceKey).order_by(EvidenceKey.first_used_at)))


def definition_entry(campaign: Campaign, content: dict[str, Any]) -> tuple[str, bytes]:
    """The rules that the cases ran under, as they were published."""
    return f"campaign-v{campaign.version}.json", rfc8785.dumps(content)
