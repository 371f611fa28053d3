"""Two people, one case: who stands for which part, the nominee takes over, 无 in one tap, and counting 字."""

from typing import Annotated
from uuid import UUID

from fastapi import Response
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.answers.strict_json import StrictRoute
from services.common.answers.versions import IfMatch
from services.common.callers.tokens import Caller, CurrentCaller, caller_with
from services.common.problem_schema import SIGNED_IN, DeclaringRouter, answers
from services.common.problems import (
    IdempotencyKeyReused,
    MalformedJson,
    NotFound,
    PreconditionFailed,
    PreconditionRequired,
    Unavailable,
    Unprocessable,
)
from services.common.repeats.idempotency import Answer
from services.common.repeats.once import Once
from services.nominations.cases.blank_filling import fill_blanks
from services.nominations.cases.confirming import confirm
from services.nominations.cases.saving import locked_case
from services.nominations.cases.taking_over import make_code, open_bundle_to_nominee, say_whose_papers, take_over
from services.nominations.context import InContext
from services.nominations.domain.text import count_characters
from services.nominations.domain.workflow import Role
from services.nominations.problems import ActionBlocked, ActionForbidden, HandOverCodeInvalid, NomineeJoined
from services.nominations.routes.nominations import answer_with
from services.nominations.schemas.nomination import (
    BlankFilling,
    CharacterCount,
    CountedText,
    HandOver,
    HandOverCodeBody,
    NewConfirmation,
    NominationBody,
)

_SIGNED_IN = SIGNED_IN
case_content_routes = DeclaringRouter(
    route_class=StrictRoute, tags=["nominations"], responses=answers(MalformedJson, Unavailable, Unprocessable)
)
Nominee = Annotated[Caller, caller_with(Role.NOMINEE)]
_COMMAND = _SIGNED_IN | answers(ActionForbidden, NotFound, ActionBlocked)


@case_content_routes.post(
    "/v1/nominations/{nomination_id}/confirmations",
    status_code=201,
    response_model=NominationBody,
    responses=_COMMAND,
)
async def confirm_nomination_part(
    nomination_id: UUID, wanted: NewConfirmation, caller: CurrentCaller, context: InContext, once: Once
) -> Response:
    """确认本方填写的部分（R79、A30）。Stands for a part as it is now; a later change of it asks for a new confirmation."""

    async def perform(session: AsyncSession) -> Answer:
        case = await locked_case(session, context, caller, nomination_id)
        await confirm(session, caller, case, part=wanted.part, statement=wanted.statement)
        return await answer_with(session, context, caller, case.nomination, status=201)

    return await once.do(caller, perform)


@case_content_routes.post(
    "/v1/nominations/{nomination_id}/blank-fillings",
    status_code=201,
    response_model=NominationBody,
    responses=_COMMAND | answers(PreconditionFailed, PreconditionRequired),
)
async def fill_nomination_blanks(
    nomination_id: UUID,
    wanted: BlankFilling,
    caller: CurrentCaller,
    context: InContext,
    edited: IfMatch,
    once: Once,
) -> Response:
    """将确认无相关情况的栏目填“无”（R151、R171）。Writes 无 into the named fields; who confirmed is recorded."""

    async def perform(session: AsyncSession) -> Answer:
        nomination = await fill_blanks(session, context, caller, nomination_id, edited=edited, fields=wanted.fields)
        return await answer_with(session, context, caller, nomination, status=201)

    return await once.do(caller, perform)


@case_content_routes.post(
    "/v1/nominations/{nomination_id}/hand-over-codes", status_code=201, responses=_COMMAND | answers(NomineeJoined)
)
async def create_hand_over_code(nomination_id: UUID, caller: CurrentCaller, context: InContext) -> HandOverCodeBody:
    """生成接手码（二维码），由推荐对象本人扫码接手填写。A code with which the nominee takes the case over, for 48 hours."""
    async with context.database.transaction() as session:
        case = await locked_case(session, context, caller, nomination_id)
        code, expires_at = await make_code(session, caller, case)
    return HandOverCodeBody(code=code, expires_at=expires_at)


@case_content_routes.post(
    "/v1/hand-overs",
    status_code=201,
    response_model=NominationBody,
    responses=_SIGNED_IN
    | answers(ActionForbidden, ActionBlocked, HandOverCodeInvalid, NomineeJoined, IdempotencyKeyReused),
)
async def take_nomination_over(
    wanted: HandOver,
    context: InContext,
    caller: Nominee,
    once: Once,
) -> Response:
    """凭接手码接手本人的推荐。The signed-in nominee takes over the case that the unit began."""

    async def perform(session: AsyncSession) -> Answer:
        nomination = await take_over(session, context, caller, wanted.code)
        return await answer_with(session, context, caller, nomination, status=201)

    answered = await once.given(caller)
    if answered is None:
        nomination_id = await open_bundle_to_nominee(context, caller, wanted.code)
        try:
            answered = await once.do(caller, perform)
        finally:
            await say_whose_papers(context, nomination_id)
    return answered


@case_content_routes.post("/v1/character-counts")
async def count_text(wanted: CountedText) -> CharacterCount:
    """字数统计（与提交时同一规则）。Counts 字 as the server will: the client never decides (R131, R162)."""
    counted = count_characters(wanted.text)
    return CharacterCount(count=counted.count, code_points=counted.code_points, limit=wanted.limit)
