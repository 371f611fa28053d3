"""Bytes into the object store, each once, and never without a trace.

The order leaves no orphan unseen: note the object as pending, put the bytes, then in one transaction insert the rows
and clear the note. Whatever breaks in between leaves the note, by which `orphans.remove_orphans` finds the object.
Without its note nothing is recorded: a sweep has claimed the object, or removed it already.
"""

from dataclasses import dataclass
from typing import Any

import anyio.to_thread
from sqlalchemy import Select, Text, delete, exists, false, func, literal, null, select, true
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.common.db import Database
from services.common.prepared import Slot, prepare
from services.common.problems import Unavailable
from services.documents.encryption import ObjectCipher, SealBrokenError, SealedObject
from services.documents.object_store import ObjectMissingError
from services.documents.problems import StoredObjectDamaged
from services.documents.queries import hold_object
from services.documents.resources import Resources
from services.documents.tables import PendingObjectRow, StoredObjectRow
from services.documents.uploaded_bytes import UploadedBytes, digest_of

_KNOWN = (
    select(StoredObjectRow.object_key, StoredObjectRow.key_id, StoredObjectRow.wrapped_key)
    .where(StoredObjectRow.sha256 == Slot("sha256"), StoredObjectRow.sealed == Slot("sealed"))
    .cte("known")
)


def _noting(keys: Select[Any]) -> Any:
    """Gives the keys that it noted: none while a sweep is removing an older object of the same key."""
    noted = insert(PendingObjectRow).from_select(["object_key"], keys)
    return noted.on_conflict_do_update(
        index_elements=["object_key"], set_={"noted_at": func.now()}, where=PendingObjectRow.removing_at.is_(None)
    ).returning(PendingObjectRow.object_key)


_KEY = select(literal(Slot("object_key"), Text))
_NOTE = prepare(_noting(_KEY))
_NOTED = _noting(_KEY.where(~exists(select(_KNOWN.c.object_key)))).cte("noted")
_KNOWN_OR_NOTED = prepare(
    select(_KNOWN, true().label("known")).union_all(select(_NOTED.c.object_key, null(), null(), false()))
)
_ENTERED = (
    insert(StoredObjectRow)
    .values({name: Slot(name) for name in ("object_key", "sha256", "byte_count", "sealed", "key_id", "wrapped_key")})
    .on_conflict_do_nothing()
    .returning(StoredObjectRow.object_key)
    .cte("entered")
)
_CLEARED = (
    delete(PendingObjectRow)
    .where(PendingObjectRow.object_key.in_(select(_ENTERED.c.object_key)), PendingObjectRow.removing_at.is_(None))
    .returning(PendingObjectRow.object_key)
    .cte("cleared")
)
_ENTER = prepare(select(_ENTERED.c.object_key, exists(select(_CLEARED.c.object_key))))


@dataclass(frozen=True, slots=True)
class KeptObject:
    """Bytes that lie in the store; `key_id` and `wrapped_key` are those of a sealed object."""

    object_key: str
    key_id: str | None = None
    wrapped_key: bytes | None = None
    known: bool = False
    """Somebody stored the same bytes before."""


async def keep_object(resources: Resources, uploaded: UploadedBytes, *, sealed: bool, media_type: str) -> KeptObject:
    """Puts the bytes unless the store holds them already. Raises Unavailable. No transaction is open meanwhile.

    A sealed object's key is random: it tells nothing, and two uploads of the same bytes cannot mix up their data keys.
    """
    object_key = f"sealed/{uuid7().hex}" if sealed else f"objects/{uploaded.sha256}"
    kept = await _known_or_noted(resources.database, object_key, sha256=uploaded.sha256, sealed=sealed)
    if kept.known:
        return kept
    if not sealed:
        await resources.store.put(object_key, uploaded.content, media_type=media_type)
        return kept
    content = await anyio.to_thread.run_sync(lambda: resources.cipher.seal(uploaded.content, object_key=object_key))
    await resources.store.put(object_key, content.content, media_type="application/octet-stream")
    return KeptObject(object_key, content.key_id, content.wrapped_key)


async def _known_or_noted(database: Database, object_key: str, *, sha256: str, sealed: bool) -> KeptObject:
    """The object that holds these bytes in this form; where none does, the new one is noted as pending.

    Raises Unavailable while a sweep is removing an older object of the same key.
    """
    given = {"object_key": object_key, "sha256": sha256, "sealed": sealed}
    found = await database.fetch(_KNOWN_OR_NOTED.text, *_KNOWN_OR_NOTED.given(given))
    if not found:
        raise Unavailable
    return KeptObject(*found[0])


async def note_pending(database: Database, object_key: str) -> None:
    """Raises Unavailable while a sweep is removing an older object of the same key."""
    if not await database.fetch(_NOTE.text, *_NOTE.given({"object_key": object_key})):
        raise Unavailable


async def clear_note(session: AsyncSession, object_key: str) -> None:
    """In the transaction that records the object. Raises Unavailable where a sweep has claimed or removed it."""
    note = delete(PendingObjectRow).where(
        PendingObjectRow.object_key == object_key, PendingObjectRow.removing_at.is_(None)
    )
    if await session.scalar(note.returning(PendingObjectRow.object_key)) is None:
        raise Unavailable


async def record_object(session: AsyncSession, kept: KeptObject, *, sha256: str, byte_count: int) -> str:
    """Gives the key of the object in force: another one when somebody stored the same bytes in the meantime.

    The object's row is held until the transaction ends, so that retention cannot take it away in between. Raises
    Unavailable when it just did, or a sweep took the object: the same upload sent again stores the bytes anew.
    """
    entered = None if kept.known else await _enter_object(session, kept, sha256=sha256, byte_count=byte_count)
    if entered is not None:
        return entered
    in_force = await hold_object(session, sha256=sha256, sealed=kept.key_id is not None)
    if in_force is None:
        raise Unavailable
    await session.execute(delete(PendingObjectRow).where(PendingObjectRow.object_key == in_force))
    return in_force


async def _enter_object(session: AsyncSession, kept: KeptObject, *, sha256: str, byte_count: int) -> str | None:
    """And the note about it goes. Nobody else sees the new row before the transaction ends.

    None when these bytes have a row already. Raises Unavailable where the note is gone, or claimed by a sweep.
    """
    given = {
        "object_key": kept.object_key,
        "sha256": sha256,
        "byte_count": byte_count,
        "sealed": kept.key_id is not None,
        "key_id": kept.key_id,
        "wrapped_key": kept.wrapped_key,
    }
    connection = await session.connection()
    found = await connection.exec_driver_sql(_ENTER.text, tuple(_ENTER.given(given)))
    row: Any = found.one_or_none()
    if row is None:
        return None
    entered, cleared = row
    if not cleared:
        raise Unavailable
    return str(entered)


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
