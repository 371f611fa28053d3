"""A file comes in: may they, is it what it claims, keep the bytes, record the document."""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from fastapi.responses import JSONResponse
from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.idempotency import Answer, Claim, answer_once
from services.common.tokens import Caller
from services.documents.document_answers import described
from services.documents.domain.document_kind import DocumentKind
from services.documents.file_check import CheckedFile, check_file
from services.documents.keeping_objects import KeptObject, keep_object, record_object
from services.documents.problems import DocumentCountReached, KindNotYours
from services.documents.queries import CASE_SIDE, bundle_to_fill, documents_in_force, lock_bundle
from services.documents.resources import Resources
from services.documents.schemas.checks import FindingAnswer
from services.documents.tables import DocumentRow, IdempotencyKeyRow
from services.documents.uploaded_bytes import UploadedBytes


@dataclass(frozen=True, slots=True)
class Upload:
    """What somebody sends, and into which bundle."""

    bundle_id: UUID
    kind_key: str
    uploaded: UploadedBytes
    idempotency_key: str | None


@dataclass(frozen=True, slots=True)
class _Accepted:
    """A checked and stored file, ready to be recorded."""

    upload: Upload
    kind: DocumentKind
    checked: CheckedFile
    kept: KeptObject
    person_id: UUID


async def upload_document(resources: Resources, caller: Caller, upload: Upload) -> JSONResponse:
    """Inspects, then stores, then records. What only the record refuses leaves its object noted for the sweep.

    Raises NotFound, DocumentKindUnknown, KindNotYours, PhotoRejected, FileRefused, DocumentCountReached, Unavailable.
    """
    person_id = caller.person_id
    async with resources.database.reading() as session:
        bundle, own_side = await bundle_to_fill(session, upload.bundle_id, caller=caller)
    rules = resources.rules.of(bundle.campaign_key)
    kind = rules.kind(upload.kind_key)
    if not may_add(kind, own_side=own_side, caller=caller):
        raise KindNotYours
    profile = rules.photo_profile(kind.photo_profile) if kind.photo_profile else None
    checked = await check_file(resources.inspections, upload.uploaded.content, kind=kind, profile=profile)
    kept = await keep_object(resources, upload.uploaded, sealed=kind.encrypted, media_type=checked.media_type)
    accepted = _Accepted(upload, kind, checked, kept, person_id)
    claim = Claim(caller.subject, "upload_document", upload.idempotency_key, _content_of(upload))
    return await answer_once(resources.database, IdempotencyKeyRow, claim, partial(_record, accepted))


def may_add(kind: DocumentKind, *, own_side: bool, caller: Caller) -> bool:
    """The case's own side adds what its clerk reads. An official files what they read, and replaces nothing."""
    if own_side:
        return CASE_SIDE in kind.readers
    return kind.max_count > 1 and not caller.roles.isdisjoint(kind.readers)


def _content_of(upload: Upload) -> bytes:
    return f"{upload.uploaded.sha256} {upload.bundle_id} {upload.kind_key}".encode()


async def _record(accepted: _Accepted, session: AsyncSession) -> Answer:
    upload, checked = accepted.upload, accepted.checked
    await _make_room(session, accepted)
    object_key = await record_object(session, accepted.kept, upload.uploaded)
    document = DocumentRow(
        bundle_id=upload.bundle_id,
        kind=upload.kind_key,
        single=accepted.kind.max_count == 1,
        object_key=object_key,
        media_type=checked.media_type,
        width=checked.width,
        height=checked.height,
        verdict=checked.verdict,
        findings=[FindingAnswer.model_validate(finding).model_dump(mode="json") for finding in checked.findings],
        not_checked=list(checked.not_checked),
        uploaded_by=accepted.person_id,
    )
    session.add(document)
    await session.flush()
    answer = described(document, sha256=upload.uploaded.sha256, byte_count=len(upload.uploaded.content))
    return Answer(201, answer, {"Location": f"/v1/documents/{document.id}"})


async def _make_room(session: AsyncSession, accepted: _Accepted) -> None:
    """A single-count kind closes the one in force; of the others the limit holds."""
    upload = accepted.upload
    await lock_bundle(session, upload.bundle_id)
    in_force = await documents_in_force(session, upload.bundle_id, upload.kind_key)
    if accepted.kind.max_count > 1 and len(in_force) >= accepted.kind.max_count:
        raise DocumentCountReached
    if accepted.kind.max_count == 1:
        for document in in_force:
            document.replaced_at = func.clock_timestamp()  # not now(): the lock may have been waited for
        await session.flush()
