"""Objects that no row names: what an upload leaves behind when it breaks, what was released, what nobody remembers."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.documents.resources import Resources
from services.documents.tables import PendingObjectRow, StoredObjectRow
from services.documents.upload_tables import UploadChunkRow, UploadRow

LONGEST_UPLOAD = timedelta(hours=1)
"""Far beyond every time-out of an upload; younger notes belong to uploads still on their way."""
_OLD_ENOUGH = timedelta(hours=24)
_FOLDERS = ("objects/", "sealed/", "chunks/", "incoming/")
_AT_A_TIME = 500


async def remove_orphans(resources: Resources, *, now: datetime) -> int:
    """Removes noted objects that nothing refers to, and gives their number. Safe to run twice at once, or half.

    A claim is taken before the object is removed, so that an upload of the same bytes waits instead of losing them; a
    claim left by a broken sweep is taken over when it is old enough.
    """
    keys = await _claim(resources, now=now)
    for key in keys:
        await _remove(resources, key)
    return len(keys)


async def note_strays(resources: Resources, *, now: datetime, apply: bool) -> list[str]:
    """Compares the whole bucket with the rows, and gives old objects that neither rows nor notes name.

    They come from a database that was set back to an older backup. With `apply` they are noted, and the next
    `remove_orphans` takes them.
    """
    strays: list[str] = []
    for folder in _FOLDERS:
        found = await resources.store.keys(folder, before=now - _OLD_ENOUGH)
        for start in range(0, len(found), _AT_A_TIME):
            strays += await _unknown(resources, found[start : start + _AT_A_TIME])
    if apply:
        async with resources.database.transaction() as session:
            for start in range(0, len(strays), _AT_A_TIME):
                await _note(session, strays[start : start + _AT_A_TIME])
    return strays


async def _note(session: AsyncSession, strays: list[str]) -> None:
    """Due at once. A note that came meanwhile is that of an upload on its way, and stays as it is."""
    rows = [{"object_key": key, "noted_at": func.to_timestamp(0)} for key in strays]
    await session.execute(insert(PendingObjectRow).values(rows).on_conflict_do_nothing())


async def _unknown(resources: Resources, keys: list[str]) -> list[str]:
    known: set[str] = set()
    async with resources.database.reading() as session:
        for column in (
            StoredObjectRow.object_key,
            UploadChunkRow.object_key,
            UploadRow.incoming_key,
            PendingObjectRow.object_key,
        ):
            known |= {key for key in await session.scalars(select(column).where(column.in_(keys))) if key}
    return [key for key in keys if key not in known]


def _in_use() -> ColumnElement[bool]:
    key = PendingObjectRow.object_key
    return or_(
        exists().where(StoredObjectRow.object_key == key),
        exists().where(UploadChunkRow.object_key == key),
        exists().where(UploadRow.incoming_key == key, UploadRow.document_id.is_(None)),
    )


async def _claim(resources: Resources, *, now: datetime) -> list[str]:
    before = now - LONGEST_UPLOAD
    async with resources.database.transaction() as session:
        await session.execute(delete(PendingObjectRow).where(PendingObjectRow.noted_at < before, _in_use()))
        claimed = await session.scalars(
            update(PendingObjectRow)
            .where(
                PendingObjectRow.noted_at < before,
                or_(PendingObjectRow.removing_at.is_(None), PendingObjectRow.removing_at < before),
            )
            .values(removing_at=now)
            .returning(PendingObjectRow.object_key)
        )
        return list(claimed)


async def _remove(resources: Resources, key: str) -> None:
    await resources.store.remove(key)
    async with resources.database.transaction() as session:
        await session.execute(delete(PendingObjectRow).where(PendingObjectRow.object_key == key))
