"""The sealed papers of a county's report and of the city's list, as they lie in its package (R65, R115, R123, R127, R148)."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from services.common.problems import NotFound
from services.evidence.bags import PAYLOAD
from services.evidence.names import apart, safe_name
from services.evidence.verifying import SCANS
from services.nominations.context import Context
from services.nominations.documents_client import HeldDocument
from services.nominations.packages.case_files import EXTENSIONS, Entry, at_hand, paper_content, shown_on_scans
from services.nominations.prints.print_tables import FormPrint, SealedScan
from services.nominations.prints.printing import Subject
from services.nominations.prints.sealed_scans import scans_of

Rows = Sequence[tuple[SealedScan, FormPrint | None]]
_FOLDER = "report/"


@dataclass(frozen=True, slots=True)
class FiledScans:
    """What was filed with a report or a list, and what documents holds of it."""

    owner: str
    """The recommending organisation, or 全市."""
    rows: Rows = ()
    held: Mapping[UUID, HeldDocument] = field(default_factory=dict)

    @property
    def byte_count(self) -> int:
        return sum(paper.byte_count for paper in self.held.values())


async def filed_scans(context: Context, subject: Subject, owner: str) -> FiledScans:
    """Outside any transaction: documents is asked where something was filed. Raises Unavailable."""
    async with context.database.reading() as session:
        rows = await scans_of(session, subject)
    named = {scan.document_id for scan, _ in rows}
    try:
        held = await context.documents.held(subject.id) if named else []
    except NotFound:
        held = []
    return FiledScans(owner, rows, {each.id: each for each in held if each.id in named})


@dataclass
class ScanFolder:
    """Names given, and the scans that lie there."""

    paths: dict[UUID, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def withhold(self, document_id: UUID) -> None:
        del self.paths[document_id]


async def scan_entries(
    context: Context, filed: FiledScans, titles: Mapping[str, str], folder: ScanFolder
) -> AsyncIterator[Entry]:
    """Each paper once, “单位+表名-盖章扫描件”, then what each of them shows. `titles`: form → its title."""
    for scan, _ in filed.rows:
        paper = filed.held.get(scan.document_id)
        if paper is None or paper.id in folder.paths:
            continue
        form = safe_name(titles.get(scan.form, scan.form), longest=26)
        stem = apart(f"{safe_name(filed.owner, longest=20)}+{form}-盖章扫描件", folder.taken)
        folder.paths[paper.id] = f"{_FOLDER}{stem}.{EXTENSIONS[paper.media_type]}"
        content = partial(paper_content, context, paper)
        yield Entry(folder.paths[paper.id], content, partial(folder.withhold, paper.id))
    if filed.rows:
        told = json.dumps({"scans": _told(filed, folder)}, ensure_ascii=False, indent=1).encode()
        yield Entry(SCANS.removeprefix(PAYLOAD), partial(at_hand, told))


def _told(filed: FiledScans, folder: ScanFolder) -> list[dict[str, Any]]:
    """`path` null: the paper is gone from the store, and the record says which it was."""
    shown = shown_on_scans(filed.rows, {each.id: each.sha256 for each in filed.held.values()})
    return [each | {"path": folder.paths.get(UUID(each["document_id"]))} for each in shown]
