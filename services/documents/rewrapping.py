"""A new service key: the data keys of all sealed objects are wrapped anew. No object is read or written."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from services.documents.audit import note
from services.documents.audit_table import PapersAction
from services.documents.life_tables import CardReadingRow
from services.documents.resources import Resources
from services.documents.tables import StoredObjectRow
from services.documents.upload_tables import UploadChunkRow

_AT_A_TIME = 200


async def rewrap(resources: Resources) -> int:
    """Gives the number of data keys and kept answers. Safe to break off and repeat.

    Raises SealBrokenError, AnswerSealBrokenError for a key that nobody holds.
    """
    done = sum([await _rewrap(resources, table) for table in (StoredObjectRow, UploadChunkRow, CardReadingRow)])
    done += await resources.answers.reseal()
    async with resources.database.transaction() as session:
        await note(session, PapersAction.KEYS_REWRAPPED, keys=done, key_id=resources.cipher.key_id)
    return done


async def _rewrap(
    resources: Resources, table: type[StoredObjectRow] | type[UploadChunkRow] | type[CardReadingRow]
) -> int:
    cipher, done = resources.cipher, 0
    while True:
        async with resources.database.transaction() as session:
            found = await session.scalars(
                select(table).where(table.key_id != cipher.key_id).limit(_AT_A_TIME).with_for_update()
            )
            rows: Sequence[Any] = found.all()
            for row in rows:
                row.wrapped_key = cipher.rewrap(
                    key_id=row.key_id, wrapped_key=row.wrapped_key, object_key=row.object_key
                )
                row.key_id = cipher.key_id
        done += len(rows)
        if len(rows) < _AT_A_TIME:
            return done
