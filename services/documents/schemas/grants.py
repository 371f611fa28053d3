"""Uploads by people without an account."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from services.common.answers.strict_json import CLEAN, StrictRequest
from services.documents.schemas.checks import PhotoFile


class UploadGrantRequest(StrictRequest):
    """What somebody without an account may send. Only a service says so."""

    kind: Annotated[str, Field(max_length=80, examples=["objection_attachment"]), CLEAN]
    subject_id: Annotated[UUID, Field(description="For what: an objection, a consultation")]
    max_count: Annotated[int, Field(ge=1, le=20)]
    minutes: Annotated[int, Field(ge=1, le=1440)]


class UploadGrantAnswer(BaseModel):
    grant: Annotated[str, Field(description="Goes with each file as a form field; shown once")]
    kind: str
    max_count: int
    expires_at: datetime


class GrantedUploadForm(StrictRequest):
    """What `wx.uploadFile` sends: the file, and the grant as a string field."""

    file: PhotoFile
    grant: Annotated[str, Field(min_length=8, max_length=80)]
