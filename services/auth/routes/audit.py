"""The security log, for the audit administrator alone."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from services.auth.audit import Action, record
from services.auth.audit_table import AuditEventRow
from services.auth.domain.roles import Role
from services.auth.origin import TheOrigin
from services.auth.resources import TheResources
from services.auth.schemas.audit import AuditPage
from services.common.audit_reading import audit_page
from services.common.audit_routes import AUDIT_LINES, AUDIT_REFUSALS, AuditFilter, before_of, exported, page_of
from services.common.db import Reading
from services.common.paging import PageKey, PageSize
from services.common.problem_schema import answers
from services.common.strict_json import StrictRoute
from services.common.tokens import Caller, caller_with

routes = APIRouter(tags=["security log"], route_class=StrictRoute)
AuditAdmin = Annotated[Caller, caller_with(Role.AUDIT_ADMIN)]


@routes.get("/v1/auth/audit-events", responses=answers(*AUDIT_REFUSALS), dependencies=[caller_with(Role.AUDIT_ADMIN)])
async def list_audit_events(
    session: Reading,
    wanted: AuditFilter,
    page_key: PageKey,
    action: Action | None = None,
    page_size: PageSize = 50,
) -> AuditPage:
    """安全日志，最新的在前。Who did what, the newest first."""
    of_action = replace(wanted, action=action)
    rows = await audit_page(session, AuditEventRow, of_action, before=before_of(page_key), limit=page_size + 1)
    return AuditPage.model_validate(page_of(rows, page_size))


@routes.get(
    "/v1/auth/audit-events/export",
    response_class=StreamingResponse,
    responses={**answers(*AUDIT_REFUSALS), **AUDIT_LINES},
)
async def export_audit_events(caller: AuditAdmin, resources: TheResources, origin: TheOrigin) -> StreamingResponse:
    """导出安全日志。The whole log as JSON lines, to be kept elsewhere and checked there. The export itself is an entry."""
    async with resources.database.transaction() as session:
        await record(session, Action.AUDIT_EXPORTED, person_id=caller.person_id, origin=origin)
    return exported(resources.database, AuditEventRow)
