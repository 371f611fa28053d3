"""Prints, and the scans that show them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.common.answers.strict_json import CLEAN, StrictRequest


class PrintBody(BaseModel):
    """A final form that went out as a file."""

    model_config = ConfigDict(from_attributes=True)

    form: str
    revision: Annotated[int, Field(description="Of the case, the report or the list when it was printed")]
    content_hash: Annotated[
        str, Field(description="SHA-256 of what was entered; opinions signed later are no part of it")
    ]
    code: Annotated[str, Field(description="Printed beside the QR code, to type", examples=["HN6IU-CDJOX"])]
    format: str
    printed_by_name: str
    printed_at: datetime


class Prints(BaseModel):
    """Newest first."""

    items: list[PrintBody]
    next_page_token: str | None


class NewSealedScan(StrictRequest):
    """Which paper the scan shows."""

    document_id: Annotated[
        UUID,
        Field(
            description="Uploaded to the same case, report or list: an authority's sheet as `opinion_sheet`, else `sealed_scan`"
        ),
    ]
    form: Annotated[str, Field(max_length=80, examples=["attachment_6"]), CLEAN]
    explanation: Annotated[
        str,
        Field(max_length=500, description="Only where the code cannot be read: why, and how the paper was checked"),
        CLEAN,
    ] = ""


class SealedScanBody(BaseModel):
    """A scan, and the print that was found on it."""

    document_id: UUID
    form: str
    explanation: Annotated[str, Field(description="Why no code could be read; empty when one was")]
    noted_by_name: str
    noted_at: datetime
    shown: Annotated[PrintBody | None, Field(description="The version on the paper; null where no code could be read")]


class SealedScans(BaseModel):
    """Oldest first."""

    items: list[SealedScanBody]
