"""The whole file was sent: put together, proven by its SHA-256, taken in like any other. Finished twice is finished once."""

import hashlib
from collections.abc import Sequence
from functools import partial
from uuid import UUID

import anyio.to_thread
from fastapi.responses import JSONResponse
from sqlalchemy import delete, func, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.callers.tokens import Caller
from services.documents.admission import admit
from services.documents.consenting import consent_of, with_earlier_consent
from services.documents.document_answers import document_answer
from services.documents.domain.chunk_grid import ChunkGrid
from services.documents.encryption import SealBrokenError, SealedObject
from services.documents.intake import Accepted, take_in
from services.documents.object_store import ObjectMissingError
from services.documents.problems import (
    ChecksumMismatch,
    FileRefused,
    PhotoRejected,
    StoredObjectDamaged,
    UploadExpired,
    UploadIncomplete,
)
from services.documents.recording import record_document, recorded
from services.documents.releasing import release_upload
from services.documents.resources import Resources
from services.documents.schemas.documents import DocumentAnswer
from services.documents.schemas.uploads import UploadCompletion
from services.documents.upload_progress import refuse_closed
from services.documents.upload_queries import chunks_of, document_of, own_upload
from services.documents.upload_tables import UploadChunkRow, UploadRow
from services.documents.uploaded_bytes import UploadedBytes


async def finish_upload(
    resources: Resources, caller: Caller, upload_id: UUID, wanted: UploadCompletion
) -> JSONResponse:
    """Raises what `admit`, `take_in` and `record_document` raise, UploadExpired, UploadIncomplete, ChecksumMismatch."""
    async with resources.database.reading() as session:
        upload = await own_upload(session, upload_id, person_id=caller.person_id)
        done = await _answered_before(session, resources, upload)
        if done is not None:
            return done
        await refuse_closed(session, upload)
    admission = await admit(resources, caller, bundle_id=upload.bundle_id, kind_key=upload.kind)
    admission = with_earlier_consent(admission, consent_of(upload))
    try:
        accepted = await take_in(resources, admission, partial(_whole, resources, upload, wanted))
    except (FileRefused, PhotoRejected):
        await _note_refusal(resources, upload)
        raise
    async with resources.database.transaction() as session:
        return await _record(session, resources, upload, accepted, wanted)


async def _answered_before(session: AsyncSession, resources: Resources, upload: UploadRow) -> JSONResponse | None:
    if upload.document_id is None:
        return None
    facts = await document_of(session, upload.document_id)
    if facts is None:
        raise UploadExpired
    return _answer(document_answer(resources.rules, facts))


async def _record(
    session: AsyncSession, resources: Resources, upload: UploadRow, accepted: Accepted, wanted: UploadCompletion
) -> JSONResponse:
    locked = await own_upload(session, upload.id, person_id=upload.person_id, lock=True)
    done = await _answered_before(session, resources, locked)
    if done is not None:
        return done
    document = await record_document(session, accepted, replaces=wanted.replaces)
    locked.document_id, locked.refused_at = document.id, None
    await release_upload(session, locked)
    body = recorded(document, accepted).body
    assert isinstance(body, DocumentAnswer)
    return _answer(body)


def _answer(document: DocumentAnswer) -> JSONResponse:
    headers = {"Location": f"/v1/documents/{document.id}"}
    return JSONResponse(document.model_dump(mode="json"), 201, headers=headers)


async def _note_refusal(resources: Resources, upload: UploadRow) -> None:
    """Asked to finish again, it says the same again; but it gives way when its person begins too many."""
    async with resources.database.transaction() as session:
        await session.execute(
            update(UploadRow)
            .where(UploadRow.id == upload.id, UploadRow.document_id.is_(None))
            .values(refused_at=func.now())
        )


async def _whole(resources: Resources, upload: UploadRow, wanted: UploadCompletion) -> UploadedBytes:
    """Never more than the declared size in memory. Raises UploadIncomplete, ChecksumMismatch, StoredObjectDamaged."""
    read = _from_store if upload.chunk_bytes is None else _from_chunks
    try:
        content = await read(resources, upload)
    except ObjectMissingError:
        raise UploadIncomplete from None
    except SealBrokenError:
        raise StoredObjectDamaged from None
    sha256 = await anyio.to_thread.run_sync(lambda: hashlib.sha256(content).hexdigest())
    if {sha256} != {wanted.sha256, upload.sha256 or sha256}:
        raise ChecksumMismatch
    return UploadedBytes(content, sha256)


async def _from_store(resources: Resources, upload: UploadRow) -> bytes:
    """The size is asked first: what another hand put there is not read into memory."""
    assert upload.incoming_key is not None
    if await resources.store.size(upload.incoming_key) != upload.byte_count:
        raise UploadIncomplete
    return await resources.store.get(upload.incoming_key)


async def _from_chunks(resources: Resources, upload: UploadRow) -> bytes:
    assert upload.chunk_bytes is not None
    async with resources.database.reading() as session:
        chunks = await chunks_of(session, upload.id)
    if ChunkGrid(upload.byte_count, upload.chunk_bytes).missing(chunk.number for chunk in chunks):
        raise UploadIncomplete
    whole, gone = bytearray(), list[str]()
    for chunk in chunks:
        try:
            stored = await resources.store.get(chunk.object_key)
        except ObjectMissingError:
            gone.append(chunk.object_key)
            continue
        sealed = SealedObject(stored, chunk.key_id, chunk.wrapped_key)
        whole += await anyio.to_thread.run_sync(partial(resources.cipher.open, sealed, object_key=chunk.object_key))
    if gone:
        await _forget_chunks(resources, gone)
        raise UploadIncomplete
    return bytes(whole)


async def _forget_chunks(resources: Resources, object_keys: Sequence[str]) -> None:
    """A restore brings their rows back without their bytes: forgotten, they are missing, and taken when they come again."""
    async with resources.database.transaction() as session:
        await session.execute(delete(UploadChunkRow).where(UploadChunkRow.object_key.in_(object_keys)))
