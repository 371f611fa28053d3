"""Uploads in chunks, and uploads straight to the object store."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import UploadFile
from pydantic import BaseModel, ConfigDict, Field

from services.common.answers.strict_json import CLEAN, StrictRequest
from services.documents.domain.consent import FileConsentChannel
from services.documents.schemas.documents import ConsentBy, ConsentHash, ConsentSignedOn, DocumentAnswer

LARGEST_CHUNK = 2_000_000
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$", description="SHA-256 of the whole file, in lower-case hex")]


class UploadRequest(StrictRequest):
    """What will come. With `sha256` the answer is at once a finished upload when you hold the same file there already."""

    bundle_id: UUID
    kind: Annotated[str, Field(max_length=80, examples=["sealed_scan"]), CLEAN]
    bytes: Annotated[int, Field(ge=1, le=10_000_000, description="Size of the whole file")]
    sha256: Sha256 | None = None
    via: Annotated[
        Literal["chunks", "store"], Field(description="`store`: one form post straight to the object store")
    ] = "chunks"
    chunk_bytes: Annotated[
        int, Field(ge=65_536, le=LARGEST_CHUNK, description="Every chunk has this size, only the last is shorter")
    ] = 1_048_576
    consent: ConsentHash = None
    consent_channel: ConsentBy = FileConsentChannel.SCREEN
    consent_signed_on: ConsentSignedOn = None


class UploadChunkForm(StrictRequest):
    """What `wx.uploadFile` sends for one chunk."""

    file: Annotated[UploadFile, Field(description="The bytes from `offset` on")]
    offset: Annotated[int, Field(ge=0, le=10_000_000, description="A multiple of `chunk_bytes`")]


class UploadCompletion(StrictRequest):
    """The whole file was sent."""

    sha256: Sha256
    replaces: UUID | None = None


class ByteSpan(BaseModel):
    """First and last byte, both included."""

    model_config = ConfigDict(from_attributes=True)

    first: int
    last: int


class StoreForm(BaseModel):
    """For `wx.uploadFile` to `url`, file field `file`, with `fields` as `formData`. The store answers 201."""

    url: str
    fields: dict[str, str]


class UploadAnswer(BaseModel):
    """How far an upload is. `refused`: the whole file came and is not acceptable; the completion says why again."""

    id: UUID
    state: Literal["receiving", "received", "refused", "finished"]
    bundle_id: UUID
    kind: str
    bytes: int
    via: Literal["chunks", "store"]
    chunk_bytes: int | None
    held: Annotated[list[ByteSpan], Field(description="What is held, of an upload in chunks")]
    missing: Annotated[list[ByteSpan], Field(description="What is still to be sent, of an upload in chunks")]
    form: Annotated[StoreForm | None, Field(description="Of an upload through the store; signed anew at each reading")]
    expires_at: datetime
    document: Annotated[DocumentAnswer | None, Field(description="What a finished upload became")]


class UploadList(BaseModel):
    items: list[UploadAnswer]
