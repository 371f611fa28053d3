"""The county's package: draw up, read, hand in."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query, Response
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.answers.versions import IfMatch
from services.common.callers.tokens import Caller, CurrentCaller, caller_with
from services.common.db import Reading
from services.common.lists.paging import AfterId, PageSize, page_token
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
from services.nominations import queries
from services.nominations.cases.hand_over import open_documents_upward, open_papers_of_report
from services.nominations.context import InContext
from services.nominations.domain.disclosures import Release
from services.nominations.domain.workflow import Action, Role
from services.nominations.lists.list_files import ListingRoute
from services.nominations.personal_data.releasing_data import note_release
from services.nominations.prints.printing import draw_for, of_report
from services.nominations.prints.rendering import MEDIA_TYPES, XLSX
from services.nominations.prints.sheet_forms import report_form
from services.nominations.problems import (
    ActionBlocked,
    ActionForbidden,
    AlreadyReported,
    FormNotFound,
    NominationHeld,
    ReportExists,
    ReportSubmitted,
)
from services.nominations.procedure_tables import CountyReport
from services.nominations.reporting.county_reports import (
    discard_report,
    draw_up,
    hand_in,
    save_report,
    version_of_report,
)
from services.nominations.reporting.report_proposals import gates_of_report
from services.nominations.reporting.report_tables import report_table
from services.nominations.routes.downloads import download
from services.nominations.schemas.procedure import CountyReportBody, NewCountyReport, SummaryTable
from services.nominations.schemas.reports import (
    CountyReportPage,
    CountyReportRow,
    ReportGates,
    SavedCountyReport,
)

county_report_routes = DeclaringRouter(
    route_class=ListingRoute,
    prefix="/v1/county-reports",
    tags=["reports"],
    responses=SIGNED_IN | answers(NominationHeld, MalformedJson, ActionForbidden, NotFound, Unprocessable, Unavailable),
)
Officer = Annotated[Caller, caller_with(Role.COUNTY_OFFICER)]
Office = Annotated[
    Caller, caller_with(Role.COUNTY_OFFICER, Role.COUNTY_REVIEWER, Role.CITY_OFFICER, Role.CITY_REVIEWER)
]


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


async def _answer(session: AsyncSession, report: CountyReport) -> Answer:
    await session.flush()
    return Answer(201, await _body(session, report), {"ETag": version_of_report(report).etag})


@county_report_routes.post(
    "",
    status_code=201,
    response_model=CountyReportBody,
    responses=answers(ReportExists, AlreadyReported, IdempotencyKeyReused),
)
async def create_county_report(wanted: NewCountyReport, caller: Officer, context: InContext, once: Once) -> Response:
    """建立推荐工作报告和推荐排序（R114、R64）。Draws up the report; nothing is handed in yet."""

    async def perform(session: AsyncSession) -> Answer:
        return await _answer(session, await draw_up(session, context, caller, wanted))

    return await once.do(caller, perform)


@county_report_routes.get("")
async def list_county_reports(
    caller: Office,
    session: Reading,
    campaign_key: Annotated[str, Query(max_length=80)],
    before: AfterId,
    page_size: PageSize = 20,
) -> CountyReportPage:
    """推荐工作报告列表。The county's own, drafts too; the city's: what was handed in. The newest first."""
    rows = await queries.list_reports(session, caller, campaign_key=campaign_key, before=before, limit=page_size + 1)
    items = [
        CountyReportRow(
            id=report.id,
            campaign_key=report.campaign_key,
            quota_unit=report.quota_unit,
            cases=cases,
            saved_at=report.saved_at,
            submitted_at=report.submitted_at,
        )
        for report, cases in rows[:page_size]
    ]
    return CountyReportPage(items=items, next_page_token=page_token(items[-1].id) if len(rows) > page_size else None)


@county_report_routes.get("/{report_id}")
async def get_county_report(
    report_id: UUID, caller: CurrentCaller, session: Reading, response: Response
) -> CountyReportBody:
    """读取推荐工作报告。The report and its ranking."""
    report = await queries.get_report(session, caller, report_id)
    response.headers["ETag"] = version_of_report(report).etag
    return await _body(session, report)


@county_report_routes.put(
    "/{report_id}",
    responses=answers(AlreadyReported, ReportSubmitted, PreconditionFailed, PreconditionRequired),
)
async def save_county_report(
    report_id: UUID,
    wanted: SavedCountyReport,
    caller: Officer,
    context: InContext,
    edited: IfMatch,
    response: Response,
) -> CountyReportBody:
    """修改推荐工作报告和排序（报送前）。Rewrites the report before it is handed in; 412 when somebody saved in between."""
    async with context.database.transaction() as session:
        report = await save_report(session, context, caller, report_id, edited, wanted)
        body = await _body(session, report)
        response.headers["ETag"] = version_of_report(report).etag
    return body


@county_report_routes.delete("/{report_id}", responses=answers(ReportSubmitted))
async def discard_county_report(report_id: UUID, caller: Officer, context: InContext) -> CountyReportBody:
    """作废尚未报送的报告。Throws away a report that was never handed in; answers with what it was."""
    async with context.database.transaction() as session:
        body = await _body(session, await queries.get_report(session, caller, report_id))
        await discard_report(session, caller, report_id)
    return body


@county_report_routes.get("/{report_id}/gates")
async def get_county_report_gates(
    report_id: UUID, caller: Officer, context: InContext, session: Reading
) -> ReportGates:
    """报送前关口：逐件列出尚未满足的要求（R69）。Everything that still stands against handing the report in."""
    report = await queries.get_report(session, caller, report_id)
    return await gates_of_report(session, context, caller, report)


@county_report_routes.get(
    "/{report_id}/forms/{form}",
    response_model=SummaryTable,
    responses=answers(FormNotFound) | {200: {"content": {media: {} for media in (*MEDIA_TYPES.values(), XLSX)}}},
)
async def get_county_report_table(
    report_id: UUID,
    form: str,
    caller: CurrentCaller,
    context: InContext,
    wanted: Annotated[Literal["json", "pdf", "docx", "xlsx"], Query(alias="format")] = "json",
) -> Any:
    """推荐对象汇总表（附件3、附件4）、推荐工作报告（recommendation_report，无json）。Tables, or the report, to read or to print.

    The ranked candidates as the table lists them, drawn from their cases; identity numbers are whole on paper only.
    """
    async with context.database.reading() as session:
        if wanted == "json":
            return await report_table(session, context, caller, report_id, form)
        document = await report_form(session, context, caller, report_id, form)
        subject = of_report(await queries.get_report(session, caller, report_id))
        ranked = await queries.papers_of_report(session, caller, report_id)
    content = await draw_for(context, caller, document, wanted, subject)
    await note_release(context, caller, Release.REPORT_TABLE, ranked, form=form)
    return download(content, f"{document.title}.{wanted}", XLSX if wanted == "xlsx" else MEDIA_TYPES[wanted])


@county_report_routes.post(
    "/{report_id}/submissions",
    status_code=201,
    response_model=CountyReportBody,
    responses=answers(ActionBlocked, ReportSubmitted, IdempotencyKeyReused),
)
async def submit_county_report(report_id: UUID, caller: Officer, context: InContext, once: Once) -> Response:
    """向市专班办公室报送（R59、R112）。Hands the package to the city: all of it or nothing."""
    async with context.database.reading() as session:
        items = await queries.report_items(session, (await queries.get_report(session, caller, report_id)).id)
    for item in items:
        await open_documents_upward(context, caller, item.nomination_id, Action.REPORT)
    await open_papers_of_report(context, caller, report_id)

    async def perform(session: AsyncSession) -> Answer:
        return await _answer(session, await hand_in(session, context, caller, report_id))

    return await once.do(caller, perform)
