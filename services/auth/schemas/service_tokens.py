"""Machines signing in."""

from typing import Annotated

from pydantic import Field

from services.common.answers.strict_json import CLEAN, StrictRequest


class ServiceTokenRequest(StrictRequest):
    client_id: Annotated[str, Field(min_length=1, max_length=64), CLEAN]
    client_secret: Annotated[str, Field(min_length=1, max_length=256), CLEAN]
