"""What administrators do to accounts."""

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from services.common.strict_json import CLEAN, StrictRequest


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
