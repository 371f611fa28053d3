"""The public keys that verify access tokens."""

from fastapi import APIRouter, Response

from services.auth.keys.signing_keys import published_keys
from services.auth.resources import TheResources
from services.auth.schemas.keys import JwksAnswer
from services.common.answers.strict_json import StrictRoute
from services.common.problem_schema import answers
from services.common.problems import Unavailable

routes = APIRouter(tags=["keys"], route_class=StrictRoute)


@routes.get("/v1/auth/jwks.json", responses=answers(Unavailable))
async def get_jwks(resources: TheResources, response: Response) -> JwksAnswer:
    """令牌验签公钥。JSON Web Key Set (RFC 7517)."""
    response.headers["Cache-Control"] = "public, max-age=300"
    return JwksAnswer.model_validate(await published_keys(resources.database))
