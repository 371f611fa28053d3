"""Signing in, refreshing, signing out."""

from functools import partial

from fastapi import APIRouter, Response

from services.auth.invitations.invitation_problems import InvitationInvalid
from services.auth.invitations.redeeming import redeem_on_web
from services.auth.problems import (
    CredentialsWrong,
    NoRole,
    PasswordRefused,
    PersonSuspended,
    PhoneNotUsable,
    RefreshTokenInvalid,
    RefreshTokenReused,
    RoleAssignmentUnknown,
    SecondFactorRequired,
    SecondFactorWrong,
    SignInDelayed,
    TextCodeWrong,
    UsernameTaken,
)
from services.auth.resources import Resources, TheResources
from services.auth.schemas.invitations import Redemption
from services.auth.schemas.sessions import PasswordSignIn, Refresh, SessionAnswer, SessionEnded, WechatSignIn
from services.auth.second_factors.passkey_problems import PasskeyRequired
from services.auth.sessions.opening_session import SignedIn
from services.auth.sessions.origin import TheOrigin
from services.auth.sessions.own_session import end_own_session
from services.auth.sessions.password_sign_in import sign_in_by_password
from services.auth.sessions.refreshing_session import refresh_session as refresh
from services.auth.sessions.text_codes import TextProof
from services.auth.wechat.wechat_problems import (
    AppidUnknown,
    PhoneBoundAlready,
    PhoneCodeInvalid,
    PhoneOfSeveral,
    WechatBoundToAnother,
    WechatCodeInvalid,
    WechatNotBound,
    WechatTooManyRequests,
    WechatUnavailable,
    WechatUserBlocked,
)
from services.auth.wechat.wechat_sign_in import sign_in_by_wechat
from services.auth.wechat.whose_account import Proof
from services.common.answers.strict_json import StrictRoute
from services.common.callers.tokens import CallerBeforeSteps
from services.common.db import Transaction
from services.common.problem_schema import answers
from services.common.problems import (
    Forbidden,
    MalformedJson,
    TokenExpired,
    TokenMissing,
    TooManyRequests,
    Unauthenticated,
    Unavailable,
    Unprocessable,
)
from services.common.repeats.once import OnceForAnybody

routes = APIRouter(tags=["sessions"], route_class=StrictRoute)


def _answer(resources: Resources, signed_in: SignedIn) -> SessionAnswer:
    return SessionAnswer.of(signed_in, expires_in=resources.settings.access_token_seconds)


@routes.post(
    "/v1/auth/sessions",
    status_code=201,
    responses=answers(
        MalformedJson,
        CredentialsWrong,
        NoRole,
        PersonSuspended,
        Unprocessable,
        RoleAssignmentUnknown,
        SecondFactorRequired,
        SecondFactorWrong,
        TextCodeWrong,
        PasskeyRequired,
        SignInDelayed,
        TooManyRequests,
        Unavailable,
    ),
)
async def create_session(sign_in: PasswordSignIn, resources: TheResources, origin: TheOrigin) -> SessionAnswer:
    """用户名密码登录。Sign in by name and password."""
    signed_in = await sign_in_by_password(
        resources,
        username=sign_in.username,
        password=sign_in.password,
        role_assignment_id=sign_in.role_assignment_id,
        one_time_code=sign_in.one_time_code,
        text_proof=None if sign_in.sms is None else TextProof(sign_in.sms.phone, sign_in.sms.ticket, sign_in.sms.code),
        origin=origin,
    )
    return _answer(resources, signed_in)


@routes.post(
    "/v1/auth/wechat/sessions",
    status_code=201,
    responses=answers(
        MalformedJson,
        NoRole,
        PersonSuspended,
        WechatNotBound,
        WechatUserBlocked,
        WechatBoundToAnother,
        PhoneOfSeveral,
        PhoneBoundAlready,
        Unprocessable,
        AppidUnknown,
        WechatCodeInvalid,
        PhoneCodeInvalid,
        PhoneNotUsable,
        InvitationInvalid,
        RoleAssignmentUnknown,
        SecondFactorRequired,
        SecondFactorWrong,
        PasskeyRequired,
        WechatTooManyRequests,
        TooManyRequests,
        Unavailable,
        WechatUnavailable,
    ),
)
async def create_wechat_session(sign_in: WechatSignIn, resources: TheResources, origin: TheOrigin) -> SessionAnswer:
    """小程序微信登录。

    Sign in from the mini-program. An unknown openid is bound by an invitation, or by a number that an inviter wrote down.
    """
    signed_in = await sign_in_by_wechat(
        resources,
        appid=sign_in.appid,
        code=sign_in.code,
        proof=Proof(sign_in.invitation_code, sign_in.phone_code, sign_in.full_name),
        role_assignment_id=sign_in.role_assignment_id,
        one_time_code=sign_in.one_time_code,
        origin=origin,
    )
    return _answer(resources, signed_in)


@routes.post(
    "/v1/auth/invitations/redemptions",
    status_code=201,
    responses=answers(
        MalformedJson,
        SecondFactorRequired,
        PasskeyRequired,
        NoRole,
        PersonSuspended,
        UsernameTaken,
        Unprocessable,
        InvitationInvalid,
        PasswordRefused,
        TooManyRequests,
        Unavailable,
    ),
)
async def redeem_invitation(request: Redemption, resources: TheResources, origin: TheOrigin) -> SessionAnswer:
    """受邀人在网页端注册并登录。On the web: the invited person chooses a username and a password, and is signed in."""
    signed_in = await redeem_on_web(
        resources,
        invitation_code=request.invitation_code,
        username=request.username,
        password=request.password,
        origin=origin,
    )
    return _answer(resources, signed_in)


@routes.post(
    "/v1/auth/sessions/refreshes",
    status_code=201,
    response_model=SessionAnswer,
    responses=answers(
        MalformedJson, RefreshTokenInvalid, RefreshTokenReused, Unprocessable, TooManyRequests, Unavailable
    ),
)
async def refresh_session(
    request: Refresh, resources: TheResources, origin: TheOrigin, once: OnceForAnybody
) -> Response:
    """刷新登录。

    Exchange a refresh token for a new pair. A token used twice ends the session, unless under the same Idempotency-Key.
    """
    return await refresh(resources, request.refresh_token, origin=origin, once=once, shown=partial(_answer, resources))


@routes.delete(
    "/v1/auth/sessions/current",
    responses=answers(Unauthenticated, TokenMissing, TokenExpired, Forbidden, Unavailable),
)
async def end_session(caller: CallerBeforeSteps, session: Transaction, origin: TheOrigin) -> SessionEnded:
    """退出登录。Sign out: this session refreshes no more."""
    await end_own_session(session, caller, origin=origin)
    return SessionEnded()
