"""Do the objects hold what the rows say? Every object read, opened and hashed; what does not fit is named."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import select

from services.documents.encryption import SealBrokenError
from services.documents.keeping_objects import opened
from services.documents.object_store import ObjectMissingError
from services.documents.resources import Resources
from services.documents.tables import DocumentRow, StoredObjectRow

_AT_A_TIME = 100


@dataclass(frozen=True, slots=True)
class Verified:
    """One object: `intact`, `missing` from the store, `damaged`: other bytes, or `locked`: no key of the settings opens it."""

    object_key: str
    state: Literal["intact", "missing", "damaged", "locked"]
    document_ids: tuple[UUID, ...] = ()
    """Which documents it is, of an object that is not intact."""


async def verify(resources: Resources) -> AsyncIterator[Verified]:
    """Goes through all objects, one in memory at a time. Raises Unavailable when the store is away: that is no damage."""
    after = ""
    while True:
        async with resources.database.reading() as session:
            found = await session.scalars(
                select(StoredObjectRow)
                .where(StoredObjectRow.object_key > after)
                .order_by(StoredObjectRow.object_key)
                .limit(_AT_A_TIME)
            )
            rows = found.all()
        for row in rows:
            yield await _verify(resources, row)
        if len(rows) < _AT_A_TIME:
            return
        after = rows[-1].object_key


async def _verify(resources: Resources, row: StoredObjectRow) -> Verified:
    try:
        await opened(resources, row)
    except ObjectMissingError:
        return Verified(row.object_key, "missing", await _documents(resources, row.object_key))
    except SealBrokenError:
        locked = row.key_id is not None and not resources.cipher.holds(row.key_id)
        return Verified(row.object_key, "locked" if locked else "damaged", await _documents(resources, row.object_key))
    return Verified(row.object_key, "intact")


async def _documents(resources: Resources, object_key: str) -> tuple[UUID, ...]:
    async with resources.database.reading() as session:
        found = await session.scalars(
            select(DocumentRow.id).where(DocumentRow.object_key == object_key).order_by(DocumentRow.id)
        )
        return tuple(found)
