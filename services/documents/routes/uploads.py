"""Files come in: in one piece, in chunks, or straight to the object store."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Header
from fastapi.responses import JSONResponse

from services.common.answers.strict_json import StrictRoute
from services.common.callers.tokens import CurrentCaller
from services.common.problem_schema import answers
from services.common.problems import IdempotencyKeyReused, MalformedJson, NotFound, Unavailable, Unprocessable
from services.common.repeats.once import IdempotencyKey
from services.documents.consenting import ConsentGiven, in_wechat
from services.documents.granted_uploads import upload_by_grant
from services.documents.problems import (
    BundleFrozen,
    ChecksumMismatch,
    ChunkDiffers,
    ChunkMisplaced,
    DirectUploadRefused,
    FileTooLarge,
    TooManyOpenUploads,
    UploadExpired,
    UploadFinished,
    UploadGrantInvalid,
    UploadIncomplete,
    UploadsBusy,
)
from services.documents.resources import TheResources
from services.documents.routes.multipart import REQUIRE_MULTIPART
from services.documents.routes.refusals import MAY_ADD, MULTIPART, SIGNED_IN, TAKEN_IN
from services.documents.schemas.documents import DocumentAnswer, DocumentUploadForm
from services.documents.schemas.grants import GrantedUploadForm
from services.documents.schemas.uploads import (
    UploadAnswer,
    UploadChunkForm,
    UploadCompletion,
    UploadList,
    UploadRequest,
)
from services.documents.upload import Upload, upload_document
from services.documents.upload_begin import begin_upload
from services.documents.upload_finish import finish_upload
from services.documents.upload_gate import UploadRoute
from services.documents.upload_progress import abandon_upload, add_chunk, list_unfinished, read_progress

UserAgent = Annotated[str, Header(include_in_schema=False)]

gated = APIRouter(tags=["uploads"], route_class=UploadRoute)
ungated = APIRouter(tags=["uploads"], route_class=StrictRoute)


@gated.post(
    "/v1/documents",
    status_code=201,
    response_model=DocumentAnswer,
    dependencies=[REQUIRE_MULTIPART],
    responses=answers(*SIGNED_IN, *MULTIPART, *MAY_ADD, *TAKEN_IN, IdempotencyKeyReused),
)
async def create_document(
    form: Annotated[DocumentUploadForm, Form(media_type="multipart/form-data")],
    resources: TheResources,
    caller: CurrentCaller,
    user_agent: UserAgent = "",
    idempotency_key: IdempotencyKey = None,
) -> JSONResponse:
    """上传一个文件（wx.uploadFile，10MB以内）。One file into a bundle. A kind that exists once replaces the one in force."""
    consent = ConsentGiven(form.consent, form.consent_channel, form.consent_signed_on, in_wechat(user_agent))
    upload = Upload(form.bundle_id, form.kind, form.file, form.replaces, consent, idempotency_key)
    return await upload_document(resources, caller, upload)


@gated.post(
    "/v1/documents/granted-uploads",
    status_code=201,
    dependencies=[REQUIRE_MULTIPART],
    responses=answers(
        *MULTIPART, *TAKEN_IN, UploadGrantInvalid, BundleFrozen, FileTooLarge, Unprocessable, Unavailable
    ),
)
async def create_granted_document(
    form: Annotated[GrantedUploadForm, Form(media_type="multipart/form-data")], resources: TheResources
) -> DocumentAnswer:
    """凭上传凭证上传异议附件、部门征求意见表盖章件。Without an account, by a grant; the same file again is the same document."""
    return await upload_by_grant(resources, form.grant, form.file)


@ungated.post(
    "/v1/documents/uploads",
    status_code=201,
    response_model=UploadAnswer,
    responses=answers(
        *SIGNED_IN, MalformedJson, *MAY_ADD, DirectUploadRefused, TooManyOpenUploads, IdempotencyKeyReused
    ),
)
async def create_upload(
    wanted: UploadRequest,
    resources: TheResources,
    caller: CurrentCaller,
    user_agent: UserAgent = "",
    idempotency_key: IdempotencyKey = None,
) -> JSONResponse:
    """开始分片上传或直传。Begins an upload; `finished` at once when you hold the same file in this bundle and kind."""
    consent = ConsentGiven(wanted.consent, wanted.consent_channel, wanted.consent_signed_on, in_wechat(user_agent))
    return await begin_upload(resources, caller, wanted, consent, idempotency_key=idempotency_key)


@ungated.get("/v1/documents/uploads", responses=answers(*SIGNED_IN))
async def list_uploads(resources: TheResources, caller: CurrentCaller) -> UploadList:
    """我未完成的上传。One's own that are neither finished nor expired, the oldest first: to go on with, or to give up."""
    return UploadList(items=await list_unfinished(resources, caller))


@ungated.get("/v1/documents/uploads/{upload_id}", responses=answers(*SIGNED_IN, NotFound, Unprocessable))
async def get_upload(upload_id: UUID, resources: TheResources, caller: CurrentCaller) -> UploadAnswer:
    """查询上传进度。What is held and what is missing; only for whoever began it."""
    return await read_progress(resources, caller, upload_id)


@gated.post(
    "/v1/documents/uploads/{upload_id}/chunks",
    dependencies=[REQUIRE_MULTIPART],
    responses=answers(
        *SIGNED_IN, *MULTIPART, NotFound, UploadExpired, UploadFinished, ChunkDiffers, ChunkMisplaced, Unprocessable
    ),
)
async def create_upload_chunk(
    upload_id: UUID,
    form: Annotated[UploadChunkForm, Form(media_type="multipart/form-data")],
    resources: TheResources,
    caller: CurrentCaller,
) -> UploadAnswer:
    """上传一个分片，可重复发送。One chunk, in any order; the same one may be sent again."""
    return await add_chunk(resources, caller, upload_id, offset=form.offset, file=form.file)


@gated.post(
    "/v1/documents/uploads/{upload_id}/completion",
    status_code=201,
    response_model=DocumentAnswer,
    responses=answers(
        *SIGNED_IN, UploadsBusy, MalformedJson, *MAY_ADD, *TAKEN_IN, UploadIncomplete, UploadExpired, ChecksumMismatch
    ),
)
async def complete_upload(
    upload_id: UUID, wanted: UploadCompletion, resources: TheResources, caller: CurrentCaller
) -> JSONResponse:
    """完成上传。The file becomes a document, by the same rules as in one piece. Sent again it answers the same document."""
    return await finish_upload(resources, caller, upload_id, wanted)


@ungated.delete(
    "/v1/documents/uploads/{upload_id}", responses=answers(*SIGNED_IN, NotFound, UploadFinished, Unprocessable)
)
async def abandon_open_upload(upload_id: UUID, resources: TheResources, caller: CurrentCaller) -> UploadAnswer:
    """取消未完成的上传。Drops what was sent; answers what it was."""
    return await abandon_upload(resources, caller, upload_id)
