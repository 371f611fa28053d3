"""Prints on paper, and scans of them with their seals."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.callers.tokens import Caller, CurrentCaller, caller_with
from services.common.db import Reading
from services.common.lists.paging import AfterId, PageSize, page_token
from services.common.problem_schema import SIGNED_IN, answers
from services.common.problems import (
    MalformedJson,
    NotFound,
    Unavailable,
    Unprocessable,
)
from services.nominations import queries
from services.nominations.context import InContext
from services.nominations.domain.workflow import Role
from services.nominations.lists.list_files import ListingRoute
from services.nominations.prints.noting_scans import note_scan_of_case, note_scan_of_list, note_scan_of_report
from services.nominations.prints.print_tables import FormPrint, SealedScan
from services.nominations.prints.printing import of_list, of_report, prints_of
from services.nominations.prints.sealed_scans import scans_for, scans_of
from services.nominations.problems import ActionForbidden, FormNotFound
from services.nominations.reporting.list_forms import get_list
from services.nominations.schemas.prints import (
    NewSealedScan,
    PrintBody,
    Prints,
    SealedScanBody,
    SealedScans,
)

sealed_scan_routes = APIRouter(
    route_class=ListingRoute,
    tags=["forms"],
    responses=SIGNED_IN | answers(MalformedJson, NotFound, Unprocessable, Unavailable),
)
Filing = Annotated[Caller, caller_with(Role.UNIT_CLERK, Role.COUNTY_OFFICER, Role.CITY_OFFICER)]
Office = Annotated[Caller, caller_with(Role.COUNTY_OFFICER, Role.CITY_OFFICER)]
City = Annotated[Caller, caller_with(Role.CITY_OFFICER)]
_FILED = answers(ActionForbidden, FormNotFound)


@sealed_scan_routes.post("/v1/nominations/{nomination_id}/sealed-scans", status_code=201, responses=_FILED)
async def note_sealed_scan(
    nomination_id: UUID, wanted: NewSealedScan, caller: Filing, context: InContext
) -> SealedScanBody:
    """登记一件推荐的盖章扫描件（R129、R130、R148）。

    The code on the paper says which print it is; one of another case, of another form or of an older version is refused.
    The same document for the same form again is the same scan.
    """
    scan, shown = await note_scan_of_case(context, caller, nomination_id, wanted)
    return _body(scan, shown.first_print)


@sealed_scan_routes.get("/v1/nominations/{nomination_id}/sealed-scans")
async def list_sealed_scans(
    nomination_id: UUID, caller: CurrentCaller, session: Reading, context: InContext
) -> SealedScans:
    """一件推荐的盖章扫描件及其对应的打印版本。The scans of a case, each with the print that it shows.

    What authorities sealed is told to offices alone.
    """
    nomination = await queries.get_nomination(session, caller, nomination_id)
    scans = await scans_for(session, context, caller, nomination)
    return SealedScans(items=[_body(scan, shown) for scan, shown in scans])


@sealed_scan_routes.post("/v1/county-reports/{report_id}/sealed-scans", status_code=201, responses=_FILED)
async def note_sealed_scan_of_report(
    report_id: UUID, wanted: NewSealedScan, caller: Office, context: InContext
) -> SealedScanBody:
    """登记推荐工作报告、汇总表的盖章扫描件（R115、R140）。The `bundle_id` of its file is the report's id."""
    scan, shown = await note_scan_of_report(context, caller, report_id, wanted)
    return _body(scan, shown.first_print)


@sealed_scan_routes.get("/v1/county-reports/{report_id}/sealed-scans", responses=answers(ActionForbidden))
async def list_sealed_scans_of_report(report_id: UUID, caller: Office, session: Reading) -> SealedScans:
    """推荐工作报告、汇总表的盖章扫描件。The scans of a county's report and tables."""
    subject = of_report(await queries.get_report(session, caller, report_id))
    return SealedScans(items=[_body(scan, shown) for scan, shown in await scans_of(session, subject)])


@sealed_scan_routes.post("/v1/city-lists/{list_id}/sealed-scans", status_code=201, responses=_FILED)
async def note_sealed_scan_of_list(
    list_id: UUID, wanted: NewSealedScan, caller: City, context: InContext
) -> SealedScanBody:
    """登记全市汇总表的盖章扫描件（R64–R65、R148）。

    The `bundle_id` of its file is the list's id, from the first print of the final table on.
    """
    scan, shown = await note_scan_of_list(context, caller, list_id, wanted)
    return _body(scan, shown.first_print)


@sealed_scan_routes.get("/v1/city-lists/{list_id}/sealed-scans", responses=answers(ActionForbidden))
async def list_sealed_scans_of_list(list_id: UUID, _: City, session: Reading) -> SealedScans:
    """全市汇总表的盖章扫描件。The scans of the city's tables."""
    subject = of_list(await get_list(session, list_id))
    return SealedScans(items=[_body(scan, shown) for scan, shown in await scans_of(session, subject)])


@sealed_scan_routes.get("/v1/nominations/{nomination_id}/form-prints")
async def list_form_prints(
    nomination_id: UUID,
    caller: CurrentCaller,
    session: Reading,
    after: AfterId,
    page_size: PageSize = 20,
    code: Annotated[str | None, Query(max_length=20, description="As printed beside the QR code")] = None,
) -> Prints:
    """打印记录：哪一版、何人、何时（R148）。Newest first; with `code` only the prints that carry it."""
    nomination = await queries.get_nomination(session, caller, nomination_id)
    return await _prints(session, FormPrint.nomination_id == nomination.id, code, after, page_size)


@sealed_scan_routes.get("/v1/county-reports/{report_id}/form-prints", responses=answers(ActionForbidden))
async def list_form_prints_of_report(
    report_id: UUID,
    caller: Office,
    session: Reading,
    after: AfterId,
    page_size: PageSize = 20,
    code: Annotated[str | None, Query(max_length=20, description="As printed beside the QR code")] = None,
) -> Prints:
    """推荐工作报告、汇总表的打印记录。Newest first."""
    report = await queries.get_report(session, caller, report_id)
    return await _prints(session, FormPrint.report_id == report.id, code, after, page_size)


@sealed_scan_routes.get("/v1/city-lists/{list_id}/form-prints", responses=answers(ActionForbidden))
async def list_form_prints_of_list(
    list_id: UUID,
    _: City,
    session: Reading,
    after: AfterId,
    page_size: PageSize = 20,
    code: Annotated[str | None, Query(max_length=20, description="As printed beside the QR code")] = None,
) -> Prints:
    """全市汇总表的打印记录。Newest first."""
    city_list = await get_list(session, list_id)
    return await _prints(session, FormPrint.list_id == city_list.id, code, after, page_size)


async def _prints(
    session: AsyncSession, about: ColumnElement[bool], code: str | None, after: UUID | None, page_size: int
) -> Prints:
    wanted = about if code is None else about & (FormPrint.code == code.strip().upper())
    rows = await prints_of(session, wanted, after=after, limit=page_size + 1)
    token = page_token(rows[page_size - 1].id) if len(rows) > page_size else None
    return Prints(items=[PrintBody.model_validate(row) for row in rows[:page_size]], next_page_token=token)


def _body(scan: SealedScan, shown: FormPrint | None) -> SealedScanBody:
    return SealedScanBody(
        document_id=scan.document_id,
        form=scan.form,
        explanation=scan.explanation,
        noted_by_name=scan.noted_by_name,
        noted_at=scan.noted_at,
        shown=PrintBody.model_validate(shown) if shown is not None else None,
    )
