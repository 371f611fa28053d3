"""Asking to be admitted, and deciding about it."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from services.auth.domain.roles import Role
from services.auth.schemas.invitations import FullName
from services.common.answers.strict_json import CLEAN, StrictRequest

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=200), CLEAN]


class AdmissionRequest(StrictRequest):
    appid: Annotated[str, Field(min_length=1, max_length=64), CLEAN]
    code: Annotated[str, Field(min_length=1, max_length=256, description="From wx.login; valid once"), CLEAN]
    phone_code: Annotated[
        str | None, Field(min_length=1, max_length=256, description="From the phone-number button"), CLEAN
    ] = None
    full_name: FullName
    role: Literal["nominee", "unit_clerk", "unit_head"] = "nominee"
    jurisdiction: Annotated[str, Field(min_length=1, max_length=80, examples=["140922"]), CLEAN]
    unit_name: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=2, max_length=100), CLEAN, Field(examples=["示例公司"])
    ]


class AdmissionAsked(BaseModel):
    id: UUID
    state: Literal["waiting"] = "waiting"
    asked_at: datetime


class AdmissionRow(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    full_name: str
    role: Role
    jurisdiction: str
    unit_name: str
    organisation_id: Annotated[UUID | None, Field(description="Null: no unit of that name is known; name one to admit")]
    asked_at: datetime


class AdmissionPage(BaseModel):
    items: Annotated[list[AdmissionRow], Field(description="The oldest first; those that wait")]
    next_page_token: Annotated[str | None, Field(description="Send as page_token for the next page; null on the last")]


class AdmissionDecision(StrictRequest):
    admit: bool
    reason: Annotated[Reason | None, Field(description="Needed to refuse; the person is not shown it")] = None
    organisation_id: Annotated[UUID | None, Field(description="The unit, where the name was not found")] = None
    person_id: Annotated[
        UUID | None, Field(description="Somebody who is there already and has a new phone, instead of a new person")
    ] = None

    @model_validator(mode="after")
    def refuse_for_a_reason(self) -> Self:
        if not self.admit and self.reason is None:
            raise PydanticCustomError("reason_required", "a refusal needs a reason")
        return self


class AdmissionDecided(BaseModel):
    id: UUID
    outcome: Literal["admitted", "refused"]
    person_id: UUID | None
    decided_at: datetime


class Unbound(BaseModel):
    unbound: Annotated[int, Field(description="How many WeChat accounts were taken off")]
