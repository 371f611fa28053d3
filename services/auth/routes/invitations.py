"""Inviting nominees."""

from typing import Annotated

from fastapi import APIRouter, Response

from services.auth.domain.roles import Role
from services.auth.inviting import invite_once
from services.auth.resources import TheResources
from services.auth.schemas.invitations import InvitationAnswer, InvitationRequest
from services.common.idempotency import IdempotencyKey
from services.common.problem_schema import answers
from services.common.problems import (
    Forbidden,
    IdempotencyKeyReused,
    MalformedJson,
    TokenExpired,
    TokenMissing,
    Unauthenticated,
    Unavailable,
    Unprocessable,
)
from services.common.strict_json import StrictRoute
from services.common.tokens import Caller, caller_with

routes = APIRouter(tags=["invitations"], route_class=StrictRoute)


@routes.post(
    "/v1/auth/invitations",
    status_code=201,
    responses=answers(
        MalformedJson,
        Unauthenticated,
        TokenMissing,
        TokenExpired,
        Forbidden,
        Unprocessable,
        IdempotencyKeyReused,
        Unavailable,
    ),
)
async def create_invitation(
    request: InvitationRequest,
    caller: Annotated[Caller, caller_with(Role.UNIT_CLERK)],
    resources: TheResources,
    response: Response,
    idempotency_key: IdempotencyKey = None,
) -> InvitationAnswer:
    """Invite a nominee of one's own unit: makes the person, and a code that binds their WeChat account once."""
    invited = await invite_once(resources, inviter=caller, full_name=request.full_name, idempotency_key=idempotency_key)
    if invited.replayed:
        response.headers["Idempotent-Replayed"] = "true"
    return InvitationAnswer.model_validate(invited, from_attributes=True)
