"""A document as clients see it."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.common.answers.strict_json import StrictRequest
from services.documents.domain.consent import FileConsentChannel
from services.documents.domain.photo_findings import Verdict
from services.documents.schemas.checks import FindingAnswer, PhotoFile

ConsentHash = Annotated[
    str | None,
    Field(
        pattern="^[0-9a-f]{64}$",
        description="For a kind with `consent_required`: `consent.text_sha256` of the notice that was shown and agreed to."
        " Left out where the person agreed at auth before",
    ),
]
ConsentBy = Annotated[
    FileConsentChannel, Field(description="How the person agreed; `paper`: signed, and kept by whoever uploads")
]

ConsentSignedOn = Annotated[date | None, Field(description="Of a paper: the day of signing. Default: today")]


class DocumentUploadForm(StrictRequest):
    """What `wx.uploadFile` sends: the file and string fields."""

    file: PhotoFile
    kind: Annotated[str, Field(max_length=80, examples=["portrait"])]
    bundle_id: Annotated[UUID, Field(description="The papers of a case; a nomination names its bundle")]
    replaces: Annotated[
        UUID | None, Field(description="A document in force of the same kind that this one takes the place of")
    ] = None
    consent: ConsentHash = None
    consent_channel: ConsentBy = FileConsentChannel.SCREEN
    consent_signed_on: ConsentSignedOn = None


class ConsentAnswer(BaseModel):
    """The separate consent under which a file was taken, at `uploaded_at` by whoever uploaded it."""

    model_config = ConfigDict(from_attributes=True)

    text_sha256: Annotated[str, Field(description="Of the privacy notice agreed to, as `kinds` gave it then")]
    channel: FileConsentChannel
    on_behalf: Annotated[bool, Field(description="Said by somebody else than the person whose paper it is")]


class DocumentAnswer(BaseModel):
    """Facts about a stored file. They never change; a newer document of a single-count kind only sets `replaced_at`."""

    id: UUID
    kind: str
    bundle_id: UUID
    ordinal: Annotated[int, Field(description="1, 2, … within bundle and kind; never given twice")]
    sha256: Annotated[str, Field(description="Of the bytes that are kept")]
    received_sha256: Annotated[
        str,
        Field(
            description="Of the bytes as they came; differs where a HEIC became a JPEG, or the place was taken out of a photo"
        ),
    ]
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
    card_read: Annotated[bool, Field(description="Of an ID card copy: its text was read and is compared with the form")]
    consent: ConsentAnswer | None
    uploaded_at: datetime
    replaced_at: datetime | None
    held_for: Annotated[
        Literal["consent_withdrawn", "restricted"] | None,
        Field(description="Set: the file is kept and shown to nobody any more (409 `document_held`)"),
    ] = None
