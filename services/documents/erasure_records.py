"""What was erased of a case, why, and what became of the bytes: for whoever could read it before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import ColumnElement, case, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.callers.tokens import Caller
from services.common.china_time import china_day
from services.documents.campaign_rules import CampaignRules
from services.documents.domain.document_kind import RetentionStart
from services.documents.domain.erasure import ErasureGround, KeptFor, reason_of_erasure
from services.documents.life_tables import DocumentErasureRow
from services.documents.queries import bundle_in_scope, readable_papers
from services.documents.tables import BundleRow, DocumentRow, PendingObjectRow, StoredObjectRow

BytesState = Literal["destroyed", "being_destroyed", "held_by_another"]


@dataclass(frozen=True, slots=True)
class ErasedPaper:
    """One paper that is no more. `backups_until`: until when backups hold its bytes; None where nobody said so."""

    erasure_id: UUID
    document_id: UUID
    kind: str
    kind_label: str
    sha256: str
    bytes: int
    uploaded_at: datetime
    ground: ErasureGround | None
    reason: str
    due_on: date
    erased_at: datetime
    bytes_state: BytesState
    backups_until: date | None


async def erased_papers_of(
    session: AsyncSession,
    bundle_id: UUID,
    *,
    caller: Caller,
    rules: CampaignRules,
    backups_kept_days: int | None,
    after: UUID | None,
    limit: int,
) -> Sequence[ErasedPaper]:
    """In the order in which they went. Raises NotFound where the bundle is out of the caller's scope."""
    await bundle_in_scope(session, bundle_id, caller=caller)
    erasure = DocumentErasureRow
    query = (
        select(erasure, DocumentRow.uploaded_at, _state())
        .join(DocumentRow, DocumentRow.id == erasure.document_id)
        .join(BundleRow, BundleRow.id == DocumentRow.bundle_id)
        .where(DocumentRow.bundle_id == bundle_id, readable_papers(caller, rules))
        .order_by(erasure.id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(erasure.id > after)
    return [
        _described(row, rules, uploaded_at=uploaded_at, state=state, backups_kept_days=backups_kept_days)
        for row, uploaded_at, state in await session.execute(query)
    ]


def reason_noted(row: DocumentErasureRow) -> str:
    """In Chinese; the words of its time where the release that noted it had no codes."""
    if row.ground is None:
        return row.rule
    return reason_of_erasure(ErasureGround(row.ground), due_on=row.due_on, kept_for=_kept_for(row))


def _described(
    row: DocumentErasureRow,
    rules: CampaignRules,
    *,
    uploaded_at: datetime,
    state: BytesState,
    backups_kept_days: int | None,
) -> ErasedPaper:
    kind = rules.kind_of(row.campaign_key, row.kind)
    kept = None if backups_kept_days is None else timedelta(days=backups_kept_days)
    return ErasedPaper(
        erasure_id=row.id,
        document_id=row.document_id,
        kind=row.kind,
        kind_label=row.kind if kind is None else kind.label,
        sha256=row.sha256,
        bytes=row.byte_count,
        uploaded_at=uploaded_at,
        ground=None if row.ground is None else ErasureGround(row.ground),
        reason=reason_noted(row),
        due_on=row.due_on,
        erased_at=row.erased_at,
        bytes_state=state,
        backups_until=None if kept is None else china_day(row.erased_at) + kept,
    )


def _kept_for(row: DocumentErasureRow) -> KeptFor | None:
    if row.counted_from is None or row.counted_on is None or row.kept_days is None:
        return None
    return KeptFor(RetentionStart(row.counted_from), row.counted_on, row.kept_days)


def _state() -> ColumnElement[BytesState]:
    """The same bytes may be another paper's, and stay with it; the store is emptied by the next sweep."""
    erasure, stored, pending = DocumentErasureRow, StoredObjectRow, PendingObjectRow
    unnoted = erasure.object_key.is_(None) & (stored.sha256 == erasure.sha256)
    return case(
        (exists().where(or_(stored.object_key == erasure.object_key, unnoted)), "held_by_another"),
        (exists().where(pending.object_key == erasure.object_key), "being_destroyed"),
        else_="destroyed",
    )
