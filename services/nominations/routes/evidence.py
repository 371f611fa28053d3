"""Packages for the disc and for mail, case files, and what proves them."""

from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import Query
from fastapi.responses import StreamingResponse

from services.common.answers.caching import FOR_ANYBODY
from services.common.answers.strict_json import StrictRoute
from services.common.callers.tokens import Caller, CurrentCaller, caller_with
from services.common.db import Reading
from services.common.lists.paging import AfterId, PageSize, page_token
from services.common.problem_schema import SIGNED_IN, DeclaringRouter, answers
from services.common.problems import (
    NotFound,
    Unavailable,
    Unprocessable,
)
from services.evidence.seals import encoded
from services.nominations import queries
from services.nominations.context import Context, InContext
from services.nominations.domain.disclosures import Release
from services.nominations.domain.workflow import Role
from services.nominations.packages.case_files import published_keys
from services.nominations.packages.evidence_tables import CaseSeal
from services.nominations.packages.package_entries import Package, Part
from services.nominations.packages.sealing_cases import last_seal_of_case, seals_of
from services.nominations.packages.writing import (
    file_name,
    fresh,
    open_case_file,
    open_list_package,
    open_package,
    plan,
    plan_of_list,
)
from services.nominations.personal_data.releasing_data import note_release
from services.nominations.problems import ActionForbidden, CampaignNotFound, PackagePartUnknown
from services.nominations.schemas.evidence import (
    CaseProof,
    EvidenceKeyBody,
    EvidenceKeys,
    PackagePart,
    PackagePlan,
    SealBody,
    Seals,
)

evidence_routes = DeclaringRouter(
    route_class=StrictRoute, tags=["evidence"], responses=answers(Unprocessable, Unavailable)
)
_SIGNED_IN = SIGNED_IN
_OFFICE = _SIGNED_IN | answers(ActionForbidden, NotFound)
Officer = Annotated[Caller, caller_with(Role.COUNTY_OFFICER, Role.CITY_OFFICER)]
CityOfficer = Annotated[Caller, caller_with(Role.CITY_OFFICER)]
Megabytes = Annotated[
    int | None, Query(ge=5, le=2000, description="For mail: no part larger than this, if a case is not")
]
_ZIP: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A BagIt bag",
        "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@evidence_routes.get("/v1/county-reports/{report_id}/package-plan", responses=_OFFICE)
async def plan_package(
    report_id: UUID, caller: Officer, context: InContext, megabytes: Megabytes = None
) -> PackagePlan:
    """报送材料包的分卷（光盘或邮件，R123）。Into how many parts the package falls, and about how large each is."""
    return _plan(await plan(context, caller, report_id, limit=_bytes(megabytes)))


@evidence_routes.get("/v1/city-lists/{list_id}/package-plan", responses=_OFFICE)
async def plan_city_package(
    list_id: UUID, _caller: CityOfficer, context: InContext, megabytes: Megabytes = None
) -> PackagePlan:
    """上报省级材料包的分卷（R65、R123）。Into how many parts the city's package falls."""
    return _plan(await plan_of_list(context, list_id, limit=_bytes(megabytes)))


@evidence_routes.get(
    "/v1/city-lists/{list_id}/package",
    response_class=StreamingResponse,
    responses=_OFFICE | answers(PackagePartUnknown) | _ZIP,
)
async def download_city_package(
    list_id: UUID,
    caller: CityOfficer,
    context: InContext,
    megabytes: Megabytes = None,
    part: Annotated[int, Query(ge=1, le=1000)] = 1,
) -> StreamingResponse:
    """下载上报省级材料包：汇总表按全市排序，每件推荐的全部材料和证明（R64–R65）。A bag, checked like a county's."""
    package = await open_list_package(context, list_id, limit=_bytes(megabytes), part=part)
    await note_release(context, caller, Release.PACKAGE, package.part.nominations)
    return _sent(context, caller, package)


