"""The county's package: draw up, read, hand in."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.db import Reading
from services.common.idempotency import Answer, Claim, IdempotencyKey, answer_once, content_of
from services.common.problem_schema import answers
from services.common.problems import (
    IdempotencyKeyReused,
    MalformedJson,
    NotFound,
    TokenExpired,
    TokenMissing,
    Unauthenticated,
    Unavailable,
    Unprocessable,
)
from services.common.strict_json import StrictRoute
from services.common.tokens import Caller, CurrentCaller, caller_with
from services.nominations import queries
from services.nominations.context import InContext
from services.nominations.county_reports import draw_up, hand_in
from services.nominations.domain.workflow import Action, Role
from services.nominations.hand_over import open_documents_upward
from services.nominations.problems import (
    ActionBlocked,
    ActionForbidden,
    AlreadyReported,
    FormNotFound,
    ReportExists,
    ReportSubmitted,
)
from services.nominations.procedure_tables import CountyReport
from services.nominations.report_tables import report_table
from services.nominations.schemas.procedure import CountyReportBody, NewCountyReport, SummaryTable
from services.nominations.tables import IdempotencyKeyRow

county_report_routes = APIRouter(
    route_class=StrictRoute,
    prefix="/v1/county-reports",
    tags=["reports"],
    responses=answers(
        MalformedJson,
        TokenMissing,
        TokenExpired,
        Unauthenticated,
        ActionForbidden,
        NotFound,
        Unprocessable,
        Unavailable,
    ),
)
Officer = Annotated[Caller, caller_with(Role.COUNTY_OFFICER)]


async def _body(session: AsyncSession, report: CountyReport) -> CountyReportBody:
    ranking: dict[str, list[UUID]] = {}
    for item in await queries.report_items(session, report.id):
        ranking.setdefault(item.category, []).append(item.nomination_id)
    return CountyReportBody(
        id=report.id,
        campaign_key=report.campaign_key,
        quota_unit=report.quota_unit,
        sections=report.sections,
        ranking=ranking,
        submitted_at=report.submitted_at,
    )


@county_report_routes.post(
    "",
    status_code=201,
    response_model=CountyReportBody,
    responses=answers(ReportExists, AlreadyReported, IdempotencyKeyReused),
)
async def create_county_report(
    wanted: NewCountyReport, caller: Officer, context: InContext, key: IdempotencyKey = None
) -> Response:
    """建立推荐工作报告和推荐排序（R114、R64）。Draws up the report; nothing is handed in yet."""

    async def perform(session: AsyncSession) -> Answer:
        return Answer(201, await _body(session, await draw_up(session, context, caller, wanted)))

    claim = Claim(caller.subject, "create_county_report", key, content_of(wanted))
    return await answer_once(context.database, IdempotencyKeyRow, claim, perform)


@county_report_routes.get("/{report_id}")
async def get_county_report(report_id: UUID, caller: CurrentCaller, session: Reading) -> CountyReportBody:
    """读取推荐工作报告。The report and its ranking."""
    return await _body(session, await queries.get_report(session, caller, report_id))


@county_report_routes.get("/{report_id}/forms/{form}", responses=answers(FormNotFound))
async def get_county_report_table(
    report_id: UUID, form: str, caller: CurrentCaller, context: InContext, session: Reading
) -> SummaryTable:
    """推荐对象汇总表（附件3、附件4）。The ranked candidates as the table lists them, drawn from their cases."""
    return await report_table(session, context, caller, report_id, form)


@county_report_routes.post(
    "/{report_id}/submissions",
    status_code=201,
    response_model=CountyReportBody,
    responses=answers(ActionBlocked, ReportSubmitted, IdempotencyKeyReused),
)
async def submit_county_report(
    report_id: UUID, caller: Officer, context: InContext, key: IdempotencyKey = None
) -> Response:
    """向市专班办公室报送（R59、R112）。Hands the package to the city: all of it or nothing."""
    async with context.database.reading() as session:
        items = await queries.report_items(session, (await queries.get_report(session, caller, report_id)).id)
    for item in items:
        await open_documents_upward(context, caller, item.nomination_id, Action.REPORT)

    async def perform(session: AsyncSession) -> Answer:
        return Answer(201, await _body(session, await hand_in(session, context, caller, report_id)))

    claim = Claim(caller.subject, "submit_county_report", key, report_id.bytes)
    return await answer_once(context.database, IdempotencyKeyRow, claim, perform)
