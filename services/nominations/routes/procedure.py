"""What unit, county and city do with a case."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

from fastapi import Path, Response
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.answers.versions import IfMatch
from services.common.callers.tokens import Caller, CurrentCaller
from services.common.db import Reading
from services.common.problem_schema import SIGNED_IN, DeclaringRouter, answers
from services.common.problems import (
    MalformedJson,
    NotFound,
    PreconditionFailed,
    PreconditionRequired,
    Unavailable,
    Unprocessable,
)
from services.common.repeats.idempotency import Answer
from services.common.repeats.once import Once
from services.nominations import queries
from services.nominations.cases.bundle_freezing import tell_documents
from services.nominations.cases.case_facts import Case
from services.nominations.cases.hand_over import open_documents_upward
from services.nominations.cases.papers import papers_of
from services.nominations.cases.saving import locked_case
from services.nominations.consultation.opinion_scans import scan_of_opinion
from services.nominations.consultation.opinions import record_opinion
from services.nominations.context import Context, InContext
from services.nominations.documents_client import HeldDocument
from services.nominations.domain.workflow import Action
from services.nominations.lists.list_files import ListingRoute
from services.nominations.problems import (
    ActionBlocked,
    ActionForbidden,
    AlreadyNominated,
    NominationIncomplete,
    QuotaExhausted,
)
from services.nominations.publicity.correcting import correct
from services.nominations.publicity.guest_files import require_held
from services.nominations.publicity.publicity_notices import open_publicity
from services.nominations.publicity.publicity_page import notice_body
from services.nominations.reviews.reviewing import review
from services.nominations.reviews.signing import sign_for_unit
from services.nominations.reviews.unit_records import Record, record_step
from services.nominations.routes.nominations import answer_with, body_of
from services.nominations.schemas.nomination import NominationBody
from services.nominations.schemas.procedure import (
    Correction,
    Inspection,
    LeadershipDecision,
    NoticesOfCase,
    RecordedOpinion,
    Review,
    SelfReview,
    StaffDeliberation,
    UnitSignature,
)

procedure_routes = DeclaringRouter(
    route_class=ListingRoute,
    prefix="/v1/nominations/{nomination_id}",
    tags=["procedure"],
    responses=SIGNED_IN
    | answers(MalformedJson, ActionForbidden, NotFound, ActionBlocked, QuotaExhausted, Unprocessable, Unavailable),
)

Step = Callable[[AsyncSession, Case], Awaitable[object]]


async def _step(
    session: AsyncSession, context: Context, caller: Caller, nomination_id: UUID, step: Step
) -> NominationBody:
    case = await locked_case(session, context, caller, nomination_id)
    await step(session, case)
    return await body_of(session, context, caller, case.nomination)


async def _once(once: Once, context: Context, caller: Caller, nomination_id: UUID, step: Step) -> Response:
    return await once.do(caller, lambda session: _step(session, context, caller, nomination_id, step))


async def _require_paper(
    context: Context, caller: Caller, nomination_id: UUID, document_id: UUID | None, kind: str, pointer: str
) -> HeldDocument | None:
    """The case is the caller's to see before documents is asked about it. Raises NotFound, Unprocessable, Unavailable."""
    if document_id is None:
        return None
    async with context.database.reading() as session:
        await queries.get_nomination(session, caller, nomination_id)
    return await require_held(context, nomination_id, document_id, kind=kind, pointer=pointer)


async def _record(
    once: Once,
    context: Context,
    caller: Caller,
    nomination_id: UUID,
    record: Record,
    minutes: HeldDocument | None = None,
) -> Response:
    return await _once(
        once, context, caller, nomination_id, lambda session, case: record_step(session, caller, case, record, minutes)
    )


@procedure_routes.post("/staff-deliberations", status_code=201, response_model=NominationBody)
async def record_staff_deliberation(
    nomination_id: UUID, record: StaffDeliberation, caller: CurrentCaller, context: InContext, once: Once
) -> Response:
    """记录民主推荐（R50）。Records the staff deliberation."""
    return await _record(once, context, caller, nomination_id, record)


@procedure_routes.post("/inspections", status_code=201, response_model=NominationBody)
async def record_inspection(
    nomination_id: UUID, record: Inspection, caller: CurrentCaller, context: InContext, once: Once
) -> Response:
    """记录考察审核（R51）。Records the inspection."""
    return await _record(once, context, caller, nomination_id, record)


