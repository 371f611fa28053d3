"""The security log, for the audit administrator alone."""

from dataclasses import replace

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from services.auth.audit import Action, record
from services.auth.audit_table import AuditEventRow
from services.auth.resources import TheResources
from services.auth.schemas.audit import AuditPage
from services.auth.sessions.origin import TheOrigin
from services.common.answers.strict_json import StrictRoute
from services.common.db import Reading
from services.common.lists.paging import PageKey, PageSize
from services.common.security_log.audit_routes import (
    AUDIT_LINES,
    AUDIT_REFUSALS,
    FOR_AUDIT_ADMIN,
    AuditAdmin,
    AuditFilter,
    exported,
    page_of,
)

routes = APIRouter(tags=["security log"], route_class=StrictRoute)


@routes.get("/v1/auth/audit-events", responses=AUDIT_REFUSALS, dependencies=[FOR_AUDIT_ADMIN])
async def list_audit_events(
    session: Reading,
    wanted: AuditFilter,
    page_key: PageKey,
    action: Action | None = None,
    page_size: PageSize = 50,
) -> AuditPage:
    """安全日志，最新的在前。Who did what, the newest first."""
    found = await page_of(session, AuditEventRow, replace(wanted, action=action), page_key, page_size)
    return AuditPage.model_validate(found)


@routes.get(
    "/v1/auth/audit-events/export",
    response_class=StreamingResponse,
    responses=AUDIT_LINES,
)
async def export_audit_events(caller: AuditAdmin, resources: TheResources, origin: TheOrigin) -> StreamingResponse:
    """导出安全日志。The whole log as JSON lines, to be kept elsewhere and checked there. The export itself is an entry."""
    async with resources.database.transaction() as session:
        await record(session, Action.AUDIT_EXPORTED, person_id=caller.person_id, origin=origin)
    return exported(resources.database, AuditEventRow)
