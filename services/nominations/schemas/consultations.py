"""Opinion sheets by link, as offices ask and as authorities answer."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.common.answers.strict_json import CLEAN, StrictRequest
from services.nominations.schemas.city import UploadGrantBody
from services.nominations.schemas.nomination import WhosePolice

_LinkCode = Annotated[str, Field(min_length=8, max_length=80, description="What follows # in the link"), CLEAN]


class NewConsultation(StrictRequest):
    """Whom to ask, and the phone of the officer who will answer."""

    authority: Annotated[str, Field(max_length=40, examples=["taxation"]), CLEAN]
    officer_name: Annotated[str, Field(min_length=1, max_length=60), CLEAN]
    phone: Annotated[str, Field(min_length=11, max_length=20, examples=["13800000000"]), CLEAN]


class ConsultationStep(BaseModel):
    """One step that somebody took with the link."""

    step: Literal["code_sent", "code_wrong", "opened", "answered"]
    taken_at: datetime


class ConsultationBody(BaseModel):
    """One authority asked about one case. The phone is masked."""

    id: UUID
    authority: str
    label: str
    officer_name: str
    phone_masked: str
    state: Literal["waiting", "answered", "revoked", "expired"]
    expires_at: datetime
    reminded_at: datetime | None
    answered_at: datetime | None
    steps: Annotated[list[ConsultationStep], Field(description="Every code and every look, oldest first")]


class Consultations(BaseModel):
    """Every authority that was asked about one case."""

    items: list[ConsultationBody]


class AskedConsultation(ConsultationBody):
    """As it was just asked: the link code is told once, to be handed on where no text message arrives."""

    link_code: str


class SheetCodeRequest(StrictRequest):
    """Asks for a code on the phone that is bound to the link."""

    link_code: _LinkCode


class SheetCodeSent(BaseModel):
    """Where the code went."""

    phone_masked: str


class SheetOpening(StrictRequest):
    """Opens the sheet with the code that was sent."""

    link_code: _LinkCode
    code: Annotated[str, Field(min_length=4, max_length=12), CLEAN]


class SheetRow(BaseModel):
    """One line of the head of the sheet."""

    label: str
    value: str


class SheetDisqualifier(BaseModel):
    """A circumstance that the authority can name with an unfavourable opinion (R83–R93)."""

    key: str
    label: str


class OpenedSheet(BaseModel):
    """What the officer sees: one sheet, and nothing else of the case."""

    sheet_key: Annotated[str, Field(description="Goes with the answer; valid for half an hour")]
    campaign_title: str
    form_title: str
    authority: str
    label: str
    reason: Annotated[str, Field(description="Why this authority is asked")]
    rows: list[SheetRow]
    disqualifiers: list[SheetDisqualifier]
    notes: list[str]
    upload: Annotated[
        UploadGrantBody | None,
        Field(description="For the sealed sheet's scan, without signing in; null: not at present"),
    ]


class SheetAnswer(StrictRequest):
    """The authority's opinion."""

    sheet_key: Annotated[str, Field(min_length=8, max_length=80), CLEAN]
    result: Literal["favourable", "unfavourable", "not_applicable"]
    text: Annotated[str, Field(min_length=1, max_length=2000), CLEAN]
    signer_name: Annotated[str, Field(min_length=1, max_length=60), CLEAN]
    place: WhosePolice = None
    disqualifier: Annotated[str | None, Field(max_length=80), CLEAN] = None
    occurred_on: date | None = None
    scan_document_id: Annotated[UUID | None, Field(description="The sealed sheet, sent by the grant `upload`")] = None
    scan_explanation: Annotated[
        str, Field(max_length=500, description="Only where the code on the scan cannot be read"), CLEAN
    ] = ""


class SheetAnswered(BaseModel):
    """The opinion was recorded."""

    authority: str
    recorded_at: datetime
