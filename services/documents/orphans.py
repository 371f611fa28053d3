"""Objects that no document names: what an upload leaves behind when it breaks between the put and the insert."""

from datetime import datetime, timedelta

from sqlalchemy import delete, exists, or_, update

from services.documents.object_store import ObjectStore
from services.documents.resources import Resources
from services.documents.tables import PendingObjectRow, StoredObjectRow

LONGEST_UPLOAD = timedelta(hours=1)
"""Far beyond every time-out of an upload; younger notes belong to uploads still on their way."""


async def remove_orphans(resources: Resources, *, now: datetime) -> int:
    """Removes noted objects that nothing refers to, and gives their number. Safe to run twice at once, or half.

    A claim is taken before the object is removed, so that an upload of the same bytes waits instead of losing them; a
    claim left by a broken sweep is taken over when it is old enough.
    """
    keys = await _claim(resources, now=now)
    for key in keys:
        await _remove(resources, resources.store, key)
    return len(keys)


async def _claim(resources: Resources, *, now: datetime) -> list[str]:
    before = now - LONGEST_UPLOAD
    in_use = exists().where(StoredObjectRow.object_key == PendingObjectRow.object_key)
    async with resources.database.transaction() as session:
        await session.execute(delete(PendingObjectRow).where(PendingObjectRow.noted_at < before, in_use))
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


async def _remove(resources: Resources, store: ObjectStore, key: str) -> None:
    await store.remove(key)
    async with resources.database.transaction() as session:
        await session.execute(delete(PendingObjectRow).where(PendingObjectRow.object_key == key))
