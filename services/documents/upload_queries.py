"""Every SELECT about uploads on their way. An upload exists for the person who began it, and for nobody else."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.problems import NotFound
from services.documents.queries import DocumentFacts
from services.documents.tables import BundleRow, DocumentRow, StoredObjectRow
from services.documents.upload_tables import UploadChunkRow, UploadRow


async def own_upload(session: AsyncSession, upload_id: UUID, *, person_id: UUID, lock: bool = False) -> UploadRow:
    """Raises NotFound."""
    query = select(UploadRow).where(UploadRow.id == upload_id, UploadRow.person_id == person_id)
    found: UploadRow | None = await session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


async def chunks_of(session: AsyncSession, upload_id: UUID) -> Sequence[UploadChunkRow]:
    found = await session.scalars(
        select(UploadChunkRow).where(UploadChunkRow.upload_id == upload_id).order_by(UploadChunkRow.number)
    )
    return found.all()


async def numbers_held(session: AsyncSession, upload_ids: Collection[UUID]) -> Mapping[UUID, list[int]]:
    """Of each upload the chunks that came; nothing for one of which none did."""
    held: dict[UUID, list[int]] = {}
    columns = (UploadChunkRow.upload_id, UploadChunkRow.number)
    for upload_id, number in await session.execute(select(*columns).where(UploadChunkRow.upload_id.in_(upload_ids))):
        held.setdefault(upload_id, []).append(number)
    return held


async def unfinished_uploads(session: AsyncSession, person_id: UUID) -> Sequence[UploadRow]:
    """The oldest first; as many as a person may have open."""
    mine = (UploadRow.person_id == person_id, UploadRow.document_id.is_(None))
    found = await session.scalars(
        select(UploadRow).where(*mine, UploadRow.expires_at > func.now()).order_by(UploadRow.id)
    )
    return found.all()


async def open_uploads(session: AsyncSession, person_id: UUID, *, now: datetime) -> Sequence[UploadRow]:
    """Those begun and neither finished nor expired, refused ones first. Nobody else begins one for them meanwhile."""
    await session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:person, 5))"), {"person": str(person_id)}
    )
    found = await session.scalars(
        select(UploadRow)
        .where(UploadRow.person_id == person_id, UploadRow.document_id.is_(None), UploadRow.expires_at > now)
        .order_by(UploadRow.refused_at.nulls_last(), UploadRow.id)
    )
    return found.all()


async def expired_uploads(session: AsyncSession, *, now: datetime) -> Sequence[UploadRow]:
    found = await session.scalars(
        select(UploadRow).where(UploadRow.expires_at <= now).limit(500).with_for_update(skip_locked=True)
    )
    return found.all()


async def document_of(session: AsyncSession, document_id: UUID) -> DocumentFacts | None:
    """What an upload of the caller's became; None when it was erased since."""
    found = await session.execute(_facts().where(DocumentRow.id == document_id))
    row = found.one_or_none()
    return None if row is None else (row[0], row[1], row[2])


async def same_file_held(
    session: AsyncSession, *, person_id: UUID, bundle_id: UUID, kind: str, sha256: str
) -> DocumentRow | None:
    """A document in force that this very person uploaded from the same bytes: nobody learns what others hold."""
    found: DocumentRow | None = await session.scalar(
        select(DocumentRow)
        .where(
            DocumentRow.uploaded_by == person_id,
            DocumentRow.bundle_id == bundle_id,
            DocumentRow.kind == kind,
            DocumentRow.received_sha256 == sha256,
            DocumentRow.replaced_at.is_(None),
            DocumentRow.erased_at.is_(None),
        )
        .order_by(DocumentRow.id)
        .limit(1)
    )
    return found


async def database_time(session: AsyncSession) -> datetime:
    """One clock for all replicas decides what has expired."""
    moment: datetime = (await session.scalars(select(func.clock_timestamp()))).one()
    return moment


def _facts() -> Select[DocumentRow, StoredObjectRow, BundleRow]:
    return (
        select(DocumentRow, StoredObjectRow, BundleRow)
        .join(StoredObjectRow, StoredObjectRow.object_key == DocumentRow.object_key)
        .join(BundleRow, BundleRow.id == DocumentRow.bundle_id)
    )
