"""The case: open, read, save, check, submit, withdraw, and its history."""

from typing import Annotated
from uuid import UUID

from fastapi import Response
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.common.answers.strict_json import StrictRoute
from services.common.answers.versions import IfMatch
from services.common.callers.tokens import Caller, CurrentCaller, caller_with
from services.common.db import Reading
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
from services.evidence.chain import first_broken
from services.nominations import queries
from services.nominations.cases.bundle_freezing import freeze_for_submission, tell_documents
from services.nominations.cases.case_facts import Case, load_case, read_case
from services.nominations.cases.case_history import history_for, readable
from services.nominations.cases.checking import check_case
from services.nominations.cases.one_open_case import stands_beside_its_entity
from services.nominations.cases.opening import open_nomination, register_bundle
from services.nominations.cases.papers import papers_of
from services.nominations.cases.reading import check_body, nomination_body
from services.nominations.cases.saving import save, version_of
from services.nominations.cases.submission import submit
from services.nominations.cases.withdrawal import withdraw
from services.nominations.context import Context, InContext
from services.nominations.domain.withheld import as_told
from services.nominations.domain.workflow import Role
from services.nominations.personal_data.identity_reveal import reveal_identity
from services.nominations.problems import (
    ActionBlocked,
    ActionForbidden,
    AlreadyNominated,
    CampaignClosed,
    CampaignNotFound,
    CampaignNotOpen,
    CategoryUnknown,
    NominationHeld,
    NominationIncomplete,
    NoSeatGranted,
    QuotaExhausted,
)
from services.nominations.schemas.nomination import (
    CaseHistory,
    CheckResult,
    EventBody,
    NewNomination,
    NominationBody,
    RevealedIdentity,
    RevealRequest,
    SavedNomination,
    Submission,
)
from services.nominations.schemas.procedure import Withdrawal
from services.nominations.tables import Nomination

_COMMON = SIGNED_IN | answers(Unavailable, Unprocessable)
_COMMAND = _COMMON | answers(MalformedJson, ActionForbidden, NotFound, ActionBlocked)

nomination_routes = DeclaringRouter(
    route_class=StrictRoute, prefix="/v1/nominations", tags=["nominations"], responses=_COMMON
)
Opener = Annotated[Caller, caller_with(Role.NOMINEE, Role.UNIT_CLERK)]


async def body_of(session: AsyncSession, context: Context, caller: Caller, nomination: Nomination) -> NominationBody:
    return nomination_body(await _case_of(session, context, nomination), caller)


async def _case_of(session: AsyncSession, context: Context, nomination: Nomination) -> Case:
    campaign = await context.campaigns.version(session, nomination.campaign_key, nomination.campaign_version)
    return await load_case(session, nomination, campaign, now=context.clock.now())


async def answer_with(
    session: AsyncSession, context: Context, caller: Caller, nomination: Nomination, *, status: int = 200
) -> Answer:
    return answer_of(await _case_of(session, context, nomination), caller, status=status)


def answer_of(case: Case, caller: Caller, *, status: int = 200) -> Answer:
    return Answer(status, nomination_body(case, caller), {"ETag": version_of(case.nomination).etag})


@nomination_routes.post(
    "",
    status_code=201,
    response_model=NominationBody,
    responses=answers(
        NominationHeld,
        MalformedJson,
        CampaignNotFound,
        CampaignClosed,
        CampaignNotOpen,
        CategoryUnknown,
        NoSeatGranted,
        NotFound,
        IdempotencyKeyReused,
    ),
)
async def create_nomination(wanted: NewNomination, caller: Opener, context: InContext, once: Once) -> Response:
    """建立推荐（草稿）。Opens a case as a draft; it may be as incomplete as you like."""
    nomination_id = uuid7()
    campaign = await register_bundle(context, caller, nomination_id, wanted)

    async def perform(session: AsyncSession) -> Answer:
        case = await open_nomination(session, context, caller, nomination_id, wanted, campaign)
        return answer_of(case, caller, status=201)

    return await once.do(caller, perform)


@nomination_routes.get("/{nomination_id}", responses=answers(NotFound))
async def get_nomination(
    nomination_id: UUID, caller: CurrentCaller, context: InContext, response: Response
) -> NominationBody:
    """读取推荐。The case, with what the caller may do now and everything that stands against it."""
    case = await read_case(context, caller, nomination_id)
    response.headers["ETag"] = version_of(case.nomination).etag
    return nomination_body(case, caller)


