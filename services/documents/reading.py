"""A file goes out: only to who may read it, and every view is on record before its bytes leave."""

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote
from uuid import UUID

from services.common.answers.byte_range import wanted_range
from services.common.callers.tokens import Caller
from services.documents.document_answers import document_answer
from services.documents.domain.file_names import file_name
from services.documents.holding import refuse_held
from services.documents.keeping_objects import read_object
from services.documents.queries import DocumentFacts, readable_document
from services.documents.resources import Resources
from services.documents.schemas.documents import DocumentAnswer
from services.documents.viewer import Viewer, viewer_of
from services.documents.viewing import Shown, drawn, form_of, record_view

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
    return document_answer(resources.rules, await readable_facts(resources, caller, document_id))


async def readable_facts(resources: Resources, caller: Caller, document_id: UUID) -> DocumentFacts:
    """Raises NotFound."""
    async with resources.database.reading() as session:
        return await readable_document(session, document_id, caller=caller, rules=resources.rules)


async def read_content(resources: Resources, caller: Caller, document_id: UUID, conditions: Conditions) -> Content:
    """Raises NotFound and what `show` raises."""
    facts = await readable_facts(resources, caller, document_id)
    return await show(resources, viewer_of(caller), facts, conditions)


async def read_thumbnail(resources: Resources, caller: Caller, document_id: UUID, conditions: Conditions) -> Content:
    """Raises NotFound and what `show` raises."""
    facts = await readable_facts(resources, caller, document_id)
    return await show(resources, viewer_of(caller), facts, conditions, thumbnail=True)


async def show(
    resources: Resources, viewer: Viewer, facts: DocumentFacts, conditions: Conditions, *, thumbnail: bool = False
) -> Content:
    """Raises DocumentHeld, RangeNotSatisfiable, StoredObjectDamaged, ThumbnailUnavailable, InspectionsBusy, Unavailable."""
    document, stored, _ = facts
    refuse_held(resources.rules, facts)
    form = form_of(resources, viewer, facts)
    headers = _headers(resources, facts, form, thumbnail=thumbnail)
    if _matches(conditions.if_none_match, headers.get("ETag")):
        return Content(304, b"", document.media_type, headers)
    if form == "original" and not thumbnail:
        return await _show_original(resources, viewer, facts, conditions, headers)
    original = await read_object(resources, stored)
    picture = await drawn(resources, viewer, facts, original, now=datetime.now(UTC), thumbnail=thumbnail)
    await record_view(resources, viewer, document, as_what="thumbnail" if thumbnail else form, sealed=stored.sealed)
    return Content(200, picture, "image/jpeg", headers)


async def _show_original(
    resources: Resources, viewer: Viewer, facts: DocumentFacts, conditions: Conditions, headers: dict[str, str]
) -> Content:
    document, stored, _ = facts
    wanted = wanted_range(conditions.range, conditions.if_range, etag=headers["ETag"], size=stored.byte_count)
    content = await read_object(resources, stored)
    await record_view(resources, viewer, document, as_what="original", sealed=stored.sealed)
    if wanted is None:
        return Content(200, content, document.media_type, headers)
    return Content(206, wanted.of(content), document.media_type, headers | {"Content-Range": wanted.content_range})


def _headers(resources: Resources, facts: DocumentFacts, form: Shown, *, thumbnail: bool) -> dict[str, str]:
    """What is drawn anew for each viewer has no ETag and no ranges; nothing of a sealed file is kept by a client."""
    document, stored, _ = facts
    drawn_anew = form == "watermarked" or thumbnail
    headers = {
        "Accept-Ranges": "none" if drawn_anew else "bytes",
        "Cache-Control": "private, no-store" if stored.sealed else "private, no-cache",
        "Content-Disposition": _disposition(
            resources, facts, "jpg" if drawn_anew else _EXTENSIONS[document.media_type]
        ),
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    if form == "watermarked":
        return headers
    return headers | {"ETag": f'"{stored.sha256}-thumbnail"' if thumbnail else f'"{stored.sha256}"'}


def _disposition(resources: Resources, facts: DocumentFacts, extension: str) -> str:
    """RFC 6266: an ASCII name for old clients, the Chinese one by RFC 5987."""
    document, _, bundle = facts
    kind = resources.rules.kind_of(bundle.campaign_key, document.kind)
    chinese = file_name(
        stem=bundle.file_stem,
        label=document.kind if kind is None else kind.label,
        ordinal=document.ordinal,
        is_portrait=kind is not None and kind.photo_profile is not None,
        several=not document.single,
        extension=extension,
    )
    return f"inline; filename=\"{document.kind}.{extension}\"; filename*=UTF-8''{quote(chinese, safe='')}"


def _matches(if_none_match: str | None, etag: str | None) -> bool:
    tags = [tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")]
    return etag is not None and (etag in tags or tags == ["*"])
