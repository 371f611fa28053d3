"""What a check and a fix of a photo answer."""

import hashlib
from base64 import b64encode
from typing import Annotated, Literal, Self

from fastapi import UploadFile
from pydantic import BaseModel, ConfigDict, Field

from services.common.answers.strict_json import StrictRequest
from services.documents.domain.card_check import CardCheck
from services.documents.domain.card_rule import CardSide
from services.documents.domain.photo_findings import Severity, Verdict
from services.documents.domain.photo_fix import BackgroundChoice, ChangeCode, FixedPhoto

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
    """`review` leaves it to a person. While `not_checked` is not empty the verdict is never `accept`."""

    model_config = ConfigDict(from_attributes=True)

    verdict: Verdict
    findings: list[FindingAnswer]
    fix_available: Annotated[
        bool, Field(description="`photo-fixes` cures every refusal without touching the background")
    ]
    not_checked: Annotated[
        list[str], Field(description="Groups of checks that nothing here could measure", examples=[["face"]])
    ]


class PhotoFixForm(PhotoCheckForm):
    """The same fields as for a check, and whether the background may be touched."""

    background: Annotated[
        BackgroundChoice,
        Field(description="`blue` replaces it; ask the person first, because some offices refuse edited photos"),
    ] = BackgroundChoice.KEEP


class ChangeAnswer(BaseModel):
    """One thing that was done to the picture."""

    model_config = ConfigDict(from_attributes=True)

    code: ChangeCode
    message: Annotated[str, Field(description="In Chinese", examples=["按人像位置裁剪为规定比例"])]


class PhotoFixAnswer(BaseModel):
    """A proposal to show beside the original. Nothing is stored: who accepts it uploads these bytes as their portrait."""

    media_type: Literal["image/jpeg"] = "image/jpeg"
    image_base64: Annotated[str, Field(description="The new file", json_schema_extra={"contentEncoding": "base64"})]
    byte_count: int
    width: int
    height: int
    sha256: Annotated[str, Field(description="Of the new file, in hex")]
    changes: Annotated[list[ChangeAnswer], Field(description="Empty when the photo was fine as it is")]
    before: PhotoCheckAnswer
    after: PhotoCheckAnswer

    @classmethod
    def of(cls, fixed: FixedPhoto) -> Self:
        return cls(
            image_base64=b64encode(fixed.content).decode("ascii"),
            byte_count=len(fixed.content),
            width=fixed.width,
            height=fixed.height,
            sha256=hashlib.sha256(fixed.content).hexdigest(),
            changes=[ChangeAnswer.model_validate(change) for change in fixed.changes],
            before=PhotoCheckAnswer.model_validate(fixed.before),
            after=PhotoCheckAnswer.model_validate(fixed.after),
        )


class CardCheckForm(StrictRequest):
    """The file and which side it is to show."""

    file: PhotoFile
    side: Annotated[CardSide, Field(description="`front` shows the portrait, `back` the emblem")]


class CardCheckAnswer(BaseModel):
    """Warnings for the person at the phone and for the reviewer; none of them keeps a copy from being uploaded."""

    verdict: Annotated[Verdict, Field(description="`accept` or `review`")]
    findings: list[FindingAnswer]
    not_checked: Annotated[
        list[str], Field(description="`content`: nobody read the text here, a person does", examples=[["content"]])
    ]

    @classmethod
    def of(cls, check: CardCheck) -> Self:
        return cls(
            verdict=check.verdict,
            findings=[FindingAnswer.model_validate(finding) for finding in check.findings],
            not_checked=list(check.not_checked),
        )
