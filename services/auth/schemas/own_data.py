"""What auth holds about the caller, and where the rest is."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.auth.audit import Action
from services.auth.domain.roles import Role
from services.auth.personal_data.own_data import OwnAccount
from services.auth.schemas.privacy import ConsentAct

ELSEWHERE = {
    "papers": "/v1/documents/me/data",
    "cases": "/v1/me/data",
    "accesses": "/v1/me/data-accesses",
    "requests": "/v1/auth/me/rights-requests",
    "security_events": "/v1/auth/me/security-events",
    "email_address": "/v1/auth/me/email-address",
    "passkeys": "/v1/auth/me/passkeys",
}


class OwnWechat(BaseModel):
    appid: str
    bound_at: datetime


class OwnRole(BaseModel):
    role: Role
    organisation_name: str
    starts_at: datetime
    ends_at: datetime | None
    campaign_key: str | None


class OwnInvitation(BaseModel):
    invited_by: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


class OwnDevice(BaseModel):
    device: str
    address: str
    started_at: datetime
    last_seen_at: datetime


class OwnAccountAnswer(BaseModel):
    """Of WeChat's identifiers, passwords and keys only that they are held."""

    person_id: UUID
    full_name: str
    created_at: datetime
    phone_masked: str | None
    username: str | None
    password_changed_at: datetime | None
    second_factor_since: datetime | None
    wechat: list[OwnWechat]
    roles: Annotated[list[OwnRole], Field(description="Also those that have ended")]
    invitations: list[OwnInvitation]
    devices: list[OwnDevice]
    consents: list[ConsentAct]
    elsewhere: Annotated[
        dict[str, str], Field(description="Where the rest of it is answered, here and by the other services")
    ]

    @classmethod
    def of(cls, held: OwnAccount) -> "OwnAccountAnswer":
        return cls(
            person_id=held.person.id,
            full_name=held.person.full_name,
            created_at=held.person.created_at,
            phone_masked=held.phone_masked,
            username=held.username,
            password_changed_at=held.password_changed_at,
            second_factor_since=held.second_factor_since,
            wechat=[OwnWechat(appid=each.appid, bound_at=each.bound_at) for each in held.wechat],
            roles=[
                OwnRole(role=role, organisation_name=name, starts_at=start, ends_at=end, campaign_key=campaign)
                for role, name, start, end, campaign in held.roles
            ],
            invitations=[
                OwnInvitation(invited_by=name, created_at=made, expires_at=expires, used_at=used, revoked_at=revoked)
                for name, made, expires, used, revoked in held.invitations
            ],
            devices=[OwnDevice.model_validate(each, from_attributes=True) for each in held.devices],
            consents=[ConsentAct.model_validate(each, from_attributes=True) for each in held.consents],
            elsewhere=ELSEWHERE,
        )


class OwnSecurityEvent(BaseModel):
    at: datetime
    action: Action
    outcome: Literal["done", "refused"]
    facts: Annotated[dict[str, Any], Field(description="As they were written: address, device, why, …")]


class OwnSecurityEvents(BaseModel):
    items: Annotated[list[OwnSecurityEvent], Field(description="The newest first")]
    next_page_token: Annotated[str | None, Field(description="Send as page_token for the next page; null on the last")]
