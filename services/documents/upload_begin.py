"""An upload begins: bounded in number per person, and answered at once when the same file is held already."""

from datetime import timedelta
from functools import partial

from fastapi.responses import JSONResponse
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.common.callers.tokens import Caller
from services.common.repeats.idempotency import Answer, Claim, content_of
from services.documents.admission import Admission, admit
from services.documents.consenting import ConsentGiven, consent_columns, with_consent
from services.documents.intake import refuse_oversized
from services.documents.problems import DirectUploadRefused, TooManyOpenUploads
from services.documents.releasing import release_upload
from services.documents.resources import Resources
from services.documents.schemas.uploads import UploadRequest
from services.documents.upload_progress import upload_answer
from services.documents.upload_queries import database_time, open_uploads, same_file_held
from services.documents.upload_tables import UploadRow


async def begin_upload(
    resources: Resources, caller: Caller, wanted: UploadRequest, given: ConsentGiven, *, idempotency_key: str | None
) -> JSONResponse:
    """Raises what `admit` and `with_consent` raise, FileTooLarge, DirectUploadRefused, TooManyOpenUploads."""
    admission = await admit(resources, caller, bundle_id=wanted.bundle_id, kind_key=wanted.kind)
    admission = await with_consent(resources, admission, given)
    refuse_oversized(admission, wanted.bytes)
    if wanted.via == "store" and (admission.kind.encrypted or not resources.settings.s3_public_url):
        raise DirectUploadRefused  # what is kept sealed never lies in clear, not even on its way
    claim = Claim(caller.subject, "begin_upload", idempotency_key, content_of(wanted))
    return await resources.answers.once(claim, partial(_begin, resources, admission, wanted))


async def _begin(resources: Resources, admission: Admission, wanted: UploadRequest, session: AsyncSession) -> Answer:
    now = await database_time(session)
    upload = UploadRow(
        id=uuid7(),
        person_id=admission.person_id,
        bundle_id=wanted.bundle_id,
        kind=wanted.kind,
        byte_count=wanted.bytes,
        sha256=wanted.sha256,
        chunk_bytes=wanted.chunk_bytes if wanted.via == "chunks" else None,
        incoming_key=f"incoming/{uuid7().hex}" if wanted.via == "store" else None,
        expires_at=now + timedelta(hours=resources.settings.upload_hours),
        **consent_columns(admission.consent),
    )
    if wanted.sha256 is not None:
        held = await same_file_held(
            session,
            person_id=admission.person_id,
            bundle_id=wanted.bundle_id,
            kind=wanted.kind,
            sha256=wanted.sha256,
        )
        upload.document_id = held.id if held is not None else None
    if upload.document_id is None:
        await _make_room(resources, session, admission)
    session.add(upload)
    await session.flush()
    return Answer(
        201, await upload_answer(resources, session, upload), {"Location": f"/v1/documents/uploads/{upload.id}"}
    )


async def _make_room(resources: Resources, session: AsyncSession, admission: Admission) -> None:
    """A refused file gives way to the next try; unfinished ones do not."""
    now = await database_time(session)
    uploads = await open_uploads(session, admission.person_id, now=now)
    surplus = len(uploads) + 1 - resources.settings.open_uploads_per_person
    for upload in uploads[: max(0, surplus)]:
        if upload.refused_at is None:
            raise TooManyOpenUploads
        await release_upload(session, upload)
        await session.execute(delete(UploadRow).where(UploadRow.id == upload.id))
