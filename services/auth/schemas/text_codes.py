"""Signing in by a code that comes as a text message."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from services.auth.schemas.second_factor import OneTimeCode
from services.auth.schemas.sessions import RoleAssignmentId, SmsProof
from services.common.answers.strict_json import CLEAN, StrictRequest


class SmsCodeRequest(StrictRequest):
    phone: Annotated[str, Field(min_length=1, max_length=32, examples=["13800000000"]), CLEAN]


class SmsCodeAnswer(BaseModel):
    ticket: Annotated[str, Field(description="Send it back with the code; only its holder can try codes")]
    expires_at: datetime


class SmsSignIn(SmsProof):
    full_name: Annotated[
        str | None, Field(min_length=1, max_length=64, description="Where several people share a number"), CLEAN
    ] = None
    role_assignment_id: RoleAssignmentId = None
    one_time_code: OneTimeCode | None = None
