"""The security log of nominations, for the audit administrator alone."""

from dataclasses import replace

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

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
from services.nominations.audit import note
from services.nominations.audit_table import AuditEventRow, ProcedureAction
from services.nominations.context import InContext
from services.nominations.schemas.audit import NominationsAuditPage

audit_routes = APIRouter(tags=["security log"], route_class=StrictRoute)


@audit_routes.get("/v1/audit-events", responses=AUDIT_REFUSALS, dependencies=[FOR_AUDIT_ADMIN])
async def list_procedure_audit_events(
    session: Reading,
    wanted: AuditFilter,
    page_key: PageKey,
    action: ProcedureAction | None = None,
    page_size: PageSize = 50,
) -> NominationsAuditPage:
    """办理服务安全日志，最新的在前。Reveals, downloads, overrides, keys, machines, refusals: the newest first."""
    found = await page_of(session, AuditEventRow, replace(wanted, action=action), page_key, page_size)
    return NominationsAuditPage.model_validate(found)


@audit_routes.get(
    "/v1/audit-events/export",
    response_class=StreamingResponse,
    responses=AUDIT_LINES,
)
async def export_procedure_audit_events(caller: AuditAdmin, context: InContext) -> StreamingResponse:
    """导出安全日志。The whole log as JSON lines, to be kept elsewhere and checked there. The export itself is an entry."""
    async with context.database.transaction() as session:
        await note(session, ProcedureAction.AUDIT_EXPORTED, caller)
    return exported(context.database, AuditEventRow)
