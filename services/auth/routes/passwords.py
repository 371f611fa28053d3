"""Changing one's password."""

from fastapi import APIRouter

from services.auth.problems import PasswordRefused, PasswordWrong, SignInDelayed
from services.auth.resources import TheResources
from services.auth.schemas.passwords import PasswordChange, PasswordChanged
from services.auth.sessions.changing_password import change_password
from services.auth.sessions.origin import TheOrigin
from services.common.answers.strict_json import StrictRoute
from services.common.callers.tokens import CallerBeforeSteps
from services.common.problem_schema import GATED, answers
from services.common.problems import (
    MalformedJson,
    NotFound,
    TooManyRequests,
)

routes = APIRouter(tags=["passwords"], route_class=StrictRoute)


@routes.put(
    "/v1/auth/me/password",
    responses=answers(*GATED, MalformedJson, NotFound, PasswordWrong, PasswordRefused, SignInDelayed, TooManyRequests),
)
async def change_own_password(
    request: PasswordChange, caller: CallerBeforeSteps, resources: TheResources, origin: TheOrigin
) -> PasswordChanged:
    """修改密码。Change the password: all other sessions of the person end. 404 for whoever signs in by WeChat alone."""
    changed_at, ended = await change_password(
        resources, caller, current=request.current_password, new=request.new_password, origin=origin
    )
    return PasswordChanged(changed_at=changed_at, sessions_ended=ended)
