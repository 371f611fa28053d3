"""One step for many cases, with an outcome for each."""

from collections.abc import Awaitable
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.answers.strict_json import StrictRoute
from services.common.callers.tokens import CurrentCaller
from services.common.problem_schema import SIGNED_IN, answers
from services.common.problems import (
    IdempotencyKeyReused,
    MalformedJson,
    Unavailable,
    Unprocessable,
)
from services.common.repeats.idempotency import content_of
from services.common.repeats.once import IdempotencyKey
from services.common.text import preferred_language
from services.nominations.cases.bulk import Call, in_turn
from services.nominations.cases.bundle_freezing import tell_documents
from services.nominations.cases.case_facts import Case
from services.nominations.cases.hand_over import open_documents_upward
from services.nominations.cases.withdrawal import withdraw_case
from services.nominations.context import InContext
from services.nominations.domain.workflow import Action
from services.nominations.reviews.reviewing import review
from services.nominations.reviews.signing import sign_for_unit
from services.nominations.schemas.bulk import (
    BulkAnswer,
    BulkItem,
    NewBulkReviews,
    NewBulkSignatures,
    NewBulkWithdrawals,
    ReviewItem,
    WithdrawalItem,
)

bulk_routes = APIRouter(
    route_class=StrictRoute,
    tags=["procedure"],
    responses=SIGNED_IN | answers(MalformedJson, IdempotencyKeyReused, Unprocessable, Unavailable),
)
AcceptLanguage = Annotated[str | None, Header(alias="Accept-Language", include_in_schema=False)]


@bulk_routes.post("/v1/nomination-reviews")
async def review_nominations(
    wanted: NewBulkReviews,
    caller: CurrentCaller,
    context: InContext,
    key: IdempotencyKey = None,
    accept_language: AcceptLanguage = None,
) -> BulkAnswer:
    """批量审核，逐件给出结果；可先试办（dry_run）。Reviews many cases; each as if reviewed singly, none stops another."""

    def step(session: AsyncSession, case: Case, item: ReviewItem) -> Awaitable[None]:
        return review(session, caller, case, item)

    call = _call("review_nominations", wanted, key, accept_language, dry_run=wanted.dry_run)
    return await in_turn(context, caller, call, wanted.items, step, after=partial(tell_documents, context, caller))


@bulk_routes.post("/v1/nomination-signatures")
async def sign_nominations_for_unit(
    wanted: NewBulkSignatures,
    caller: CurrentCaller,
    context: InContext,
    key: IdempotencyKey = None,
    accept_language: AcceptLanguage = None,
) -> BulkAnswer:
    """单位负责人批量签署并上报。The head of the unit signs many cases; each goes up by itself."""

    def step(session: AsyncSession, case: Case, _: BulkItem) -> Awaitable[None]:
        return sign_for_unit(session, caller, case, signer_name=wanted.signer_name)

    async def open_upward(nomination_id: UUID) -> None:
        await open_documents_upward(context, caller, nomination_id, Action.SIGN_FOR_UNIT)

    call = _call("sign_nominations_for_unit", wanted, key, accept_language, dry_run=wanted.dry_run)
    return await in_turn(context, caller, call, wanted.items, step, before=open_upward)


@bulk_routes.post("/v1/nomination-withdrawals")
async def withdraw_nominations(
    wanted: NewBulkWithdrawals,
    caller: CurrentCaller,
    context: InContext,
    key: IdempotencyKey = None,
    accept_language: AcceptLanguage = None,
) -> BulkAnswer:
    """批量撤回推荐，释放名额。Takes many cases back; the seat of each is free again."""

    def step(session: AsyncSession, case: Case, item: WithdrawalItem) -> Awaitable[None]:
        return withdraw_case(session, caller, case, reason=item.reason)

    call = _call("withdraw_nominations", wanted, key, accept_language, dry_run=wanted.dry_run)
    return await in_turn(context, caller, call, wanted.items, step, after=partial(tell_documents, context, caller))


def _call(operation: str, wanted: BaseModel, key: str | None, accept_language: str | None, *, dry_run: bool) -> Call:
    return Call(operation, key, content_of(wanted), dry_run, preferred_language(accept_language))
