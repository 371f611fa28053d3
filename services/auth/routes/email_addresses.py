"""The caller's own e-mail address."""

from fastapi import APIRouter

from services.auth.messages.email_addresses import confirm_address, give_address, own_address, take_back
from services.auth.problems import EmailCodeWrong
from services.auth.resources import TheResources
from services.auth.schemas.email_addresses import EmailAddressRemoved, EmailCode, OwnEmailAddress, OwnEmailAddressBody
from services.common.answers.strict_json import StrictRoute
from services.common.callers.tokens import CurrentCaller
from services.common.db import Reading, Transaction
from services.common.messages.emails import EmailNotSent, EmailOff, EmailRefused, EmailUnsure
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

routes = APIRouter(
    tags=["messages"],
    route_class=StrictRoute,
    prefix="/v1/auth/me/email-address",
    responses=answers(Unauthenticated, TokenMissing, TokenExpired, Forbidden, Unavailable),
)
_SENDING = answers(MalformedJson, Unprocessable, TooManyRequests, EmailOff, EmailNotSent, EmailRefused, EmailUnsure)


@routes.get("", responses=answers(NotFound))
async def get_own_email_address(
    caller: CurrentCaller, resources: TheResources, session: Reading
) -> OwnEmailAddressBody:
    """本人接收提醒的邮箱。Where the caller's own reminders go."""
    return OwnEmailAddressBody.model_validate(await own_address(session, resources, caller), from_attributes=True)


@routes.put("", responses=_SENDING)
async def save_own_email_address(
    wanted: OwnEmailAddress, caller: CurrentCaller, resources: TheResources
) -> OwnEmailAddressBody:
    """填写本人接收提醒的邮箱，并向其发送验证码。Replaces the one before; confirm it with the code."""
    given = await give_address(resources, caller, address=wanted.address)
    return OwnEmailAddressBody.model_validate(given, from_attributes=True)


@routes.post(
    "/confirmations", status_code=201, responses=answers(MalformedJson, NotFound, Unprocessable, EmailCodeWrong)
)
async def confirm_own_email_address(
    wanted: EmailCode, caller: CurrentCaller, resources: TheResources
) -> OwnEmailAddressBody:
    """用验证码确认邮箱。From here on messages go there; a code dies of five wrong tries."""
    confirmed = await confirm_address(resources, caller, code=wanted.code)
    return OwnEmailAddressBody.model_validate(confirmed, from_attributes=True)


@routes.delete("")
async def remove_own_email_address(caller: CurrentCaller, session: Transaction) -> EmailAddressRemoved:
    """不再接收邮件。Safe to repeat."""
    await take_back(session, caller)
    return EmailAddressRemoved()
