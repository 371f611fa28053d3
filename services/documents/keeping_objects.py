"""Bytes into the object store, each once, and never without a trace.

The order leaves no orphan unseen: note the object as pending, put the bytes, then in one transaction insert the rows
and clear the note. Whatever breaks in between leaves the note, by which `orphans.remove_orphans` finds the object.
"""

from dataclasses import dataclass

import anyio.to_thread
from sqlalchemy import delete, func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.common.db import Database
from services.common.problems import Unavailable
from services.documents.encryption import ObjectCipher, SealBrokenError, SealedObject
from services.documents.object_store import ObjectMissingError
from services.documents.problems import StoredObjectDamaged
from services.documents.queries import hold_object, stored_object
from services.documents.resources import Resources
from services.documents.tables import PendingObjectRow, StoredObjectRow
from services.documents.uploaded_bytes import UploadedBytes, digest_of


@dataclass(frozen=True, slots=True)
class KeptObject:
    """Bytes that lie in the store; `key_id` and `wrapped_key` are those of a sealed object."""

    object_key: str
    key_id: str | None = None
    wrapped_key: bytes | None = None
    known: bool = False
    """Somebody stored the same bytes before."""


async def keep_object(resources: Resources, uploaded: UploadedBytes, *, sealed: bool, media_type: str) -> KeptObject:
    """Puts the bytes unless the store holds them already. Raises Unavailable. No transaction is open meanwhile."""
    async with resources.database.reading() as session:
        known = await stored_object(session, sha256=uploaded.sha256, sealed=sealed)
    if known is not None:
        return KeptObject(known.object_key, known.key_id, known.wrapped_key, known=True)
    if not sealed:
        object_key = f"objects/{uploaded.sha256}"
        await note_pending(resources.database, object_key)
        await resources.store.put(object_key, uploaded.content, media_type=media_type)
        return KeptObject(object_key)
    return await _keep_sealed(resources, uploaded.content)


async def _keep_sealed(resources: Resources, content: bytes) -> KeptObject:
    """The key is random: it tells nothing, and two uploads of the same bytes cannot mix up their data keys."""
    object_key = f"sealed/{uuid7().hex}"
    sealed = await anyio.to_thread.run_sync(lambda: resources.cipher.seal(content, object_key=object_key))
    await note_pending(resources.database, object_key)
    await resources.store.put(object_key, sealed.content, media_type="application/octet-stream")
    return KeptObject(object_key, sealed.key_id, sealed.wrapped_key)


async def note_pending(database: Database, object_key: str) -> None:
    """Raises Unavailable while a sweep is removing an older object of the same key."""
    async with database.transaction() as session:
        noted = await session.scalar(
            insert(PendingObjectRow)
            .values(object_key=object_key)
            .on_conflict_do_update(
                index_elements=["object_key"],
                set_={"noted_at": func.now()},
                where=PendingObjectRow.removing_at.is_(None),
            )
            .returning(PendingObjectRow.object_key)
        )
    if noted is None:
        raise Unavailable


async def record_object(session: AsyncSession, kept: KeptObject, *, sha256: str, byte_count: int) -> str:
    """Gives the key of the object in force: another one when somebody stored the same bytes in the meantime.

    The object's row is held until the transaction ends, so that retention cannot take it away in between. Raises
    Unavailable when it just did: the same upload sent again stores the bytes anew.
    """
    in_force = None if kept.known else await _enter_object(session, kept, sha256=sha256, byte_count=byte_count)
    if in_force is None:
        in_force = await hold_object(session, sha256=sha256, sealed=kept.key_id is not None)
    if in_force is None:
        raise Unavailable
    await session.execute(delete(PendingObjectRow).where(PendingObjectRow.object_key == in_force))
    return in_force


async def _enter_object(session: AsyncSession, kept: KeptObject, *, sha256: str, byte_count: int) -> str | None:
    """Nobody else sees the new row before the transaction ends. None when these bytes have one already."""
    entered: str | None = await session.scalar(
        insert(StoredObjectRow)
        .values(
            object_key=kept.object_key,
            sha256=sha256,
            byte_count=byte_count,
            sealed=kept.key_id is not None,
            key_id=kept.key_id,
            wrapped_key=kept.wrapped_key,
        )
        .on_conflict_do_nothing()
        .returning(StoredObjectRow.object_key)
    )
    return entered


async def read_object(resources: Resources, row: StoredObjectRow) -> bytes:
    """The bytes as they were uploaded, proven by their SHA-256. Raises StoredObjectDamaged or Unavailable."""
    try:
        return await opened(resources, row)
    except (ObjectMissingError, SealBrokenError):
        raise StoredObjectDamaged from None


async def opened(resources: Resources, row: StoredObjectRow) -> bytes:
    """Raises ObjectMissingError, SealBrokenError, Unavailable."""
    stored = await resources.store.get(row.object_key)
    return await anyio.to_thread.run_sync(lambda: proven(resources.cipher, row, stored))


def proven(cipher: ObjectCipher, row: StoredObjectRow, stored: bytes) -> bytes:
    """What was uploaded, from the bytes that are stored of it. Raises SealBrokenError when they are other bytes."""
    content = stored
    if row.key_id is not None and row.wrapped_key is not None:
        sealed = SealedObject(stored, row.key_id, row.wrapped_key)
        content = cipher.open(sealed, object_key=row.object_key)
    if digest_of(content) != row.sha256:
        raise SealBrokenError
    return content