@nomination_routes.put(
    "/{nomination_id}", responses=_COMMAND | answers(AlreadyNominated, PreconditionFailed, PreconditionRequired)
)
async def save_nomination(
    nomination_id: UUID,
    wanted: SavedNomination,
    caller: CurrentCaller,
    context: InContext,
    edited: IfMatch,
    response: Response,
) -> NominationBody:
    """保存推荐内容（整体保存）。Saves the whole content; 412 when somebody saved in between."""
    async with context.database.transaction() as session:
        nomination = await save(session, context, caller, nomination_id, edited=edited, wanted=wanted)
        body = await body_of(session, context, caller, nomination)
        response.headers["ETag"] = version_of(nomination).etag
    return body


@nomination_routes.post("/{nomination_id}/checks", responses=answers(NotFound))
async def check_nomination(nomination_id: UUID, caller: CurrentCaller, context: InContext) -> CheckResult:
    """提交前检查：一次列出全部问题。The dry run of submission; changes nothing."""
    async with context.database.reading() as session:
        nomination = await queries.get_nomination(session, caller, nomination_id)
        campaign = await context.campaigns.version(session, nomination.campaign_key, nomination.campaign_version)
        case = await load_case(session, nomination, campaign, now=context.clock.now())
        beside = await stands_beside_its_entity(session, case)
    papers = await papers_of(context, caller, nomination_id)
    findings = check_case(case, context.seal, papers, beside_entity=beside)
    await tell_documents(context, caller, nomination_id)
    return check_body(case, findings)


@nomination_routes.post(
    "/{nomination_id}/submissions",
    status_code=201,
    response_model=NominationBody,
    responses=_COMMAND
    | answers(NominationIncomplete, AlreadyNominated, NoSeatGranted, QuotaExhausted, IdempotencyKeyReused),
)
async def submit_nomination(
    nomination_id: UUID,
    caller: CurrentCaller,
    context: InContext,
    once: Once,
    wanted: Submission | None = None,
) -> Response:
    """提交推荐。Submits by the same rules as the dry run, and takes a seat of the quota."""
    number = uuid7()
    await freeze_for_submission(context, caller, nomination_id, number=number)
    explanations = wanted.explanations if wanted is not None else []
    try:
        papers = await papers_of(context, caller, nomination_id)

        async def perform(session: AsyncSession) -> Answer:
            nomination = await submit(session, context, caller, nomination_id, papers, explanations)
            return await answer_with(session, context, caller, nomination, status=201)

        return await once.do(caller, perform)
    finally:
        await tell_documents(context, caller, nomination_id, ended=number)


@nomination_routes.post(
    "/{nomination_id}/withdrawal", status_code=201, response_model=NominationBody, responses=_COMMAND
)
async def withdraw_nomination(
    nomination_id: UUID, wanted: Withdrawal, caller: CurrentCaller, context: InContext, once: Once
) -> Response:
    """撤回推荐，释放名额。Until the city lists it; what the public saw of it ends, a seat not reported yet is free again."""

    async def perform(session: AsyncSession) -> NominationBody:
        nomination = await withdraw(session, context, caller, nomination_id, reason=wanted.reason)
        return await body_of(session, context, caller, nomination)

    answer = await once.do(caller, perform)
    await tell_documents(context, caller, nomination_id)
    return answer


@nomination_routes.get("/{nomination_id}/events", responses=answers(NotFound))
async def list_events(nomination_id: UUID, caller: CurrentCaller, session: Reading) -> CaseHistory:
    """流转记录（哈希链）。The history of the case, and whether its chain of hashes holds.

    An authority's answer is told to offices alone, a rank to nobody below before the province has decided.
    """
    status, events = await history_for(session, caller, nomination_id)
    broken = first_broken(events)
    # What comes after a broken link proves nothing: it is not shown as history.
    shown = events if broken is None else events[: broken - 1]
    items = [EventBody(**as_told(readable(event), roles=caller.roles, status=status)) for event in shown]
    return CaseHistory(items=items, intact=broken is None, first_broken=broken)


@nomination_routes.post("/{nomination_id}/identity-reveals", status_code=201, responses=answers(NotFound))
async def reveal_nominee_identity(
    nomination_id: UUID, wanted: RevealRequest, caller: CurrentCaller, context: InContext
) -> RevealedIdentity:
    """查看完整身份证号（须说明理由，留痕）。Shows the whole number, for a reason that is recorded."""
    async with context.database.transaction() as session:
        number = await reveal_identity(session, context, caller, nomination_id, reason=wanted.reason)
    return RevealedIdentity(resident_id_number=number)
