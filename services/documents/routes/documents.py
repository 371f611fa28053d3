"""Documents: facts, bytes, thumbnails, links, who looked."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Path, Response

from services.common.answers.strict_json import StrictRoute
from services.common.callers.tokens import CurrentCaller
from services.common.lists.paging import AfterId, PageSize
from services.common.problem_schema import answers
from services.common.problems import (
    Forbidden,
    MalformedJson,
    NotFound,
    RangeNotSatisfiable,
    Unavailable,
    Unprocessable,
)
from services.documents.linking import make_link, open_link
from services.documents.problems import (
    BundleFrozen,
    DocumentHeld,
    InspectionsBusy,
    KindNotYours,
    LinkExpired,
    StoredObjectDamaged,
    ThumbnailUnavailable,
)
from services.documents.reading import Conditions, Content, read_content, read_document, read_thumbnail
from services.documents.resources import TheResources
from services.documents.routes.refusals import SIGNED_IN
from services.documents.schemas.documents import DocumentAnswer
from services.documents.schemas.links import LinkAnswer, LinkRequest
from services.documents.schemas.views import DocumentViewsPage
from services.documents.viewing import list_views
from services.documents.withdrawing import withdraw_document

routes = APIRouter(tags=["documents"], route_class=StrictRoute)

_FILES = ("image/jpeg", "image/png", "application/pdf")
_SHOWN = (
    DocumentHeld,
    RangeNotSatisfiable,
    StoredObjectDamaged,
    ThumbnailUnavailable,
    InspectionsBusy,
    Unprocessable,
)


def _bytes_answer(description: str) -> dict[str, Any]:
    binary = {"schema": {"type": "string", "format": "binary"}}
    return {"description": description, "content": dict.fromkeys(_FILES, binary)}


_BYTES: dict[int | str, dict[str, Any]] = {
    200: _bytes_answer("The file"),
    206: _bytes_answer("The part of the file that `Range` asks for"),
    304: {"description": "The file is the one whose ETag was sent"},
}


async def _conditions(
    wanted: Annotated[str | None, Header(alias="Range", examples=["bytes=0-1023"])] = None,
    if_range: Annotated[str | None, Header()] = None,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Conditions:
    return Conditions(wanted, if_range, if_none_match)


TheConditions = Annotated[Conditions, Depends(_conditions)]


def _answer(read: Content) -> Response:
    return Response(read.content, read.status, headers=read.headers, media_type=read.media_type)


@routes.get("/v1/documents/{document_id}", responses=answers(*SIGNED_IN, NotFound, Unprocessable))
async def get_document(document_id: UUID, resources: TheResources, caller: CurrentCaller) -> DocumentAnswer:
    """材料信息。The facts about a document."""
    return await read_document(resources, caller, document_id)


@routes.delete(
    "/v1/documents/{document_id}",
    responses=answers(*SIGNED_IN, Forbidden, KindNotYours, NotFound, BundleFrozen, Unprocessable),
)
async def withdraw_own_document(document_id: UUID, resources: TheResources, caller: CurrentCaller) -> DocumentAnswer:
    """撤下一份材料。It counts no longer; it is kept like a replaced one until its retention ends."""
    return await withdraw_document(resources, caller, document_id)


@routes.get(
    "/v1/documents/{document_id}/content",
    response_class=Response,
    responses={**_BYTES, **answers(*SIGNED_IN, NotFound, *_SHOWN)},
)
async def get_document_content(
    document_id: UUID, resources: TheResources, caller: CurrentCaller, conditions: TheConditions
) -> Response:
    """材料原件。

    The file. Of ID cards a JPEG with the viewer's name burnt in, without ETag and ranges. Every view is recorded.
    """
    return _answer(await read_content(resources, caller, document_id, conditions))


@routes.get(
    "/v1/documents/{document_id}/thumbnail",
    response_class=Response,
    responses={**_BYTES, **answers(*SIGNED_IN, NotFound, *_SHOWN)},
)
async def get_document_thumbnail(
    document_id: UUID, resources: TheResources, caller: CurrentCaller, conditions: TheConditions
) -> Response:
    """缩略图。A JPEG of at most 320 pixels; of a PDF its first page."""
    return _answer(await read_thumbnail(resources, caller, document_id, conditions))


@routes.post(
    "/v1/documents/{document_id}/links",
    status_code=201,
    responses=answers(*SIGNED_IN, MalformedJson, Forbidden, NotFound, DocumentHeld, Unprocessable),
)
async def create_document_link(
    document_id: UUID, wanted: LinkRequest, resources: TheResources, caller: CurrentCaller
) -> LinkAnswer:
    """十分钟内有效的链接（wx.previewImage、wx.downloadFile 无需带头）。An address that needs no header, for ten minutes."""
    return await make_link(resources, caller, document_id, wanted)


@routes.get(
    "/v1/documents/links/{token}/{file_name}",
    response_class=Response,
    responses={**_BYTES, **answers(Unavailable, LinkExpired, *_SHOWN)},
)
async def open_document_link(
    token: Annotated[str, Path(max_length=200)],
    file_name: Annotated[str, Path(max_length=100, description="For previewers that look at the ending")],  # noqa: ARG001
    resources: TheResources,
    conditions: TheConditions,
) -> Response:
    """打开短时链接。What the link's person would see; recorded as their view."""
    return _answer(await open_link(resources, token, conditions))


@routes.get("/v1/documents/{document_id}/views", responses=answers(*SIGNED_IN, NotFound, Unprocessable))
async def list_document_views(
    document_id: UUID, resources: TheResources, caller: CurrentCaller, after: AfterId, page_size: PageSize = 20
) -> DocumentViewsPage:
    """谁看过我的材料。Who was shown the document, newest first: for the person it is about."""
    return await list_views(resources, caller, document_id, after=after, page_size=page_size)
