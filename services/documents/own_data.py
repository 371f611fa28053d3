"""What documents holds about a person, and who was shown it: for that person alone (PIPL 第四十五条)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from services.documents.campaign_rules import CampaignRules
from services.documents.erasure_records import reason_noted
from services.documents.life_tables import DocumentErasureRow
from services.documents.queries import of_the_case_itself
from services.documents.tables import BundleRow, DocumentRow, DocumentViewRow, StoredObjectRow


@dataclass(frozen=True, slots=True)
class HeldPaper:
    """One paper of the person's own cases; of an erased one what the record of its erasure keeps."""

    id: UUID
    bundle_id: UUID
    campaign_key: str
    kind: str
    sha256: str
    bytes: int
    uploaded_at: datetime
    replaced_at: datetime | None
    erased_at: datetime | None
    erased_by_rule: str | None
    erasure_reason: str | None


@dataclass(frozen=True, slots=True)
class PaperView:
    """One look at one of the person's papers."""

    id: UUID
    document_id: UUID
    kind: str
    viewer_name: str
    viewer_organisation: str
    viewer_roles: list[str]
    shown: str
    viewed_at: datetime


async def papers_of(
    session: AsyncSession, person_id: UUID, *, rules: CampaignRules, before: UUID | None, limit: int
) -> Sequence[HeldPaper]:
    """The newest first, replaced and erased ones too; nothing that others filed with the case about the person."""
    stored, erasure = StoredObjectRow, DocumentErasureRow
    query = (
        select(DocumentRow, BundleRow.campaign_key, stored.sha256, stored.byte_count, erasure)
        .join(BundleRow, BundleRow.id == DocumentRow.bundle_id)
        .outerjoin(stored, stored.object_key == DocumentRow.object_key)
        .outerjoin(erasure, erasure.document_id == DocumentRow.id)
        .where(BundleRow.owner_person_id == person_id, of_the_case_itself(rules, [person_id]))
        .order_by(DocumentRow.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(DocumentRow.id < before)
    return [
        HeldPaper(
            document.id,
            document.bundle_id,
            campaign,
            document.kind,
            sha256 or (erased.sha256 if erased else document.received_sha256),
            size or (erased.byte_count if erased else 0),
            document.uploaded_at,
            document.replaced_at,
            document.erased_at,
            erased.rule if erased else None,
            reason_noted(erased) if erased else None,
        )
        for document, campaign, sha256, size, erased in await session.execute(query)
    ]


async def views_of_papers_of(
    session: AsyncSession,
    person_id: UUID,
    *,
    rules: CampaignRules,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> Sequence[PaperView]:
    """The newest first."""
    view = DocumentViewRow
    query = (
        select(
            view.id,
            view.document_id,
            DocumentRow.kind,
            view.viewer_name,
            view.viewer_organisation,
            view.viewer_roles,
            view.shown,
            view.viewed_at,
        )
        .join(DocumentRow, DocumentRow.id == view.document_id)
        .join(BundleRow, BundleRow.id == DocumentRow.bundle_id)
        .where(BundleRow.owner_person_id == person_id, of_the_case_itself(rules, [person_id]))
        .order_by(view.viewed_at.desc(), view.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(tuple_(view.viewed_at, view.id) < before)
    return [PaperView(*row) for row in await session.execute(query)]
