"""Papers are erased: their bytes go with the next sweep, and a record of what went, and why, stays."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.documents.card_readings import drop_readings
from services.documents.domain.erasure import ErasureGround, KeptFor
from services.documents.life_tables import DocumentErasureRow
from services.documents.releasing import release_objects
from services.documents.tables import BundleRow, DocumentRow, StoredObjectRow

_LONG_AGO = timedelta(hours=24)
_AT_A_TIME = 500


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
        .order_by(DocumentRow.id)
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
    await _drop_unnamed(session, {stored.object_key for _, stored, _ in rows})
    return len(rows)


async def drop_stranded(session: AsyncSession, *, now: datetime) -> None:
    """Objects whose last paper went long ago, and nobody noticed. Those that are being recorded right now are passed over."""
    stranded = (
        select(StoredObjectRow.object_key)
        .where(StoredObjectRow.stored_at < now - _LONG_AGO, ~_named())
        .order_by(StoredObjectRow.object_key)
        .limit(_AT_A_TIME)
        .with_for_update(skip_locked=True)
    )
    await _drop_unnamed(session, (await session.scalars(stranded)).all())


async def _drop_unnamed(session: AsyncSession, object_keys: Collection[str]) -> None:
    """The same bytes may be another document's, also one that is being recorded right now: then they stay.

    Their rows are locked in one order, and asked about by a later statement: of two that erase the last papers of the same
    bytes, the second waits for the first and then sees that nobody names them.
    """
    rows = select(StoredObjectRow.object_key).where(StoredObjectRow.object_key.in_(object_keys))
    await session.execute(rows.order_by(StoredObjectRow.object_key).with_for_update())
    dropped = await session.scalars(
        delete(StoredObjectRow)
        .where(StoredObjectRow.object_key.in_(object_keys), ~_named())
        .returning(StoredObjectRow.object_key)
    )
    await release_objects(session, dropped.all(), at_once=True)


def _named() -> ColumnElement[bool]:
    return exists().where(DocumentRow.object_key == StoredObjectRow.object_key)
