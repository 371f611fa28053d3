"""Inviting people, by one and by sheet."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import UploadFile
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from services.auth.domain.roles import Role
from services.auth.invitations.batch_inviting import RowResult
from services.auth.invitations.inviting import Invited
from services.auth.settings import AuthSettings
from services.common.answers.strict_json import CLEAN, StrictRequest
from services.common.messages.text_messages import mobile_number

FullName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=64),
    CLEAN,
    Field(examples=["示例推荐对象"]),
]


def _mobile(typed: str | None) -> str | None:
    number = None if typed is None else mobile_number(typed)
    if typed is not None and number is None:
        raise PydanticCustomError("phone_invalid", "not a mobile number of the mainland")
    return number


Phone = Annotated[
    str | None,
    Field(max_length=32, examples=["13800000000"], description="Never answered again"),
    AfterValidator(_mobile),
]


class InvitationRequest(StrictRequest):
    full_name: FullName
    role: Annotated[Role, Field(description="What the person will be; who invites whom: docs/front-ends.md")] = (
        Role.NOMINEE
    )
    organisation_id: Annotated[UUID | None, Field(description="The body they will act for; default: one's own")] = None
    phone: Phone = None
    campaign_key: Annotated[
        str | None,
        Field(min_length=1, max_length=80, description="The role ends when this campaign is closed (R43)"),
        CLEAN,
    ] = None


class InvitationAnswer(BaseModel):
    id: UUID
    person_id: UUID
    invitation_code: Annotated[
        str, Field(examples=["K7Q2M-9XHDR"], description="Shown here only; give it to the person")
    ]
    qr_text: Annotated[str, Field(description="What a QR code of the invitation says: the link, or the bare code")]
    link: Annotated[str | None, Field(description="Opens the mini-program; null where the operator has set none")]
    scene: Annotated[str, Field(description="For wxacode.getUnlimited, at most 32 characters")]
    expires_at: datetime

    @classmethod
    def of(cls, invited: Invited, settings: AuthSettings) -> "InvitationAnswer":
        code = invited.invitation_code
        link = settings.link_to(code)
        return cls(
            id=invited.id,
            person_id=invited.person_id,
            invitation_code=code,
            qr_text=link or code,
            link=link,
            scene=f"i={code.replace('-', '')}",
            expires_at=invited.expires_at,
        )


class SendAgain(StrictRequest):
    text_message: Annotated[bool, Field(description="Also to the phone that the inviter wrote down")] = False


class SentAgain(InvitationAnswer):
    sent: Annotated[bool, Field(description="A text message went out; false where no phone is known")]


class InvitationRevoked(BaseModel):
    revoked: Literal[True] = True


class InvitationRowAnswer(BaseModel):
    id: UUID
    person_id: UUID
    full_name: str
    role: Role
    organisation_name: str
    state: Literal["open", "used", "expired", "revoked"]
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None


class InvitationPage(BaseModel):
    items: Annotated[list[InvitationRowAnswer], Field(description="The newest first")]
    next_page_token: Annotated[str | None, Field(description="Send as page_token for the next page; null on the last")]


class SheetForm(BaseModel):
    """The sheet, and nothing else."""

    model_config = ConfigDict(extra="forbid")

    file: Annotated[UploadFile, Field(description="XLSX, 1 MB and 1000 rows at most; begin with the template")]


class BatchRowAnswer(RowResult):
    qr_text: str | None
    link: str | None


class BatchAnswer(BaseModel):
    invited: int
    already_there: Annotated[int, Field(description="Same name, phone, role and body as somebody invited before")]
    refused: int
    rows: Annotated[list[BatchRowAnswer], Field(description="In the order of the sheet; codes are shown here only")]


class Redemption(StrictRequest):
    invitation_code: Annotated[str, Field(min_length=1, max_length=32, examples=["K7Q2M-9XHDR"]), CLEAN]
    username: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._@-]{3,64}$"), Field(examples=["wutai.zhang"])]
    password: Annotated[str, Field(min_length=1, max_length=256), CLEAN]
