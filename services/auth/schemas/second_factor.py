"""One-time codes."""

from typing import Annotated

from pydantic import BaseModel, Field

from services.common.answers.strict_json import CLEAN, StrictRequest

OneTimeCode = Annotated[
    str,
    Field(min_length=6, max_length=16, examples=["492039"], description="From the app; or a recovery code"),
    CLEAN,
]


class CodeRequest(StrictRequest):
    one_time_code: OneTimeCode


class EnrolmentAnswer(BaseModel):
    secret: Annotated[str, Field(description="To be typed into the authenticator app; shown only here")]
    otpauth_uri: Annotated[str, Field(description="The same as a QR code")]


class EnrolledAnswer(BaseModel):
    recovery_codes: Annotated[list[str], Field(description="Each works once instead of a code; shown only here")]


class FactorRemoved(BaseModel):
    removed: bool = True
