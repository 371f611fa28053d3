"""Objects that no row names: what an upload leaves behind when it breaks, what was released, what nobody remembers."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.documents.erasing import drop_stranded
from services.documents.resources import Resources
from services.documents.tables import PendingObjectRow, StoredObjectRow
from services.documents.upload_tables import UploadChunkRow, UploadRow

LONGEST_UPLOAD = timedelta(hours=1)
"""Far beyond every time-out of an upload; younger notes belong to uploads still on their way."""
_OLD_ENOUGH = timedelta(hours=24)
_FOLDERS = ("objects/", "sealed/", "chunks/", "incoming/")
_AT_A_TIME = 500
_PORTION = 100


async def remove_orphans(resources: Resources, *, now: datetime) -> int:
    """Removes noted objects that nothing refers to, and gives their number. Safe to run twice at once, or half.

    A claim is taken before the object is removed, so that an upload of the same bytes waits instead of losing them. Few are
    claimed at a time, and given back when something breaks; a claim left by a killed sweep is taken over when it is old
    enough. Raises Unavailable.
    """
    before, removed = now - LONGEST_UPLOAD, 0
    async with resources.database.transaction() as session:
        await session.execute(delete(PendingObjectRow).where(PendingObjectRow.noted_at < before, _in_use()))
    while claims := await _claim(resources, before=before):
        removed += await _remove(resources, claims)
    return removed


async def note_strays(resources: Resources, *, now: datetime, apply: bool) -> list[str]:
    """Compares the whole bucket with the rows, and gives old objects that neither rows nor notes name.

    They come from a database that was set back to an older backup. With `apply` they are noted, as are those whose rows no
    paper names any more, and the next `remove_orphans` takes them.
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
        async with resources.database.transaction() as session:
            await drop_stranded(session, now=now)
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


async def _claim(resources: Resources, *, before: datetime) -> dict[str, datetime]:
    """Some objects, and since when each is claimed: by that a claim is known again as ours."""
    row = PendingObjectRow
    due = (
        select(row.object_key)
        .where(row.noted_at < before, or_(row.removing_at.is_(None), row.removing_at < before), ~_in_use())
        .order_by(row.noted_at)
        .limit(_PORTION)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    claims = update(row).where(row.object_key.in_(select(due.c.object_key))).values(removing_at=func.clock_timestamp())
    async with resources.database.transaction() as session:
        claimed = await session.execute(claims.returning(row.object_key, row.removing_at))
        return {key: since for key, since in claimed if since is not None}


async def _remove(resources: Resources, claims: dict[str, datetime]) -> int:
    """Each claim is renewed first, so that no other sweep takes it over while the store works. Leaves none behind."""
    removed = 0
    try:
        for key in list(claims):
            renewed = await _renewed(resources, key, claims[key])
            if renewed is not None:
                claims[key] = renewed
                await resources.store.remove(key)
                await _forget(resources, key, renewed)
                removed += 1
            del claims[key]
    except BaseException:  # also when the service stops: an upload of these bytes would wait until the claims are old
        await _give_back(resources, claims)
        raise
    return removed


def _ours(key: str, since: datetime) -> ColumnElement[bool]:
    return and_(PendingObjectRow.object_key == key, PendingObjectRow.removing_at == since)


async def _renewed(resources: Resources, key: str, since: datetime) -> datetime | None:
    """None: another sweep has taken it over."""
    renewal = update(PendingObjectRow).where(_ours(key, since)).values(removing_at=func.clock_timestamp())
    async with resources.database.transaction() as session:
        renewed: datetime | None = await session.scalar(renewal.returning(PendingObjectRow.removing_at))
        return renewed


async def _forget(resources: Resources, key: str, since: datetime) -> None:
    async with resources.database.transaction() as session:
        await session.execute(delete(PendingObjectRow).where(_ours(key, since)))


async def _give_back(resources: Resources, claims: dict[str, datetime]) -> None:
    ours = tuple_(PendingObjectRow.object_key, PendingObjectRow.removing_at).in_(list(claims.items()))
    async with resources.database.transaction() as session:
        await session.execute(update(PendingObjectRow).where(ours).values(removing_at=None))
