"""Credentials of a body's own systems, and the token endpoint where they, and the documentation page, sign in."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Header, Response
from sqlalchemy.ext.asyncio import AsyncSession

from services.auth.domain.roles import Role
from services.auth.domain.service_credentials import MAKERS
from services.auth.machines.credential_queries import credentials_of
from services.auth.machines.oauth import client_of, grant_by_password, grant_to_machine
from services.auth.machines.oauth_problems import (
    InvalidClient,
    InvalidGrant,
    InvalidRequest,
    InvalidScope,
    TooManyCredentials,
    UnsupportedGrantType,
)
from services.auth.machines.service_credentials import Wanted, create_credential, revoke_credential
from services.auth.problems import SignInDelayed
from services.auth.resources import TheResources
from services.auth.schemas import service_credentials as schemas
from services.auth.sessions.origin import TheOrigin
from services.common.answers.strict_json import StrictRoute
from services.common.callers.tokens import Caller, caller_with
from services.common.db import Reading, Transaction
from services.common.lists.paging import AfterId, PageSize, page_token
from services.common.problem_schema import GATED, answers
from services.common.problems import (
    MalformedJson,
    NotFound,
    TooManyRequests,
    Unavailable,
)
from services.common.repeats.once import Once

routes = APIRouter(tags=["machines"], route_class=StrictRoute)
Maker = Annotated[Caller, caller_with(*MAKERS)]
Keeper = Annotated[Caller, caller_with(*MAKERS, Role.SYSTEM_ADMIN)]


@routes.post(
    "/v1/auth/service-credentials",
    status_code=201,
    response_model=schemas.ServiceCredentialMade,
    responses=answers(MalformedJson, *GATED, TooManyCredentials),
)
async def create_service_credential(
    request: schemas.NewServiceCredential, caller: Maker, origin: TheOrigin, once: Once
) -> Response:
    """新建系统凭证。For a system of one's own body: with one's own role, within the scopes. The secret is shown once."""
    wanted = Wanted(request.name, frozenset(request.scopes), timedelta(days=request.valid_days))

    async def perform(session: AsyncSession) -> schemas.ServiceCredentialMade:
        row, secret = await create_credential(session, caller, wanted, origin=origin)
        shown = schemas.ServiceCredentialAnswer.model_validate(row)
        return schemas.ServiceCredentialMade(**shown.model_dump(), client_secret=secret)

    return await once.do(caller, perform)


@routes.get("/v1/auth/service-credentials", responses=answers(*GATED))
async def list_service_credentials(
    caller: Keeper, session: Reading, after: AfterId, page_size: PageSize = 50
) -> schemas.ServiceCredentialPage:
    """系统凭证列表。Those of one's own body; of every body for the system administrator. The oldest first, dead ones too."""
    rows = await credentials_of(session, caller, after=after, limit=page_size + 1)
    items = [schemas.ServiceCredentialAnswer.model_validate(row) for row in rows[:page_size]]
    more = len(rows) > page_size
    return schemas.ServiceCredentialPage(items=items, next_page_token=page_token(items[-1].id) if more else None)


@routes.delete("/v1/auth/service-credentials/{credential_id}", responses=answers(*GATED, NotFound))
async def revoke_service_credential(
    credential_id: UUID, caller: Keeper, session: Transaction, origin: TheOrigin
) -> schemas.CredentialRevoked:
    """停用系统凭证。It gets no more tokens, and those it has stop within five seconds."""
    await revoke_credential(session, caller, credential_id, origin=origin)
    return schemas.CredentialRevoked()


_Text = Annotated[str, Form()]


@routes.post(
    "/v1/auth/token",
    responses=answers(
        InvalidRequest,
        UnsupportedGrantType,
        InvalidScope,
        InvalidGrant,
        InvalidClient,
        SignInDelayed,
        TooManyRequests,
        Unavailable,
    ),
)
async def create_oauth_token(
    resources: TheResources,
    origin: TheOrigin,
    authorization: Annotated[str, Header(include_in_schema=False)] = "",
    grant_type: _Text = "",
    client_id: _Text = "",
    client_secret: _Text = "",
    scope: _Text = "",
    username: _Text = "",
    password: _Text = "",
) -> schemas.OAuthTokenAnswer:
    """取得OAuth 2.0令牌。`client_credentials` for machines, `password` for the Authorize button. Refusals carry `error` too."""
    lasts = resources.settings.access_token_seconds
    if grant_type == "client_credentials":
        client = client_of(authorization, client_id, client_secret)
        granted = await grant_to_machine(resources, client, scope=scope, origin=origin)
        return schemas.OAuthTokenAnswer(
            access_token=granted.access_token, expires_in=lasts, scope=" ".join(granted.scopes), refresh_token=None
        )
    if grant_type != "password":
        raise UnsupportedGrantType if grant_type else InvalidRequest
    if not (0 < len(username) <= 64 and 0 < len(password) <= 256) or "\x00" in username:
        raise InvalidRequest
    signed_in = await grant_by_password(resources, username=username, password=password, origin=origin)
    return schemas.OAuthTokenAnswer(
        access_token=signed_in.access_token, expires_in=lasts, scope="", refresh_token=signed_in.refresh_token
    )
