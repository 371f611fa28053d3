"""Housekeeping, safe in several replicas at once: expired uploads and links, orphaned objects."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CursorResult, delete

from services.common.problems import Problem
from services.documents.erasing import drop_stranded
from services.documents.life_tables import DocumentLinkRow
from services.documents.orphans import remove_orphans
from services.documents.releasing import release_upload
from services.documents.resources import Resources
from services.documents.upload_queries import database_time, expired_uploads
from services.documents.upload_tables import UploadRow

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Swept:
    """How much went."""

    uploads: int
    links: int
    objects: int


async def sweep(resources: Resources) -> Swept:
    """Gives what was removed. Raises Unavailable when PostgreSQL or the store is away; the next one goes on from there."""
    async with resources.database.reading() as session:
        now = await database_time(session)
    uploads = await _expire_uploads(resources, now=now)
    async with resources.database.transaction() as session:
        gone = await session.execute(delete(DocumentLinkRow).where(DocumentLinkRow.expires_at <= now))
    async with resources.database.transaction() as session:
        await drop_stranded(session, now=now)
    assert isinstance(gone, CursorResult)
    return Swept(uploads, gone.rowcount, await remove_orphans(resources, now=now))


async def _expire_uploads(resources: Resources, *, now: datetime) -> int:
    async with resources.database.transaction() as session:
        expired = await expired_uploads(session, now=now)
        for upload in expired:
            if upload.document_id is None:
                await release_upload(session, upload)
            await session.execute(delete(UploadRow).where(UploadRow.id == upload.id))
    return len(expired)


async def sweep_regularly(resources: Resources, *, minutes: int) -> None:
    """Runs until it is cancelled. No trouble ends it: it says so in the log and tries again the next time."""
    while True:
        await asyncio.sleep(minutes * 60)
        try:
            swept = await sweep(resources)
        except Problem as trouble:
            log.warning("sweep put off", extra={"error": trouble.code})
        except Exception as error:
            log.exception("sweep failed", extra={"error": type(error).__name__})
        else:
            log.info("swept", extra={"uploads": swept.uploads, "links": swept.links, "objects": swept.objects})
