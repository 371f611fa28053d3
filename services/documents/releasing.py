"""Objects that are no longer needed are handed to the sweep: one way in which anything leaves the store."""

from collections.abc import Iterable

from sqlalchemy import delete, func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.documents.tables import PendingObjectRow
from services.documents.upload_queries import chunks_of
from services.documents.upload_tables import UploadChunkRow, UploadRow


async def release_objects(session: AsyncSession, object_keys: Iterable[str], *, at_once: bool = False) -> None:
    """Notes them in the transaction that drops the last row naming them; a sweep removes the bytes later.

    `at_once` is for what must be gone today: the very next sweep takes it. Otherwise it waits as long as an upload may
    take, because a phone may still be sending to the address.
    """
    noted_at = func.to_timestamp(0) if at_once else func.now()
    rows = [{"object_key": key, "noted_at": noted_at} for key in object_keys]
    if rows:
        noted = insert(PendingObjectRow).values(rows)
        await session.execute(
            noted.on_conflict_do_update(index_elements=["object_key"], set_={"noted_at": noted.excluded.noted_at})
        )


async def release_upload(session: AsyncSession, upload: UploadRow) -> None:
    """What came of an upload is needed no longer: its document holds the bytes, or nobody will."""
    keys = [chunk.object_key for chunk in await chunks_of(session, upload.id)]
    if upload.incoming_key is not None:
        keys.append(upload.incoming_key)
    await session.execute(delete(UploadChunkRow).where(UploadChunkRow.upload_id == upload.id))
    await release_objects(session, keys)
