"""Documents: upload, facts, bytes."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Header, Response
from fastapi.responses import JSONResponse

from services.common.idempotency import IdempotencyKey
from services.common.problem_schema import answers
from services.common.problems import (
    IdempotencyKeyReused,
    MalformedMultipart,
    NotFound,
    PayloadTooLarge,
    TokenExpired,
    TokenMissing,
    Unauthenticated,
    Unavailable,
    Unprocessable,
    UnsupportedMediaType,
)
from services.common.strict_json import StrictRoute
from services.common.tokens import CurrentCaller
from services.documents.problems import (
    DocumentCountReached,
    DocumentKindUnknown,
    FileDamaged,
    FileEmpty,
    FileTooLarge,
    FileTooManyPixels,
    FileTypeRefused,
    InspectionsBusy,
    KindNotYours,
    PhotoRejected,
    RangeNotSatisfiable,
    StoredObjectDamaged,
)
from services.documents.reading import Conditions, read_content, read_document
from services.documents.resources import TheResources
from services.documents.routes.multipart import REQUIRE_MULTIPART
from services.documents.schemas.documents import DocumentAnswer, DocumentUploadForm
from services.documents.upload import Upload, upload_document
from services.documents.uploaded_bytes import read_upload

routes = APIRouter(tags=["documents"], route_class=StrictRoute)

_SIGNED_IN = (TokenMissing, Unauthenticated, TokenExpired, Unavailable)
_FILES = ("image/jpeg", "image/png", "application/pdf")


def _bytes_answer(description: str) -> dict[str, Any]:
    binary = {"schema": {"type": "string", "format": "binary"}}
    return {"description": description, "content": dict.fromkeys(_FILES, binary)}


async def _conditions(
    wanted: Annotated[str | None, Header(alias="Range", examples=["bytes=0-1023"])] = None,
    if_range: Annotated[str | None, Header()] = None,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Conditions:
    return Conditions(wanted, if_range, if_none_match)


@routes.post(
    "/v1/documents",
    status_code=201,
    response_model=DocumentAnswer,
    dependencies=[REQUIRE_MULTIPART],
    responses=answers(
        *_SIGNED_IN,
        InspectionsBusy,
        MalformedMultipart,
        KindNotYours,
        NotFound,
        DocumentCountReached,
        PayloadTooLarge,
        UnsupportedMediaType,
        Unprocessable,
        IdempotencyKeyReused,
        DocumentKindUnknown,
        PhotoRejected,
        FileEmpty,
        FileTypeRefused,
        FileTooLarge,
        FileTooManyPixels,
        FileDamaged,
    ),
)
async def create_document(
    form: Annotated[DocumentUploadForm, Form(media_type="multipart/form-data")],
    resources: TheResources,
    caller: CurrentCaller,
    idempotency_key: IdempotencyKey = None,
) -> JSONResponse:
    """Upload one file of a kind into a bundle. A kind that exists once replaces the one in force."""
    upload = Upload(form.bundle_id, form.kind, await read_upload(form.file), idempotency_key)
    return await upload_document(resources, caller, upload)


@routes.get("/v1/documents/{document_id}", responses=answers(*_SIGNED_IN, NotFound, Unprocessable))
async def get_document(document_id: UUID, resources: TheResources, caller: CurrentCaller) -> DocumentAnswer:
    """The facts about a document."""
    return await read_document(resources, caller, document_id)


@routes.get(
    "/v1/documents/{document_id}/content",
    response_class=Response,
    responses={
        200: _bytes_answer("The file"),
        206: _bytes_answer("The part of the file that `Range` asks for"),
        304: {"description": "The file is the one whose ETag was sent"},
        **answers(*_SIGNED_IN, NotFound, RangeNotSatisfiable, Unprocessable, StoredObjectDamaged),
    },
)
async def get_document_content(
    document_id: UUID,
    resources: TheResources,
    caller: CurrentCaller,
    conditions: Annotated[Conditions, Depends(_conditions)],
) -> Response:
    """The bytes as they were uploaded. Views of protected kinds are recorded."""
    read = await read_content(resources, caller, document_id, conditions)
    return Response(read.content, read.status, headers=read.headers, media_type=read.media_type)
