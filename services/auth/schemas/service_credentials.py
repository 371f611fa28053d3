"""Credentials of machines, and the token endpoint of OAuth 2.0."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.auth.domain.roles import Role
from services.auth.domain.service_credentials import LONGEST_DAYS
from services.auth.schemas.sessions import TokenAnswer
from services.common.answers.strict_json import CLEAN, StrictRequest
from services.common.callers.scopes import MachineScope


class NewServiceCredential(StrictRequest):
    name: Annotated[str, Field(min_length=1, max_length=64, examples=["示例数据平台"]), CLEAN]
    scopes: Annotated[list[MachineScope], Field(min_length=1, max_length=len(MachineScope))]
    valid_days: Annotated[int, Field(ge=1, le=LONGEST_DAYS - 1)] = 180


class ServiceCredentialAnswer(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: Annotated[UUID, Field(description="Its client id")]
    organisation_id: UUID
    role: Annotated[Role, Field(description="It reaches the rows of this role at its body")]
    name: str
    scopes: list[MachineScope]
    created_at: datetime
    expires_at: datetime
    last_used_at: Annotated[datetime | None, Field(description="When it last asked for a token")]
    revoked_at: datetime | None


class ServiceCredentialMade(ServiceCredentialAnswer):
    client_secret: Annotated[str, Field(description="Shown only here")]


class ServiceCredentialPage(BaseModel):
    items: list[ServiceCredentialAnswer]
    next_page_token: str | None


class CredentialRevoked(BaseModel):
    revoked: Literal[True] = True


class OAuthTokenAnswer(TokenAnswer):
    """RFC 6749 §5.1."""

    scope: Annotated[str, Field(description="What it opens, separated by spaces; empty for a person's session")]
    refresh_token: Annotated[str | None, Field(description="Of a person's session: `POST /v1/auth/sessions/refreshes`")]
