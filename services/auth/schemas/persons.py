"""What administrators do to accounts."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from services.auth.domain.roles import Role
from services.common.answers.strict_json import CLEAN, StrictRequest


class Suspension(StrictRequest):
    reason: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=2, max_length=200),
        CLEAN,
        Field(examples=["调离岗位"]),
    ]


class SuspensionAnswer(BaseModel):
    suspended: bool
    sessions_ended: int


class PersonSearch(StrictRequest):
    """Finds accounts by what must not stand in an address. Everything that is named must fit; nothing named: all."""

    name_starts: Annotated[
        str | None, Field(min_length=2, max_length=64, description="Beginning of the name"), CLEAN
    ] = None
    username: Annotated[str | None, Field(min_length=1, max_length=64, description="The whole username"), CLEAN] = None
    organisation_id: Annotated[UUID | None, Field(description="Who holds a role there now")] = None
    page_token: Annotated[str | None, Field(max_length=400), CLEAN] = None
    page_size: Annotated[int, Field(ge=1, le=100)] = 20


class AccountRole(BaseModel):
    role: Role
    organisation_id: UUID
    organisation_name: str
    ends_at: Annotated[datetime | None, Field(description="null: until somebody ends it")]


class AccountRow(BaseModel):
    """One account: `person_id` goes into the addresses that suspend it, give a new password, take off the second factor."""

    person_id: UUID
    full_name: str
    username: Annotated[str | None, Field(description="null: no password; the person signs in by WeChat or by code")]
    wechat: Annotated[bool, Field(description="Whether a WeChat account is bound")]
    second_factor: Annotated[bool, Field(description="Whether one-time codes or passkeys are set up")]
    suspended_at: datetime | None
    suspension_reason: str | None
    roles: Annotated[list[AccountRole], Field(description="Held now; empty: the person can do nothing")]


class AccountPage(BaseModel):
    items: list[AccountRow]
    next_page_token: Annotated[str | None, Field(description="Send as page_token for the next page; null on the last")]
