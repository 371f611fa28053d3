"""Machines asking for a token."""

from fastapi import APIRouter

from services.auth.machines.machine_sign_in import sign_in_machine
from services.auth.problems import CredentialsWrong
from services.auth.resources import TheResources
from services.auth.schemas.service_tokens import ServiceTokenRequest
from services.auth.schemas.sessions import TokenAnswer
from services.auth.sessions.origin import TheOrigin
from services.common.answers.strict_json import StrictRoute
from services.common.problem_schema import answers
from services.common.problems import MalformedJson, TooManyRequests, Unavailable, Unprocessable

routes = APIRouter(tags=["machines"], route_class=StrictRoute)


@routes.post(
    "/v1/auth/service-tokens",
    status_code=201,
    responses=answers(MalformedJson, CredentialsWrong, Unprocessable, TooManyRequests, Unavailable),
)
async def create_service_token(request: ServiceTokenRequest, resources: TheResources, origin: TheOrigin) -> TokenAnswer:
    """服务间访问令牌。A short access token with the role `service`."""
    token = await sign_in_machine(
        resources, client_id=request.client_id, client_secret=request.client_secret, origin=origin
    )
    return TokenAnswer(access_token=token, expires_in=resources.settings.access_token_seconds)
