"""The devices somebody is signed in on, and the feed of ended sessions."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from services.auth.domain.roles import Role
from services.auth.queries import Device
from services.auth.schemas.sessions import AssignmentAnswer, TokenAnswer, acting_answers
from services.auth.sessions.devices import ActingNow
from services.common.answers.strict_json import StrictRequest


class DeviceAnswer(BaseModel):
    id: UUID
    current: Annotated[bool, Field(description="The session of this request")]
    device: Annotated[str, Field(description="What the client called itself when it signed in (User-Agent)")]
    address: str
    role: Role
    organisation_name: str
    started_at: datetime
    last_seen_at: Annotated[datetime, Field(description="The last sign-in or refresh")]
    ends_at: Annotated[datetime, Field(description="Unless it is refreshed before")]

    @classmethod
    def of(cls, device: Device, *, current: str) -> "DeviceAnswer":
        members = {name: getattr(device, name) for name in Device.__slots__}
        return cls(current=str(device.id) == current, **members)


class DeviceList(BaseModel):
    items: Annotated[list[DeviceAnswer], Field(description="The last used first, 100 at most")]


class SessionsEnded(BaseModel):
    ended: Annotated[int, Field(description="How many sessions it ended")]


class ActFor(StrictRequest):
    role_assignment_id: UUID


class ActingAnswer(TokenAnswer):
    """The refresh token stays the same; from now on it refreshes for this role."""

    acting_as: AssignmentAnswer
    other_assignments: list[AssignmentAnswer]

    @classmethod
    def of(cls, acting: ActingNow, *, expires_in: int) -> "ActingAnswer":
        return cls(access_token=acting.access_token, expires_in=expires_in, **acting_answers(acting.acting))


class EndedSessionsAnswer(BaseModel):
    as_of: Annotated[datetime, Field(description="Send as `since` next time")]
    kids: Annotated[list[str], Field(description="The signing keys in force")]
    ended: Annotated[
        dict[str, int],
        Field(
            description="First 32 hex digits of SHA-256 of `session <sid>`, to the Unix time when it may be forgotten"
        ),
    ]
