"""Enrolling and removing one's second factor."""

from fastapi import APIRouter, Response
from sqlalchemy.ext.asyncio import AsyncSession

from services.auth.limits import SECOND_FACTOR_BY_PERSON
from services.auth.problems import SecondFactorEnrolled, SecondFactorRequired, SecondFactorWrong
from services.auth.resources import TheResources
from services.auth.schemas.second_factor import CodeRequest, EnrolledAnswer, EnrolmentAnswer, FactorRemoved
from services.auth.second_factors.second_factor import (
    begin_enrolment,
    confirm_enrolment,
    pass_second_factor,
    remove_factor,
)
from services.auth.sessions.origin import TheOrigin
from services.common.answers.strict_json import StrictRoute
from services.common.callers.tokens import CallerBeforeSteps
from services.common.db import Transaction
from services.common.problem_schema import answers
from services.common.problems import (
    Forbidden,
    MalformedJson,
    NotFound,
    TokenExpired,
    TokenMissing,
    TooManyRequests,
    Unauthenticated,
    Unavailable,
    Unprocessable,
)
from services.common.repeats.once import Once

routes = APIRouter(tags=["second factor"], route_class=StrictRoute)
_SIGNED_IN = (Unauthenticated, TokenMissing, TokenExpired, Forbidden, TooManyRequests, Unavailable)
_WITH_CODE = (MalformedJson, *_SIGNED_IN, NotFound, Unprocessable, SecondFactorWrong)


@routes.post("/v1/auth/me/second-factor", status_code=201, responses=answers(*_SIGNED_IN, SecondFactorEnrolled))
async def create_second_factor(
    caller: CallerBeforeSteps, session: Transaction, resources: TheResources
) -> EnrolmentAnswer:
    """绑定动态口令。A secret for the authenticator app. Nothing changes until a code of it is confirmed."""
    enrolment = await begin_enrolment(session, resources, caller)
    return EnrolmentAnswer.model_validate(enrolment, from_attributes=True)


@routes.post(
    "/v1/auth/me/second-factor/confirmations",
    status_code=201,
    response_model=EnrolledAnswer,
    responses=answers(*_WITH_CODE, SecondFactorEnrolled),
)
async def confirm_second_factor(
    request: CodeRequest, caller: CallerBeforeSteps, resources: TheResources, origin: TheOrigin, once: Once
) -> Response:
    """确认动态口令。From here on every sign-in asks for a code. Gives ten recovery codes, shown once."""

    async def perform(session: AsyncSession) -> EnrolledAnswer:
        codes = await confirm_enrolment(session, resources, caller, code=request.one_time_code, origin=origin)
        return EnrolledAnswer(recovery_codes=codes)

    await resources.limiter.take(SECOND_FACTOR_BY_PERSON.of(caller.subject))
    return await once.do(caller, perform)


@routes.post("/v1/auth/me/second-factor/removals", responses=answers(*_WITH_CODE, SecondFactorRequired))
async def remove_second_factor(
    request: CodeRequest, caller: CallerBeforeSteps, resources: TheResources, origin: TheOrigin
) -> FactorRemoved:
    """解除本人动态口令。Before changing phones; needs a code. A role that requires a second factor asks for a new one at once."""
    await resources.limiter.take(SECOND_FACTOR_BY_PERSON.of(caller.subject))
    person_id, code = caller.person_id, request.one_time_code
    async with resources.database.transaction() as session:
        await pass_second_factor(session, resources, person_id=person_id, code=code, origin=origin)
        await remove_factor(session, person_id, origin=origin)
    return FactorRemoved()