@procedure_routes.post("/leadership-decisions", status_code=201, response_model=NominationBody)
async def record_leadership_decision(
    nomination_id: UUID, record: LeadershipDecision, caller: CurrentCaller, context: InContext, once: Once
) -> Response:
    """记录领导班子集体研究审议决定（R52）。Records the leadership's decision."""
    minutes = await _require_paper(
        context, caller, nomination_id, record.minutes_document_id, "meeting_minutes", "/minutes_document_id"
    )
    return await _record(once, context, caller, nomination_id, record, minutes)


@procedure_routes.post("/self-reviews", status_code=201, response_model=NominationBody)
async def record_self_review(
    nomination_id: UUID, record: SelfReview, caller: CurrentCaller, context: InContext, once: Once
) -> Response:
    """记录单位自审：政治关、条件关、事迹关、廉政关（R77–R78）。Records the unit's self-review, each gate by a named person."""
    return await _record(once, context, caller, nomination_id, record)


@procedure_routes.post("/publicity-notices", status_code=201, response_model=NominationBody)
async def create_publicity_notice(
    nomination_id: UUID, caller: CurrentCaller, context: InContext, once: Once
) -> Response:
    """在本单位公示（R47–R49、R53）。Opens the unit's publicity notice, today."""
    return await _once(
        once, context, caller, nomination_id, lambda session, case: open_publicity(session, context, caller, case)
    )


@procedure_routes.get("/publicity-notices")
async def list_notices_of_nomination(
    nomination_id: UUID, caller: CurrentCaller, session: Reading, context: InContext
) -> NoticesOfCase:
    """本件的全部公示（含已更正、已结束的）。Every notice of the case as it was shown, oldest first."""
    nomination = await queries.get_nomination(session, caller, nomination_id)
    campaign = await context.campaigns.version(session, nomination.campaign_key, nomination.campaign_version)
    notices = await queries.notices_of(session, nomination_id)
    return NoticesOfCase(items=[notice_body(notice, campaign) for notice in notices])


@procedure_routes.post(
    "/corrections",
    status_code=201,
    response_model=NominationBody,
    responses=answers(PreconditionFailed, PreconditionRequired, NominationIncomplete, AlreadyNominated),
)
async def correct_nomination(
    nomination_id: UUID,
    wanted: Correction,
    caller: CurrentCaller,
    context: InContext,
    edited: IfMatch,
    once: Once,
) -> Response:
    """更正公示内容（R48–R49）。When the facts shown change, the notice is replaced and its period begins anew."""
    papers = await papers_of(context, caller, nomination_id, corrected=wanted.form)

    async def perform(session: AsyncSession) -> Answer:
        case = await locked_case(session, context, caller, nomination_id)
        await correct(session, context, caller, case, papers, wanted, edited)
        return await answer_with(session, context, caller, case.nomination, status=201)

    return await once.do(caller, perform)


@procedure_routes.post("/unit-signatures", status_code=201, response_model=NominationBody)
async def sign_nomination_for_unit(
    nomination_id: UUID, wanted: UnitSignature, caller: CurrentCaller, context: InContext, once: Once
) -> Response:
    """单位负责人签署意见并上报（R167、R191）。The head of the unit signs; the case goes up."""
    await open_documents_upward(context, caller, nomination_id, Action.SIGN_FOR_UNIT)
    return await _once(
        once,
        context,
        caller,
        nomination_id,
        lambda session, case: sign_for_unit(session, caller, case, signer_name=wanted.signer_name),
    )


@procedure_routes.post("/reviews", status_code=201, response_model=NominationBody)
async def review_nomination(
    nomination_id: UUID, wanted: Review, caller: CurrentCaller, context: InContext, once: Once
) -> Response:
    """审核：同意、退回或不予推荐（R4、R168）。One bureau endorses, returns or rejects."""
    answer = await _once(
        once, context, caller, nomination_id, lambda session, case: review(session, caller, case, wanted)
    )
    await tell_documents(context, caller, nomination_id)
    return answer


@procedure_routes.put("/opinions/{authority}")
async def save_opinion(
    nomination_id: UUID,
    authority: Annotated[str, Path(max_length=40)],
    wanted: RecordedOpinion,
    caller: CurrentCaller,
    context: InContext,
) -> NominationBody:
    """登记部门意见（R58）。Enters the opinion of a consulted authority."""
    shown = await scan_of_opinion(context, caller, nomination_id, authority, wanted)
    async with context.database.transaction() as session:
        return await _step(
            session,
            context,
            caller,
            nomination_id,
            lambda session, case: record_opinion(
                session, caller, case, authority=authority, opinion=wanted, shown=shown
            ),
        )
