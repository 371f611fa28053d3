"""The security log of documents, for the audit administrator alone."""

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
from services.documents.audit import note
from services.documents.audit_table import AuditEventRow, PapersAction
from services.documents.resources import TheResources
from services.documents.schemas.audit import DocumentsAuditPage

audit_routes = APIRouter(tags=["security log"], route_class=StrictRoute)


@audit_routes.get("/v1/documents/audit-events", responses=AUDIT_REFUSALS, dependencies=[FOR_AUDIT_ADMIN])
async def list_document_audit_events(
    session: Reading,
    wanted: AuditFilter,
    page_key: PageKey,
    action: PapersAction | None = None,
    page_size: PageSize = 50,
) -> DocumentsAuditPage:
    """材料服务安全日志，最新的在前。Sensitive views, holds, erasures, keys, refusals: the newest first."""
    found = await page_of(session, AuditEventRow, replace(wanted, action=action), page_key, page_size)
    return DocumentsAuditPage.model_validate(found)


@audit_routes.get(
    "/v1/documents/audit-events/export",
    response_class=StreamingResponse,
    responses=AUDIT_LINES,
)
async def export_document_audit_events(caller: AuditAdmin, resources: TheResources) -> StreamingResponse:
    """导出安全日志。The whole log as JSON lines, to be kept elsewhere and checked there. The export itself is an entry."""
    async with resources.database.transaction() as session:
        await note(session, PapersAction.AUDIT_EXPORTED, caller=caller.subject)
    return exported(resources.database, AuditEventRow)
