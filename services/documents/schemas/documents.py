"""A document as clients see it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from services.common.strict_json import StrictRequest
from services.documents.domain.photo_findings import Verdict
from services.documents.schemas.checks import FindingAnswer, PhotoFile


class DocumentUploadForm(StrictRequest):
    """What `wx.uploadFile` sends: the file and string fields."""

    file: PhotoFile
    kind: Annotated[str, Field(max_length=80, examples=["portrait"])]
    bundle_id: Annotated[UUID, Field(description="The papers of a case; a nomination names its bundle")]
    replaces: Annotated[
        UUID | None, Field(description="A document in force of the same kind that this one takes the place of")
    ] = None


class DocumentAnswer(BaseModel):
    """Facts about a stored file. They never change; a newer document of a single-count kind only sets `replaced_at`."""

    id: UUID
    kind: str
    bundle_id: UUID
    ordinal: Annotated[int, Field(description="1, 2, … within bundle and kind; never given twice")]
    sha256: Annotated[str, Field(description="Of the bytes that are kept")]
    received_sha256: Annotated[str, Field(description="Of the bytes as they came; differs where a HEIC became a JPEG")]
    bytes: int
    media_type: str
    width: Annotated[int | None, Field(description="Pixels of the upright picture; null for a PDF")]
    height: int | None
    pages: Annotated[int | None, Field(description="Of a PDF")]
    verdict: Annotated[Verdict, Field(description="`accept` or `review`: what is rejected is not stored")]
    findings: list[FindingAnswer]
    not_checked: list[str]
    print_codes: Annotated[
        list[str] | None,
        Field(description="QR codes of printed forms that a scan shows (R148); null for kinds that are no scans"),
    ] = None
    uploaded_at: datetime
    replaced_at: datetime | None
