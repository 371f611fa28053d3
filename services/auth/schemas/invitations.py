"""Inviting a nominee."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from services.common.strict_json import CLEAN, StrictRequest


class InvitationRequest(StrictRequest):
    full_name: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=64),
        CLEAN,
        Field(examples=["示例推荐对象"]),
    ]


class InvitationAnswer(BaseModel):
    person_id: UUID
    invitation_code: Annotated[
        str, Field(examples=["K7Q2M-9XHDR"], description="Shown here only; give it to the person")
    ]
    expires_at: datetime
