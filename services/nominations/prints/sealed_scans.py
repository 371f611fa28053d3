"""A scan of sealed paper is named for a form: the code on it says which print it is (R129, R148).

Documents has read the code when the scan came; what the form says now is composed again and compared.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.common.callers.tokens import Caller
from services.common.problems import FieldError, Unprocessable
from services.nominations.context import Context
from services.nominations.documents_client import HeldDocument
from services.nominations.domain.facts import Blocker
from services.nominations.domain.scan_match import (
    ANOTHER_KIND,
    OPINION_SHEET,
    SEALED_SCAN,
    WITHOUT_CODE,
    SeenPrint,
    matched,
)
from services.nominations.domain.withheld import reads_opinions
from services.nominations.forms.blocks import FormDocument
from services.nominations.forms.print_identity import hash_in
from services.nominations.prints.print_tables import FormPrint, SealedScan
from services.nominations.prints.printing import Subject, of_case, prints_with
from services.nominations.tables import Nomination


@dataclass(frozen=True, slots=True)
class NamedScan:
    """A document, and the words of whoever names it where its code cannot be read."""

    document_id: UUID
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class ShownPrint:
    """What a scan shows: a print, or an explanation where no code could be read."""

    document_id: UUID
    form: str
    content_hash: str | None
    first_print: FormPrint | None
    explanation: str

    @property
    def version(self) -> dict[str, str | int] | None:
        """Which version of the form is on the paper, to stand beside an opinion."""
        if self.first_print is None:
            return None
        printed = self.first_print
        return {"code": printed.code, "revision": printed.revision, "printed_at": printed.printed_at.isoformat()}


async def named_paper(
    context: Context, subject_id: UUID, document_id: UUID, *, kind: str, pointer: str
) -> HeldDocument:
    """What is named must lie with the case, under the kind of such papers. Outside any transaction, for documents is asked.

    Raises Unprocessable, Unavailable.
    """
    held = next((each for each in await context.documents.held(subject_id) if each.id == document_id), None)
    if held is None or held.kind not in {SEALED_SCAN, OPINION_SHEET}:
        message = "没有在本件材料中找到这份扫描件，请先上传"
        raise Unprocessable(errors=[FieldError(pointer, "document_unknown", message, requirement="R130")])
    if held.kind != kind:
        raise _refused(ANOTHER_KIND, pointer)
    return held


async def shown_by(
    context: Context,
    document: FormDocument,
    subject: Subject,
    named: NamedScan,
    *,
    pointer: str,
    kind: str = SEALED_SCAN,
) -> ShownPrint:
    """`document`: the form as it stands now. Outside any transaction, for documents is asked.

    Raises Unprocessable with the reason's own code, Unavailable.
    """
    paper = await named_paper(context, subject.id, named.document_id, kind=kind, pointer=pointer)
    texts = paper.print_codes or ()
    on_paper = [digest for text in texts if (digest := hash_in(text)) is not None]
    async with context.database.reading() as session:
        known = {each.content_hash: each for each in await prints_with(session, on_paper)}
    seen = [SeenPrint(each.content_hash, _is_of(each, subject), each.form) for each in known.values()]
    current = document.identity.content_hash if document.identity is not None else None
    found = matched(on_paper, seen, form=document.form, current=current)
    if found is WITHOUT_CODE and named.explanation:
        return ShownPrint(named.document_id, document.form, None, None, named.explanation)
    if isinstance(found, Blocker):
        raise _refused(found, pointer)
    return ShownPrint(named.document_id, document.form, found, known.get(found), "")


async def keep_scan(
    session: AsyncSession, caller: Caller, subject: Subject, shown: ShownPrint, *, at: datetime
) -> SealedScan:
    """Named again for the same form, by two at once too, it says the same."""
    row = insert(SealedScan).values(
        id=uuid7(),
        **subject.columns,
        document_id=shown.document_id,
        form=shown.form,
        content_hash=shown.content_hash,
        print_id=shown.first_print.id if shown.first_print is not None else None,
        explanation=shown.explanation,
        noted_by=UUID(caller.subject),
        noted_by_name=caller.name,
        noted_at=at,
    )
    once = row.on_conflict_do_nothing(index_elements=["document_id", "form"]).returning(SealedScan)
    added: SealedScan | None = await session.scalar(once)
    if added is not None:
        return added
    of_form = (SealedScan.document_id == shown.document_id, SealedScan.form == shown.form)
    return (await session.scalars(select(SealedScan).where(*of_form))).one()


async def scans_of(session: AsyncSession, subject: Subject) -> Sequence[tuple[SealedScan, FormPrint | None]]:
    """Oldest first, each with the print that it shows."""
    column = getattr(SealedScan, subject.kind)
    query = select(SealedScan, FormPrint).outerjoin(FormPrint, FormPrint.id == SealedScan.print_id)
    rows = await session.execute(query.where(column == subject.id).order_by(SealedScan.id))
    return [(scan, printed) for scan, printed in rows]


async def scans_for(
    session: AsyncSession, context: Context, caller: Caller, nomination: Nomination
) -> Sequence[tuple[SealedScan, FormPrint | None]]:
    """Those of a case that the caller may know of: what an authority sealed is no business of its own side (R58)."""
    scans = await scans_of(session, of_case(nomination))
    if reads_opinions(caller.roles):
        return scans
    campaign = await context.campaigns.version(session, nomination.campaign_key, nomination.campaign_version)
    own = campaign.form_of(nomination.category).key
    return [(scan, printed) for scan, printed in scans if scan.form == own]


def event_details(shown: ShownPrint) -> dict[str, str]:
    """For the history: ids and hashes."""
    return {"document_id": str(shown.document_id), "form": shown.form, "content_hash": shown.content_hash or ""}


def _refused(against: Blocker, pointer: str) -> Unprocessable:
    return Unprocessable(errors=[FieldError(pointer, against.code, against.message, requirement=against.requirement)])


def _is_of(printed: FormPrint, subject: Subject) -> bool:
    return bool(getattr(printed, subject.kind) == subject.id)
