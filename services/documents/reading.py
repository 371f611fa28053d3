"""A file goes out: only to who may read it, and every view of a protected one is on record before its bytes leave."""

from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from services.common.db import Database
from services.common.tokens import Caller
from services.documents.byte_range import ByteRange, parse_range
from services.documents.document_answers import document_answer
from services.documents.keeping_objects import read_object
from services.documents.queries import DocumentFacts, readable_document
from services.documents.resources import Resources
from services.documents.schemas.documents import DocumentAnswer
from services.documents.tables import DocumentRow, DocumentViewRow

_EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}


@dataclass(frozen=True, slots=True)
class Conditions:
    """The conditional headers of a GET."""

    range: str | None
    if_range: str | None
    if_none_match: str | None


@dataclass(frozen=True, slots=True)
class Content:
    """Status 200, 206 or 304, with its headers."""

    status: int
    content: bytes
    media_type: str
    headers: dict[str, str]


async def read_document(resources: Resources, caller: Caller, document_id: UUID) -> DocumentAnswer:
    """Raises NotFound."""
    return document_answer(await _facts(resources, caller, document_id))


async def read_content(resources: Resources, caller: Caller, document_id: UUID, conditions: Conditions) -> Content:
    """Raises NotFound, RangeNotSatisfiable, StoredObjectDamaged, Unavailable."""
    facts = await _facts(resources, caller, document_id)
    document, stored, _ = facts
    etag = f'"{stored.sha256}"'
    headers = _headers(resources, facts, etag)
    if _matches(conditions.if_none_match, etag):
        return Content(304, b"", document.media_type, headers)
    wanted = _wanted_range(conditions, etag, size=stored.byte_count)
    content = await read_object(resources, stored)
    if stored.sealed:
        await _record_view(resources.database, caller, document)
    if wanted is None:
        return Content(200, content, document.media_type, headers)
    return Content(206, wanted.of(content), document.media_type, headers | {"Content-Range": wanted.content_range})


async def _facts(resources: Resources, caller: Caller, document_id: UUID) -> DocumentFacts:
    async with resources.database.reading() as session:
        return await readable_document(session, document_id, caller=caller, rules=resources.rules)


def _headers(resources: Resources, facts: DocumentFacts, etag: str) -> dict[str, str]:
    document, stored, bundle = facts
    return {
        "ETag": etag,
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-store" if stored.sealed else "private, no-cache",
        "Content-Disposition": _disposition(document, resources.rules.label_of(bundle.campaign_key, document.kind)),
    }


def _disposition(document: DocumentRow, label: str) -> str:
    """RFC 6266: an ASCII name for old clients, the Chinese one by RFC 5987."""
    extension = _EXTENSIONS[document.media_type]
    chinese = quote(f"{label}.{extension}", safe="")
    return f"inline; filename=\"{document.kind}.{extension}\"; filename*=UTF-8''{chinese}"


def _matches(if_none_match: str | None, etag: str) -> bool:
    tags = [tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")]
    return etag in tags or tags == ["*"]


def _wanted_range(conditions: Conditions, etag: str, *, size: int) -> ByteRange | None:
    if conditions.if_range is not None and conditions.if_range.strip() != etag:
        return None
    return parse_range(conditions.range, size=size)


async def _record_view(database: Database, caller: Caller, document: DocumentRow) -> None:
    async with database.transaction() as session:
        session.add(
            DocumentViewRow(
                document_id=document.id,
                viewer=caller.subject,
                viewer_name=caller.name,
                viewer_organisation=caller.organisation_name,
                viewer_roles=sorted(caller.roles),
            )
        )
