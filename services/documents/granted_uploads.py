"""Files from people without an account: the procedure grants them a few files of one kind, for a while (R58, R95).

The grant is shown once and kept as a hash. The same bytes sent again are the same document: a lost answer costs nothing.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

from fastapi import UploadFile
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.problems import NotFound
from services.documents.admission import Admission
from services.documents.audit import note
from services.documents.audit_table import PapersAction
from services.documents.document_answers import described
from services.documents.intake import Accepted, refuse_oversized, take_in
from services.documents.problems import ConsentMissing, DocumentCountReached, UploadGrantInvalid
from services.documents.queries import lock_bundle
from services.documents.recording import record_document
from services.documents.resources import Resources
from services.documents.schemas.documents import DocumentAnswer
from services.documents.schemas.grants import UploadGrantAnswer, UploadGrantRequest
from services.documents.tables import BundleRow, DocumentRow, StoredObjectRow
from services.documents.upload_tables import UploadGrantRow
from services.documents.uploaded_bytes import read_upload

_GRANT_BYTES = 24


@dataclass(frozen=True, slots=True)
class Grant:
    """What a grant that still runs allows."""

    admission: Admission
    max_count: int


async def grant_upload(resources: Resources, bundle_id: UUID, wanted: UploadGrantRequest) -> UploadGrantAnswer:
    """Raises NotFound, DocumentKindUnknown, ConsentMissing: whoever has no account cannot consent for another.

    Grants that are over go with it.
    """
    grant, now = secrets.token_urlsafe(_GRANT_BYTES), datetime.now(UTC)
    expires_at = now + timedelta(minutes=wanted.minutes)
    async with resources.database.transaction() as session:
        bundle = await session.get(BundleRow, bundle_id)
        if bundle is None:
            raise NotFound
        if resources.rules.of(bundle.campaign_key).kind(wanted.kind).consent_purpose is not None:
            raise ConsentMissing
        await session.execute(delete(UploadGrantRow).where(UploadGrantRow.expires_at < now))
        session.add(
            UploadGrantRow(
                grant_hash=_hash(grant),
                bundle_id=bundle_id,
                kind=wanted.kind,
                subject_id=wanted.subject_id,
                max_count=wanted.max_count,
                expires_at=expires_at,
            )
        )
        await note(session, PapersAction.GRANT_ISSUED, bundle=str(bundle_id), kind=wanted.kind, files=wanted.max_count)
    return UploadGrantAnswer(grant=grant, kind=wanted.kind, max_count=wanted.max_count, expires_at=expires_at)


async def upload_by_grant(resources: Resources, grant_text: str, file: UploadFile) -> DocumentAnswer:
    """Raises UploadGrantInvalid, DocumentCountReached, and what `take_in` raises."""
    grant = await _grant(resources, grant_text)
    refuse_oversized(grant.admission, file.size or 0)
    accepted = await take_in(resources, grant.admission, partial(read_upload, file))
    async with resources.database.transaction() as session:
        await lock_bundle(session, grant.admission.bundle_id)
        sent = await _sent(session, grant.admission)
        same = next((row for row in sent if row.received_sha256 == accepted.received_sha256), None)
        if same is not None:
            return await _described_again(session, same)
        if len(sent) >= grant.max_count:
            raise DocumentCountReached
        return _described(await record_document(session, accepted), accepted)


async def _grant(resources: Resources, grant_text: str) -> Grant:
    async with resources.database.reading() as session:
        row = await session.get(UploadGrantRow, _hash(grant_text))
        bundle = await session.get(BundleRow, row.bundle_id) if row is not None else None
    if row is None or bundle is None or row.expires_at <= datetime.now(UTC):
        raise UploadGrantInvalid
    kind = resources.rules.of(bundle.campaign_key).kind(row.kind)
    admission = Admission(
        bundle.id, row.kind, kind, None, row.subject_id, own_side=False, campaign_key=bundle.campaign_key
    )
    return Grant(admission, row.max_count)


async def _sent(session: AsyncSession, admission: Admission) -> list[DocumentRow]:
    """What came by grants for the same thing and is in force."""
    rows = await session.scalars(
        select(DocumentRow).where(
            DocumentRow.bundle_id == admission.bundle_id,
            DocumentRow.kind == admission.kind_key,
            DocumentRow.uploaded_by == admission.person_id,
            DocumentRow.replaced_at.is_(None),
        )
    )
    return list(rows)


async def _described_again(session: AsyncSession, document: DocumentRow) -> DocumentAnswer:
    stored = await session.get_one(StoredObjectRow, document.object_key)
    return described(document, sha256=stored.sha256, byte_count=stored.byte_count)


def _described(document: DocumentRow, accepted: Accepted) -> DocumentAnswer:
    return described(document, sha256=accepted.sha256, byte_count=accepted.byte_count)


def _hash(grant: str) -> bytes:
    """192 random bits need no salt and no slow hash."""
    return hashlib.sha256(grant.encode("utf-8", "replace")).digest()