@evidence_routes.get(
    "/v1/county-reports/{report_id}/package",
    response_class=StreamingResponse,
    responses=_OFFICE | answers(PackagePartUnknown) | _ZIP,
)
async def download_package(
    report_id: UUID,
    caller: Officer,
    context: InContext,
    megabytes: Megabytes = None,
    part: Annotated[int, Query(ge=1, le=1000)] = 1,
) -> StreamingResponse:
    """下载报送材料包：全部表格、照片、扫描件、经历和证明（R121、R123）。The whole package, or one part of it, as a ZIP.

    A bag, written as it is sent; `xianjin verify` checks it offline, and so does the page in it.
    """
    package = await open_package(context, caller, report_id, limit=_bytes(megabytes), part=part)
    await note_release(context, caller, Release.PACKAGE, package.part.nominations)
    return _sent(context, caller, package)


@evidence_routes.get(
    "/v1/nominations/{nomination_id}/case-file", response_class=StreamingResponse, responses=_OFFICE | _ZIP
)
async def download_case_file(nomination_id: UUID, caller: Officer, context: InContext) -> StreamingResponse:
    """下载一件推荐的档案。One case as a bag that proves itself."""
    case_file = await open_case_file(context, caller, nomination_id)
    await note_release(context, caller, Release.CASE_FILE, [nomination_id])
    return _sent(context, caller, case_file)


@evidence_routes.get("/v1/nominations/{nomination_id}/proof", responses=_SIGNED_IN | answers(NotFound))
async def get_nomination_proof(nomination_id: UUID, caller: CurrentCaller, session: Reading) -> CaseProof:
    """一件推荐的存在证明。That the case's history stands in the newest seal; 404 before its first morning."""
    await queries.get_nomination(session, caller, nomination_id)
    found = await last_seal_of_case(session, nomination_id)
    if found is None:
        raise NotFound
    seal, leaf, path = found
    return CaseProof(
        nomination_id=nomination_id,
        sequence=leaf.sequence,
        hash=leaf.hash,
        index=leaf.position,
        path=path,
        seal=_seal(seal),
    )


@evidence_routes.get("/v1/campaigns/{key}/seals", responses=answers(CampaignNotFound), dependencies=[FOR_ANYBODY])
async def list_seals(key: str, context: InContext, session: Reading, after: AfterId, page_size: PageSize = 20) -> Seals:
    """每日封存（公开）。The signed roots, for anybody to keep: later nobody can rewrite a history unseen."""
    await context.campaigns.latest(session, key)
    rows = await seals_of(session, key, before=after, limit=page_size + 1)
    items = [_seal(row) for row in rows[:page_size]]
    return Seals(items=items, next_page_token=page_token(rows[page_size - 1].id) if len(rows) > page_size else None)


@evidence_routes.get("/v1/evidence-keys", dependencies=[FOR_ANYBODY])
async def list_evidence_keys(session: Reading) -> EvidenceKeys:
    """封存公钥（公开，含历史密钥）。Compare a package's key with these before you believe its signature."""
    return EvidenceKeys(
        items=[
            EvidenceKeyBody(key_id=key.key_id, public_key=encoded(key.public_key), first_used_at=key.first_used_at)
            for key in await published_keys(session)
        ]
    )


def _sent(context: Context, caller: Caller, package: Package) -> StreamingResponse:
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file_name(package))}",
        "Cache-Control": "private, no-store",
    }
    return StreamingResponse(fresh(context, caller, package), media_type="application/zip", headers=headers)


def _seal(row: CaseSeal) -> SealBody:
    return SealBody(
        sealed_at=row.sealed_at,
        tree_size=row.tree_size,
        root=row.root,
        key_id=row.key_id,
        statement=encoded(row.statement),
        signature=encoded(row.signature),
    )


def _plan(parts: list[tuple[Part, int]]) -> PackagePlan:
    return PackagePlan(
        parts=[PackagePart(part=part.number, cases=len(part.nominations), bytes=size) for part, size in parts]
    )


def _bytes(megabytes: int | None) -> int | None:
    return None if megabytes is None else megabytes * 1_000_000
