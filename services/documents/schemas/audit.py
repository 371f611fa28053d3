"""The security log of documents."""

from typing import Annotated

from pydantic import BaseModel, Field

from services.common.security_log.audit_routes import AuditEventFacts
from services.documents.audit_table import PapersAction


class DocumentsAuditEvent(AuditEventFacts):
    action: PapersAction


class DocumentsAuditPage(BaseModel):
    items: Annotated[list[DocumentsAuditEvent], Field(description="The newest first")]
    next_page_token: Annotated[str | None, Field(description="Send as page_token for the next page; null on the last")]
