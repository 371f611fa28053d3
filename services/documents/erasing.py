"""Papers are erased: their bytes go with the next sweep, and a record of what went, and why, stays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import delete, exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from services.documents.card_readings import drop_readings
from services.documents.domain.erasure import ErasureGround, KeptFor
from services.documents.life_tables import DocumentErasureRow
from services.documents.releasing import release_objects
from services.documents.tables import BundleRow, DocumentRow, StoredObjectRow


@dataclass(frozen=True, slots=True)
class Ground:
    """Why something is erased, and the day on which it was due."""

    code: ErasureGround
    due_on: date
    kept_for: KeptFor | None = None

    @property
    def words(self) -> str:
        """For records and logs."""
        return self.kept_for.noted if self.kept_for is not None else f"request for erasure granted {self.due_on}"

    @property
    def columns(self) -> dict[str, object]:
        counted = self.kept_for
        return {
            "rule": self.words,
            "ground": self.code.value,
            "counted_from": counted and counted.event.value,
            "counted_on": counted and counted.happened_on,
            "kept_days": counted and counted.days,
            "due_on": self.due_on,
        }


def time_is_over(kept_for: KeptFor) -> Ground:
    return Ground(ErasureGround.RETENTION_OVER, kept_for.last_day, kept_for)


def request_granted(day: date) -> Ground:
    return Ground(ErasureGround.REQUEST_GRANTED, day)


async def erase_documents(session: AsyncSession, document_ids: Sequence[UUID], ground: Ground) -> int:
    """Those that still have bytes, in the caller's transaction. Gives their number."""
    found = await session.execute(
        select(DocumentRow, StoredObjectRow, BundleRow.campaign_key)
        .join(StoredObjectRow, StoredObjectRow.object_key == DocumentRow.object_key)
        .join(BundleRow, BundleRow.id == DocumentRow.bundle_id)
        .where(DocumentRow.id.in_(document_ids))
        .with_for_update(of=DocumentRow)
    )
    rows = found.all()
    for document, stored, campaign_key in rows:
        session.add(
            DocumentErasureRow(
                document_id=document.id,
                campaign_key=campaign_key,
                kind=document.kind,
                sha256=stored.sha256,
                byte_count=stored.byte_count,
                object_key=stored.object_key,
                **ground.columns,
            )
        )
        document.object_key, document.erased_at = None, func.now()
        document.replaced_at = document.replaced_at or func.clock_timestamp()
    await drop_readings(session, document_ids)
    await session.flush()
    for object_key in {stored.object_key for _, stored, _ in rows}:
        await _drop_unused(session, object_key)
    return len(rows)


async def _drop_unused(session: AsyncSession, object_key: str) -> None:
    """The same bytes may be another document's, also one that is being recorded right now: then they stay."""
    try:
        async with session.begin_nested():
            dropped = await session.scalar(
                delete(StoredObjectRow)
                .where(StoredObjectRow.object_key == object_key, ~exists().where(DocumentRow.object_key == object_key))
                .returning(StoredObjectRow.object_key)
            )
            if dropped is not None:
                await release_objects(session, [object_key], at_once=True)
    except IntegrityError:
        return
