"""Passkeys for browsers: registering them, and signing in by them."""

from uuid import UUID

from fastapi import APIRouter

from services.auth.limits import SECOND_FACTOR_BY_PERSON
from services.auth.problems import (
    NoRole,
    PersonSuspended,
    RoleAssignmentUnknown,
    SecondFactorRequired,
    SecondFactorWrong,
)
from services.auth.resources import TheResources
from services.auth.schemas import passkeys as schemas
from services.auth.schemas.sessions import SessionAnswer
from services.auth.second_factors import passkeys
from services.auth.second_factors.passkey_problems import (
    PasskeyCopied,
    PasskeyKnown,
    PasskeyRefused,
    PasskeysOff,
    PasskeyWrong,
    TooManyPasskeys,
)
from services.auth.second_factors.passkey_sign_in import begin_passkey_sign_in, sign_in_by_passkey
from services.auth.sessions.origin import TheOrigin
from services.common.answers.strict_json import StrictRoute
from services.common.callers.tokens import CallerBeforeSteps
from services.common.db import Reading, Transaction
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

routes = APIRouter(tags=["passkeys"], route_class=StrictRoute)
_OFTEN = (TooManyRequests, Unavailable)
_SIGNED_IN = (Unauthenticated, TokenMissing, TokenExpired, Forbidden, Unavailable)
_BODY = (MalformedJson, *_SIGNED_IN, Unprocessable)
_CODE = (SecondFactorRequired, SecondFactorWrong, TooManyRequests)


@routes.post(
    "/v1/auth/me/passkeys/options", status_code=201, responses=answers(*_BODY, *_CODE, TooManyPasskeys, PasskeysOff)
)
async def create_passkey_options(
    request: schemas.FactorProof, caller: CallerBeforeSteps, resources: TheResources, origin: TheOrigin
) -> schemas.CeremonyAnswer:
    """登记通行密钥前的浏览器选项。What to ask the browser for, before a passkey is registered."""
    await resources.limiter.take(SECOND_FACTOR_BY_PERSON.of(caller.subject))
    async with resources.database.transaction() as session:
        ceremony = await passkeys.begin_registration(
            session, resources, caller, code=request.one_time_code, origin=origin
        )
    return schemas.CeremonyAnswer.model_validate(ceremony, from_attributes=True)


@routes.post(
    "/v1/auth/me/passkeys",
    status_code=201,
    responses=answers(*_BODY, PasskeyRefused, PasskeyKnown, TooManyPasskeys, PasskeysOff),
)
async def create_passkey(
    request: schemas.NewPasskey, caller: CallerBeforeSteps, resources: TheResources, origin: TheOrigin
) -> schemas.PasskeyAnswer:
    """登记通行密钥。Registers what the browser made. It counts as a second factor from here on."""
    credential = request.credential.as_sent()
    added = await passkeys.register(resources, caller, name=request.name, credential=credential, origin=origin)
    return schemas.PasskeyAnswer.model_validate(added, from_attributes=True)


@routes.get("/v1/auth/me/passkeys", responses=answers(*_SIGNED_IN))
async def list_passkeys(caller: CallerBeforeSteps, session: Reading) -> schemas.PasskeyList:
    """我的通行密钥。The caller's own."""
    rows = await passkeys.own_passkeys(session, caller)
    return schemas.PasskeyList(items=[schemas.PasskeyAnswer.model_validate(row, from_attributes=True) for row in rows])


@routes.put("/v1/auth/me/passkeys/{passkey_id}", responses=answers(*_BODY, NotFound))
async def rename_passkey(
    passkey_id: UUID, request: schemas.PasskeyChange, caller: CallerBeforeSteps, session: Transaction
) -> schemas.PasskeyAnswer:
    """命名通行密钥。So that its owner knows which device it is on."""
    renamed = await passkeys.rename(session, caller, passkey_id, name=request.name)
    return schemas.PasskeyAnswer.model_validate(renamed, from_attributes=True)


@routes.post("/v1/auth/me/passkeys/{passkey_id}/removals", responses=answers(*_BODY, *_CODE, NotFound))
async def remove_passkey(
    passkey_id: UUID,
    request: schemas.FactorProof,
    caller: CallerBeforeSteps,
    resources: TheResources,
    origin: TheOrigin,
) -> schemas.PasskeyRemoved:
    """移除通行密钥。It signs nobody in any more. Sessions it opened go on: end them in the list of devices."""
    await resources.limiter.take(SECOND_FACTOR_BY_PERSON.of(caller.subject))
    async with resources.database.transaction() as session:
        await passkeys.remove(session, resources, caller, passkey_id, code=request.one_time_code, origin=origin)
    return schemas.PasskeyRemoved()


@routes.post("/v1/auth/passkeys/options", status_code=201, responses=answers(*_OFTEN, PasskeysOff))
async def create_passkey_sign_in_options(resources: TheResources, origin: TheOrigin) -> schemas.CeremonyAnswer:
    """通行密钥登录前的浏览器选项。What to ask the browser for, before a sign-in by passkey."""
    ceremony = await begin_passkey_sign_in(resources, origin=origin)
    return schemas.CeremonyAnswer.model_validate(ceremony, from_attributes=True)


@routes.post(
    "/v1/auth/passkeys/sessions",
    status_code=201,
    responses=answers(
        MalformedJson,
        PasskeyWrong,
        PasskeyCopied,
        PersonSuspended,
        NoRole,
        Unprocessable,
        RoleAssignmentUnknown,
        PasskeysOff,
        *_OFTEN,
    ),
)
async def create_passkey_session(
    sign_in: schemas.PasskeySignIn, resources: TheResources, origin: TheOrigin
) -> SessionAnswer:
    """用通行密钥登录。Signs in by passkey: no name, no password, no one-time code."""
    signed_in = await sign_in_by_passkey(
        resources,
        credential=sign_in.credential.as_sent(),
        role_assignment_id=sign_in.role_assignment_id,
        origin=origin,
    )
    return SessionAnswer.of(signed_in, expires_in=resources.settings.access_token_seconds)
