"""Signing in, refreshing, and who one is."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.auth.domain.acting import Acting, Assignment, Organisation
from services.auth.domain.roles import Bureau, OrganisationKind, Role
from services.auth.domain.steps import Step
from services.auth.queries import Person
from services.auth.schemas.second_factor import OneTimeCode
from services.auth.sessions.opening_session import SignedIn
from services.auth.sessions.own_session import Myself
from services.common.answers.strict_json import CLEAN, StrictRequest

RoleAssignmentId = Annotated[
    UUID | None, Field(description="For whom to act, when the person holds several roles; default: held longest")
]


SmsTicket = Annotated[str, Field(min_length=1, max_length=64, description="From `POST /v1/auth/sms-codes`"), CLEAN]
SmsCode = Annotated[str, Field(pattern=r"^\d{6}$", examples=["492039"], description="From the text message")]


class SmsProof(StrictRequest):
    phone: Annotated[str, Field(min_length=1, max_length=32, examples=["13800000000"]), CLEAN]
    ticket: SmsTicket
    code: SmsCode


class PasswordSignIn(StrictRequest):
    username: Annotated[str, Field(min_length=1, max_length=64), CLEAN]
    password: Annotated[str, Field(min_length=1, max_length=256), CLEAN]
    role_assignment_id: RoleAssignmentId = None
    one_time_code: OneTimeCode | None = None
    sms: Annotated[
        SmsProof | None,
        Field(
            description="A code sent to one's own number, as the second factor of this session, where that is allowed"
        ),
    ] = None


class WechatSignIn(StrictRequest):
    appid: Annotated[str, Field(min_length=1, max_length=64), CLEAN]
    code: Annotated[str, Field(min_length=1, max_length=256, description="From wx.login; valid once"), CLEAN]
    invitation_code: Annotated[
        str | None,
        Field(min_length=1, max_length=32, examples=["K7Q2M-9XHDR"], description="Only to bind an unknown openid"),
        CLEAN,
    ] = None
    phone_code: Annotated[
        str | None,
        Field(min_length=1, max_length=256, description="From the phone-number button; binds by the number, once"),
        CLEAN,
    ] = None
    full_name: Annotated[
        str | None, Field(min_length=1, max_length=64, description="Where several people share a number"), CLEAN
    ] = None
    role_assignment_id: RoleAssignmentId = None
    one_time_code: OneTimeCode | None = None


class Refresh(StrictRequest):
    refresh_token: Annotated[str, Field(min_length=1, max_length=256), CLEAN]


class PersonAnswer(BaseModel):
    id: UUID
    full_name: str

    @classmethod
    def of(cls, person: Person) -> "PersonAnswer":
        return cls(id=person.id, full_name=person.full_name)


class OrganisationAnswer(BaseModel):
    id: UUID
    name: str
    kind: OrganisationKind
    jurisdiction: Annotated[str, Field(examples=["140922", "xz_etdz", "city_direct"])]
    bureau: Bureau | None

    @classmethod
    def of(cls, organisation: Organisation) -> "OrganisationAnswer":
        return cls(
            id=organisation.id,
            name=organisation.name,
            kind=organisation.kind,
            jurisdiction=organisation.jurisdiction,
            bureau=organisation.bureau,
        )


class AssignmentAnswer(BaseModel):
    role_assignment_id: UUID
    role: Role
    organisation: OrganisationAnswer
    acting_for: Annotated[
        str | None, Field(description="Whose role it is, where the person stands in for a colleague; null: their own")
    ]

    @classmethod
    def of(cls, assignment: Assignment) -> "AssignmentAnswer":
        return cls(
            role_assignment_id=assignment.id,
            role=assignment.role,
            organisation=OrganisationAnswer.of(assignment.organisation),
            acting_for=assignment.acting_for or None,
        )


class MyselfAnswer(BaseModel):
    person: PersonAnswer
    acting_as: AssignmentAnswer
    other_assignments: list[AssignmentAnswer]

    @classmethod
    def of(cls, myself: Myself) -> "MyselfAnswer":
        return cls(person=PersonAnswer.of(myself.person), **acting_answers(myself.acting))


class TokenAnswer(BaseModel):
    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105  the name of a scheme
    expires_in: Annotated[int, Field(description="Seconds until the access token expires")]


class SessionAnswer(TokenAnswer):
    session_ends_at: Annotated[datetime, Field(description="Unless it is refreshed before")]
    required_steps: Annotated[
        list[Step],
        Field(description="To be done at auth, then refresh: until then every other route answers `step_required`"),
    ]
    refresh_token: Annotated[str, Field(description="Valid once; keep the newest, and never refresh twice at a time")]
    person: PersonAnswer
    acting_as: AssignmentAnswer
    other_assignments: list[AssignmentAnswer]

    @classmethod
    def of(cls, signed_in: SignedIn, *, expires_in: int) -> "SessionAnswer":
        return cls(
            access_token=signed_in.access_token,
            expires_in=expires_in,
            refresh_token=signed_in.refresh_token,
            session_ends_at=signed_in.ends_at,
            required_steps=sorted(signed_in.must),
            person=PersonAnswer.of(signed_in.person),
            **acting_answers(signed_in.acting),
        )


class SessionEnded(BaseModel):
    ended: Literal[True] = True


def acting_answers(acting: Acting) -> dict[str, AssignmentAnswer | list[AssignmentAnswer]]:
    return {
        "acting_as": AssignmentAnswer.of(acting.under),
        "other_assignments": [AssignmentAnswer.of(each) for each in acting.others],
    }
