"""Signing in by a code that comes as a text message."""

from fastapi import APIRouter

from services.auth.problems import (
    NoRole,
    PersonSuspended,
    PhoneNotUsable,
    RoleAssignmentUnknown,
    SecondFactorRequired,
    SecondFactorWrong,
    TextCodeWrong,
)
from services.auth.resources import TheResources
from services.auth.schemas.sessions import SessionAnswer
from services.auth.schemas.text_codes import SmsCodeAnswer, SmsCodeRequest, SmsSignIn
from services.auth.second_factors.passkey_problems import PasskeyRequired
from services.auth.sessions.origin import TheOrigin
from services.auth.sessions.text_code_sign_in import sign_in_by_text_code
from services.auth.sessions.text_codes import TextProof, send_text_code
from services.auth.wechat.wechat_problems import PhoneOfSeveral
from services.common.answers.strict_json import StrictRoute
from services.common.messages.text_messages import TextMessageNotSent, TextMessagesOff
from services.common.problem_schema import answers
from services.common.problems import MalformedJson, TooManyRequests, Unavailable, Unprocessable

routes = APIRouter(tags=["sessions"], route_class=StrictRoute)


@routes.post(
    "/v1/auth/sms-codes",
    status_code=201,
    responses=answers(
        MalformedJson,
        Unprocessable,
        PhoneNotUsable,
        TooManyRequests,
        Unavailable,
        TextMessagesOff,
        TextMessageNotSent,
    ),
)
async def create_sms_code(request: SmsCodeRequest, resources: TheResources, origin: TheOrigin) -> SmsCodeAnswer:
    """发送短信验证码。Sends a code to a phone. The answer is the same for a number that nobody here has: then nothing is sent."""
    ticket = await send_text_code(resources, phone=request.phone, origin=origin)
    return SmsCodeAnswer.model_validate(ticket, from_attributes=True)


@routes.post(
    "/v1/auth/sms-sessions",
    status_code=201,
    responses=answers(
        MalformedJson,
        SecondFactorRequired,
        PasskeyRequired,
        PersonSuspended,
        NoRole,
        PhoneOfSeveral,
        Unprocessable,
        TextCodeWrong,
        RoleAssignmentUnknown,
        SecondFactorWrong,
        TooManyRequests,
        Unavailable,
    ),
)
async def create_sms_session(sign_in: SmsSignIn, resources: TheResources, origin: TheOrigin) -> SessionAnswer:
    """用短信验证码登录。Signs in by the code. Somebody whom nobody invited gets no account by it."""
    signed_in = await sign_in_by_text_code(
        resources,
        TextProof(sign_in.phone, sign_in.ticket, sign_in.code),
        full_name=sign_in.full_name,
        role_assignment_id=sign_in.role_assignment_id,
        one_time_code=sign_in.one_time_code,
        origin=origin,
    )
    return SessionAnswer.of(signed_in, expires_in=resources.settings.access_token_seconds)
