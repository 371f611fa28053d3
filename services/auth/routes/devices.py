"""The devices somebody is signed in on; choosing whom to act for; the feed that the services poll."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.auth.problems import NoRole, RoleAssignmentUnknown
from services.auth.resources import TheResources
from services.auth.schemas.devices import (
    ActFor,
    ActingAnswer,
    DeviceAnswer,
    DeviceList,
    EndedSessionsAnswer,
    SessionsEnded,
)
from services.auth.schemas.sessions import SessionEnded
from services.auth.sessions.devices import act_for, list_devices, sign_out_device, sign_out_everywhere
from services.auth.sessions.ending_sessions import ended_feed
from services.auth.sessions.origin import TheOrigin
from services.common.answers.strict_json import StrictRoute
from services.common.callers.tokens import CallerBeforeSteps
from services.common.db import Reading, Transaction
from services.common.moments import MomentAsked
from services.common.problem_schema import answers
from services.common.problems import (
    Forbidden,
    MalformedJson,
    NotFound,
    TokenExpired,
    TokenMissing,
    Unauthenticated,
    Unavailable,
    Unprocessable,
)

routes = APIRouter(tags=["sessions"], route_class=StrictRoute)
_SIGNED_IN = (Unauthenticated, TokenMissing, TokenExpired, Forbidden, Unavailable)


@routes.get("/v1/auth/sessions", responses=answers(*_SIGNED_IN))
async def list_sessions(caller: CallerBeforeSteps, session: Reading) -> DeviceList:
    """本人已登录的设备。The caller's own sessions that still run: the list of devices."""
    devices = await list_devices(session, caller)
    return DeviceList(items=[DeviceAnswer.of(device, current=caller.session_id) for device in devices])


@routes.delete("/v1/auth/sessions", responses=answers(*_SIGNED_IN))
async def end_sessions(caller: CallerBeforeSteps, session: Transaction, origin: TheOrigin) -> SessionsEnded:
    """退出全部设备。Sign out everywhere, here too. Access tokens stop working at all services within five seconds."""
    return SessionsEnded(ended=await sign_out_everywhere(session, caller, origin=origin))


@routes.delete("/v1/auth/sessions/{session_id}", responses=answers(*_SIGNED_IN, NotFound, Unprocessable))
async def revoke_session(
    session_id: UUID, caller: CallerBeforeSteps, session: Transaction, origin: TheOrigin
) -> SessionEnded:
    """退出某台设备。Sign one device out."""
    await sign_out_device(session, caller, session_id, origin=origin)
    return SessionEnded()


@routes.post(
    "/v1/auth/sessions/acting",
    responses=answers(MalformedJson, *_SIGNED_IN, NoRole, Unprocessable, RoleAssignmentUnknown),
)
async def choose_acting(
    request: ActFor, caller: CallerBeforeSteps, session: Transaction, resources: TheResources, origin: TheOrigin
) -> ActingAnswer:
    """切换办理身份。Choose for whom to act: one of the caller's running roles. Gives an access token that says so."""
    acting = await act_for(session, resources, caller, request.role_assignment_id, origin=origin)
    return ActingAnswer.of(acting, expires_in=resources.settings.access_token_seconds)


@routes.get("/v1/auth/ended-sessions", responses=answers(Unprocessable, Unavailable))
async def list_ended_sessions(
    session: Reading,
    resources: TheResources,
    since: Annotated[MomentAsked | None, Query(description="`as_of` of the answer before")] = None,
) -> EndedSessionsAnswer:
    """已失效会话（仅供服务间调用）。

    For services that verify access tokens: poll every two seconds, refuse tokens whose `sid` is listed. Names nobody.
    """
    return EndedSessionsAnswer.model_validate(await ended_feed(session, resources, since=since))
