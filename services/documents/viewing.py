"""Who looks, what they are shown of a file, and the record of it, made before its bytes leave."""

import logging
from datetime import datetime
from functools import partial
from typing import Literal
from uuid import UUID

from services.common.callers.tokens import Caller
from services.common.china_time import CHINA
from services.common.lists.paging import page_token
from services.common.worker_pool import JobTimeout, WorkerCrashed, WorkerPoolError
from services.documents.audit import note_view
from services.documents.problems import InspectionsBusy, ThumbnailUnavailable
from services.documents.queries import DocumentFacts, subjects_document, views_of
from services.documents.resources import Resources
from services.documents.schemas.views import DocumentViewAnswer, DocumentViewsPage
from services.documents.showing.pages import first_page
from services.documents.showing.pictures import LONGEST_SHOWN, LONGEST_THUMBNAIL, shown
from services.documents.tables import DocumentRow, DocumentViewRow
from services.documents.viewer import Viewer

log = logging.getLogger(__name__)
Shown = Literal["original", "watermarked", "thumbnail"]


def form_of(resources: Resources, viewer: Viewer, facts: DocumentFacts) -> Shown:
    """People see a watermarked kind with their name burnt in; only services, which print forms, see it as it is."""
    document, stored, bundle = facts
    kind = resources.rules.kind_of(bundle.campaign_key, document.kind)
    marked = kind.watermarked if kind is not None else stored.sealed and document.media_type != "application/pdf"
    return "watermarked" if marked and not viewer.is_service else "original"


async def drawn(
    resources: Resources, viewer: Viewer, facts: DocumentFacts, content: bytes, *, now: datetime, thumbnail: bool
) -> bytes:
    """Raises ThumbnailUnavailable for what cannot be drawn, InspectionsBusy when too much waits for a worker."""
    document, _, bundle = facts
    lines: tuple[str, ...] = ()
    if form_of(resources, viewer, facts) == "watermarked":
        campaign = resources.rules.campaign_label(bundle.campaign_key)
        lines = (f"仅供{campaign}使用", f"{viewer.name} 查看", f"{now.astimezone(CHINA):%Y-%m-%d %H:%M}")
    longest = LONGEST_THUMBNAIL if thumbnail else LONGEST_SHOWN
    draw = first_page if document.media_type == "application/pdf" else shown
    try:
        picture = await resources.inspections.run(partial(draw, longest=longest, watermark=lines), content)
    except (JobTimeout, WorkerCrashed):
        raise ThumbnailUnavailable from None
    except WorkerPoolError:
        raise InspectionsBusy from None
    except Exception as error:  # noqa: BLE001  a picture that was taken before whatever shows it was asked
        log.warning("a document cannot be drawn", extra={"document": str(document.id), "error": type(error).__name__})
        raise ThumbnailUnavailable from None
    if picture is None:
        raise ThumbnailUnavailable
    return picture


async def record_view(
    resources: Resources, viewer: Viewer, document: DocumentRow, *, as_what: Shown, sealed: bool
) -> None:
    """Of a sealed kind also in the security log, in the same transaction."""
    async with resources.database.transaction() as session:
        session.add(
            DocumentViewRow(
                document_id=document.id,
                viewer=viewer.subject,
                viewer_name=viewer.name,
                viewer_organisation=viewer.organisation,
                viewer_roles=list(viewer.roles),
                shown=as_what,
            )
        )
        if sealed:
            await note_view(session, viewer, document.id, kind=document.kind, shown=as_what)


async def list_views(
    resources: Resources, caller: Caller, document_id: UUID, *, after: UUID | None, page_size: int
) -> DocumentViewsPage:
    """For the person whose paper it is, also of papers erased since; for a collective its unit's clerk. Raises NotFound."""
    async with resources.database.reading() as session:
        await subjects_document(session, document_id, caller=caller, rules=resources.rules)
        rows = await views_of(session, document_id, after=after, limit=page_size + 1)
    items = [DocumentViewAnswer.model_validate(row) for row in rows[:page_size]]
    more = len(rows) > page_size
    return DocumentViewsPage(items=items, next_page_token=page_token(rows[page_size - 1].id) if more else None)
