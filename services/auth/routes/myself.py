"""Who one is."""

from fastapi import APIRouter

from services.auth.problems import NoRole
from services.auth.schemas.sessions import MyselfAnswer
from services.auth.sessions.own_session import look_at_myself
from services.common.answers.strict_json import StrictRoute
from services.common.callers.tokens import CallerBeforeSteps
from services.common.db import Reading
from services.common.problem_schema import answers
from services.common.problems import Forbidden, TokenExpired, TokenMissing, Unauthenticated, Unavailable

routes = APIRouter(tags=["sessions"], route_class=StrictRoute)


@routes.get(
    "/v1/auth/me",
    responses=answers(Unauthenticated, TokenMissing, TokenExpired, Forbidden, NoRole, Unavailable),
)
async def get_me(caller: CallerBeforeSteps, session: Reading) -> MyselfAnswer:
    """本人信息和岗位。The signed-in person, for whom they act, and for whom else they could."""
    return MyselfAnswer.of(await look_at_myself(session, caller))
