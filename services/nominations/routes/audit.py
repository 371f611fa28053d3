"""The security log of nominations, for the audit administrator alone."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from services.common.audit_reading import audit_page
from services.common.audit_routes import (
    AUDIT_ADMIN,
    AUDIT_LINES,
    AUDIT_REFUSALS,
    AuditFilter,
    before_of,
    exported,
    page_of,
)
from services.common.db import Reading
from services.common.paging import PageKey, PageSize
from services.common.problem_schema import answers
from services.common.strict_json import StrictRoute
from services.common.tokens import Caller, caller_with
from services.nominations.audit import note
from services.nominations.audit_table import AuditEventRow, ProcedureAction
from services.nominations.context import InContext
from services.nominations.schemas.audit import NominationsAuditPage

audit_routes = APIRouter(tags=["security log"], route_class=StrictRoute)
AuditAdmin = Annotated[Caller, caller_with(AUDIT_ADMIN)]


@audit_routes.get("/v1/audit-events", responses=answers(*AUDIT_REFUSALS), dependencies=[caller_with(AUDIT_ADMIN)])
async def list_procedure_audit_events(
    session: Reading,
    wanted: AuditFilter,
    page_key: PageKey,
    action: ProcedureAction | None = None,
    page_size: PageSize = 50,
) -> NominationsAuditPage:
    """办理服务安全日志，最新的在前。Reveals, downloads, overrides, keys, machines, refusals: the newest first."""
    of_action = replace(wanted, action=action)
    rows = await audit_page(session, AuditEventRow, of_action, before=before_of(page_key), limit=page_size + 1)
    return NominationsAuditPage.model_validate(page_of(rows, page_size))


@audit_routes.get(
    "/v1/audit-events/export",
    response_class=StreamingResponse,
    responses={**answers(*AUDIT_REFUSALS), **AUDIT_LINES},
)
async def export_procedure_audit_events(caller: AuditAdmin, context: InContext) -> StreamingResponse:
    """导出安全日志。The whole log as JSON lines, to be kept elsewhere and checked there. The export itself is an entry."""
    async with context.database.transaction() as session:
        await note(session, ProcedureAction.AUDIT_EXPORTED, caller)
    return exported(context.database, AuditEventRow)
