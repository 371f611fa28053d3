"""What a check of a photo answers."""

from typing import Annotated, Literal

from fastapi import UploadFile
from pydantic import BaseModel, ConfigDict, Field

from services.common.strict_json import StrictRequest
from services.documents.domain.photo_findings import Severity, Verdict

PhotoFile = Annotated[UploadFile, Field(description="The file as it is; name and content type are not trusted")]


class PhotoCheckForm(StrictRequest):
    """What `wx.uploadFile` sends: the file and string fields."""

    file: PhotoFile
    profile: Annotated[
        str | None, Field(max_length=80, description="Key of a photo profile; default: the campaign's first")
    ] = None
    campaign_key: Annotated[str | None, Field(max_length=80, description="Default: the latest campaign")] = None


class FindingAnswer(BaseModel):
    """One thing that is wrong (`refuse`) or doubtful (`warn`)."""

    model_config = ConfigDict(from_attributes=True)

    code: Annotated[str, Field(examples=["bg_not_blue"])]
    severity: Severity
    measured: float | int | str
    limit: float | int | str
    message: Annotated[str, Field(description="Advice in Chinese", examples=["背景应为蓝色"])]


class PhotoCheckAnswer(BaseModel):
    """`review` leaves it to a person. While `not_checked` is not empty, `accept` means: no fault measured."""

    model_config = ConfigDict(from_attributes=True)

    verdict: Verdict
    findings: list[FindingAnswer]
    fix_available: Literal[False] = False
    not_checked: Annotated[list[str], Field(description="Groups of checks that nothing here could measure")]
