"""How far an upload is, chunk by chunk. Every chunk may be sent again, after a lost answer or a restart."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

import anyio.to_thread
from fastapi import UploadFile
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.common.callers.tokens import Caller
from services.documents.document_answers import document_answer
from services.documents.domain.chunk_grid import ChunkGrid
from services.documents.keeping_objects import clear_note, note_pending
from services.documents.problems import ChunkDiffers, ChunkMisplaced, UploadExpired, UploadFinished
from services.documents.queries import DocumentFacts
from services.documents.releasing import release_upload
from services.documents.resources import Resources
from services.documents.schemas.uploads import ByteSpan, StoreForm, UploadAnswer
from services.documents.upload_queries import (
    chunks_of,
    database_time,
    document_of,
    numbers_held,
    own_upload,
    unfinished_uploads,
)
from services.documents.upload_tables import UploadChunkRow, UploadRow
from services.documents.uploaded_bytes import UploadedBytes, read_upload


async def read_progress(resources: Resources, caller: Caller, upload_id: UUID) -> UploadAnswer:
    """Raises NotFound."""
    async with resources.database.reading() as session:
        upload = await own_upload(session, upload_id, person_id=caller.person_id)
        return await upload_answer(resources, session, upload)


async def list_unfinished(resources: Resources, caller: Caller) -> list[UploadAnswer]:
    async with resources.database.reading() as session:
        uploads = await unfinished_uploads(session, caller.person_id)
        held = await numbers_held(session, [upload.id for upload in uploads])
        return [_answer(resources, upload, held.get(upload.id, []), None) for upload in uploads]


async def add_chunk(
    resources: Resources, caller: Caller, upload_id: UUID, *, offset: int, file: UploadFile
) -> UploadAnswer:
    """Raises NotFound, UploadExpired, UploadFinished, ChunkMisplaced, ChunkDiffers, Unavailable."""
    async with resources.database.reading() as session:
        upload = await own_upload(session, upload_id, person_id=caller.person_id)
        await refuse_closed(session, upload)
        number = _number(upload, offset=offset, byte_count=file.size or 0)
        known = {chunk.number: chunk.sha256 for chunk in await chunks_of(session, upload_id)}
    chunk = await read_upload(file)
    if known.get(number, chunk.sha256) != chunk.sha256:
        raise ChunkDiffers
    if number not in known:
        await _keep(resources, upload, number, chunk)
    return await read_progress(resources, caller, upload_id)


async def abandon_upload(resources: Resources, caller: Caller, upload_id: UUID) -> UploadAnswer:
    """What was sent is dropped. A finished upload is a document and stays one. Raises NotFound, UploadFinished."""
    async with resources.database.transaction() as session:
        upload = await own_upload(session, upload_id, person_id=caller.person_id, lock=True)
        if upload.document_id is not None:
            raise UploadFinished
        answer = await upload_answer(resources, session, upload)
        await release_upload(session, upload)
        await session.delete(upload)
    return answer


async def refuse_closed(session: AsyncSession, upload: UploadRow) -> None:
    """Raises UploadFinished, UploadExpired."""
    if upload.document_id is not None:
        raise UploadFinished
    if upload.expires_at <= await database_time(session):
        raise UploadExpired


def _number(upload: UploadRow, *, offset: int, byte_count: int) -> int:
    if upload.chunk_bytes is None:
        raise ChunkMisplaced
    grid = ChunkGrid(upload.byte_count, upload.chunk_bytes)
    number = grid.number_at(offset)
    if number is None or byte_count != grid.length_of(number):
        raise ChunkMisplaced
    return number


async def _keep(resources: Resources, upload: UploadRow, number: int, chunk: UploadedBytes) -> None:
    """Sealed, noted, put, recorded. Of two that bring the same chunk at once the second one's object is swept."""
    key = f"chunks/{uuid7().hex}"
    sealed = await anyio.to_thread.run_sync(partial(resources.cipher.seal, chunk.content, object_key=key))
    await note_pending(resources.database, key)
    await resources.store.put(key, sealed.content, media_type="application/octet-stream")
    async with resources.database.transaction() as session:
        locked = await own_upload(session, upload.id, person_id=upload.person_id, lock=True)
        await refuse_closed(session, locked)
        added = await session.scalar(
            insert(UploadChunkRow)
            .values(
                upload_id=upload.id,
                number=number,
                byte_count=len(chunk.content),
                sha256=chunk.sha256,
                object_key=key,
                key_id=sealed.key_id,
                wrapped_key=sealed.wrapped_key,
            )
            .on_conflict_do_nothing()
            .returning(UploadChunkRow.number)
        )
        if added is not None:
            await clear_note(session, key)
        elif {each.number: each.sha256 for each in await chunks_of(session, upload.id)}[number] != chunk.sha256:
            raise ChunkDiffers


async def upload_answer(resources: Resources, session: AsyncSession, upload: UploadRow) -> UploadAnswer:
    held = await numbers_held(session, [upload.id])
    facts = await document_of(session, upload.document_id) if upload.document_id is not None else None
    return _answer(resources, upload, held.get(upload.id, []), facts)


def _answer(resources: Resources, upload: UploadRow, held: Sequence[int], facts: DocumentFacts | None) -> UploadAnswer:
    grid = ChunkGrid(upload.byte_count, upload.chunk_bytes) if upload.chunk_bytes is not None else None
    state = "finished" if upload.document_id else "refused" if upload.refused_at else "receiving"
    missing = grid.missing(held) if grid and state == "receiving" else []
    return UploadAnswer(
        id=upload.id,
        state="received" if grid and state == "receiving" and not missing else state,
        bundle_id=upload.bundle_id,
        kind=upload.kind,
        bytes=upload.byte_count,
        via="chunks" if grid else "store",
        chunk_bytes=upload.chunk_bytes,
        held=[ByteSpan.model_validate(span) for span in grid.spans(held)] if grid else [],
        missing=[ByteSpan.model_validate(span) for span in missing],
        form=_form(resources, upload) if state == "receiving" else None,
        expires_at=upload.expires_at,
        document=document_answer(resources.rules, facts) if facts is not None else None,
    )


def _form(resources: Resources, upload: UploadRow) -> StoreForm | None:
    if upload.incoming_key is None:
        return None
    fields = resources.store.post_form(upload.incoming_key, byte_count=upload.byte_count, until=upload.expires_at)
    return StoreForm(url=resources.store.post_url, fields=fields)
