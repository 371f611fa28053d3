"""Packages that are prepared first: progress, then a download that goes on where it broke off."""

from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import Header, Response
from fastapi.responses import StreamingResponse

from services.common.answers.byte_range import wanted_range
from services.common.answers.strict_json import StrictRoute
from services.common.callers.tokens import Caller, CurrentCaller, caller_with
from services.common.db import Reading
from services.common.problem_schema import SIGNED_IN, DeclaringRouter, answers
from services.common.problems import (
    MalformedJson,
    NotFound,
    RangeNotSatisfiable,
    Unavailable,
    Unprocessable,
)
from services.nominations.context import Context, InContext
from services.nominations.domain.workflow import Role
from services.nominations.packages.package_entries import Package
from services.nominations.packages.package_preparing import (
    Wanted,
    ask_for_package,
    get_prepared,
    mark_outdated,
    reopened,
    stand_of,
)
from services.nominations.packages.package_stretches import Window, stretch
from services.nominations.packages.package_tables import PreparedPackage
from services.nominations.packages.writing import file_name, open_case_file, open_list_package, open_package
from services.nominations.problems import (
    ActionForbidden,
    PackageNotReady,
    PackageOutdated,
    PackagePartUnknown,
)
from services.nominations.schemas.evidence import PreparedPackageBody, WantedPackage

package_routes = DeclaringRouter(
    route_class=StrictRoute,
    tags=["evidence"],
    responses=SIGNED_IN | answers(ActionForbidden, NotFound, Unprocessable, Unavailable),
)
Officer = Annotated[Caller, caller_with(Role.COUNTY_OFFICER, Role.CITY_OFFICER)]
CityOfficer = Annotated[Caller, caller_with(Role.CITY_OFFICER)]
_ZIP = {"application/zip": {"schema": {"type": "string", "format": "binary"}}}
_CONTENT: dict[int | str, dict[str, Any]] = {
    200: {"description": "The whole ZIP", "content": _ZIP},
    206: {"description": "The part of the ZIP that `Range` asks for", "content": _ZIP},
}


@package_routes.post(
    "/v1/county-reports/{report_id}/packages", status_code=202, responses=answers(MalformedJson, PackagePartUnknown)
)
async def prepare_report_package(
    report_id: UUID, wanted: WantedPackage, caller: Officer, context: InContext
) -> PreparedPackageBody:
    """准备报送材料包，供断点续传（R121、R123）。Makes the list of its bytes; asked twice, it is the same one."""
    limit = _bytes(wanted.megabytes)
    package = await open_package(context, caller, report_id, limit=limit, part=wanted.part)
    return await _asked(context, caller, Wanted("report_id", report_id, wanted.megabytes), package)


@package_routes.post(
    "/v1/city-lists/{list_id}/packages", status_code=202, responses=answers(MalformedJson, PackagePartUnknown)
)
async def prepare_list_package(
    list_id: UUID, wanted: WantedPackage, caller: CityOfficer, context: InContext
) -> PreparedPackageBody:
    """准备上报省级材料包，供断点续传（R65、R123）。The same for the city's list."""
    package = await open_list_package(context, list_id, limit=_bytes(wanted.megabytes), part=wanted.part)
    return await _asked(context, caller, Wanted("list_id", list_id, wanted.megabytes), package)


@package_routes.post("/v1/nominations/{nomination_id}/packages", status_code=202)
async def prepare_case_file(nomination_id: UUID, caller: Officer, context: InContext) -> PreparedPackageBody:
    """准备一件推荐的档案，供断点续传。The same for one case."""
    package = await open_case_file(context, caller, nomination_id)
    return await _asked(context, caller, Wanted("nomination_id", nomination_id), package)


@package_routes.get("/v1/packages/{package_id}")
async def get_package(package_id: UUID, caller: CurrentCaller, session: Reading) -> PreparedPackageBody:
    """材料包准备进度。How far it is, then where it is; only for whoever asked for it."""
    return _body(await get_prepared(session, caller, package_id))


@package_routes.get(
    "/v1/packages/{package_id}/content",
    response_class=StreamingResponse,
    responses=_CONTENT | answers(RangeNotSatisfiable, PackageNotReady, PackageOutdated),
)
async def download_prepared_package(
    package_id: UUID,
    caller: CurrentCaller,
    context: InContext,
    wanted: Annotated[str | None, Header(alias="Range", examples=["bytes=1048576-"])] = None,
    if_range: Annotated[str | None, Header()] = None,
) -> Response:
    """下载准备好的材料包，支持断点续传（Range）。

    The same bytes on every request, so a download that broke off goes on: `Range: bytes=N-` with `If-Range: <etag>`.
    """
    async with context.database.reading() as session:
        prepared = await get_prepared(session, caller, package_id)
    if prepared.state in ("preparing", "failed"):
        raise PackageNotReady
    package = await reopened(context, caller, prepared)
    if prepared.state == "outdated" or await _has_changed(context, prepared, package):
        raise PackageOutdated
    assert prepared.size is not None
    assert prepared.etag is not None
    part = wanted_range(wanted, if_range, etag=prepared.etag, size=prepared.size)
    window = Window(0, prepared.size - 1) if part is None else Window(part.first, part.last)
    headers = {
        "Accept-Ranges": "bytes",
        "ETag": prepared.etag,
        "Content-Length": str(window.last + 1 - window.first),
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file_name(package))}",
        "Cache-Control": "private, no-store",
    }
    if part is not None:
        headers["Content-Range"] = part.content_range
    return StreamingResponse(
        stretch(context, caller, prepared, package, window),
        206 if part is not None else 200,
        headers=headers,
        media_type="application/zip",
    )


async def _has_changed(context: Context, prepared: PreparedPackage, package: Package) -> bool:
    async with context.database.reading() as session:
        stand = await stand_of(session, context, package, _subject(prepared))
    if stand == prepared.stand:
        return False
    await mark_outdated(context, prepared.id)
    return True


def _subject(prepared: PreparedPackage) -> Wanted:
    if prepared.report_id is not None:
        return Wanted("report_id", prepared.report_id)
    if prepared.list_id is not None:
        return Wanted("list_id", prepared.list_id)
    assert prepared.nomination_id is not None
    return Wanted("nomination_id", prepared.nomination_id)


async def _asked(context: Context, caller: Caller, wanted: Wanted, package: Package) -> PreparedPackageBody:
    return _body(await ask_for_package(context, caller, wanted, package))


def _body(prepared: PreparedPackage) -> PreparedPackageBody:
    ready = prepared.state == "ready"
    return PreparedPackageBody(
        id=prepared.id,
        state=prepared.state,
        percent=100 if ready else min(99, prepared.done * 100 // prepared.total),
        part=prepared.part,
        part_count=prepared.part_count,
        cases=len(prepared.nominations),
        bytes=prepared.size,
        etag=prepared.etag,
        content=f"/v1/packages/{prepared.id}/content" if ready else None,
        made_at=prepared.made_at,
    )


def _bytes(megabytes: int | None) -> int | None:
    return None if megabytes is None else megabytes * 1_000_000
