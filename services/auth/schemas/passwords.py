"""Changing a password."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from services.common.answers.strict_json import CLEAN, StrictRequest


class PasswordChange(StrictRequest):
    current_password: Annotated[str, Field(min_length=1, max_length=256), CLEAN]
    new_password: Annotated[str, Field(min_length=1, max_length=256), CLEAN]


class PasswordChanged(BaseModel):
    changed_at: datetime
    sessions_ended: Annotated[int, Field(description="On other devices; this session goes on")]


class PasswordReset(BaseModel):
    temporary_password: Annotated[str, Field(description="Shown only here; it must be changed at the first sign-in")]
