"""The security log of nominations."""

from typing import Annotated

from pydantic import BaseModel, Field

from services.common.security_log.audit_routes import AuditEventFacts
from services.nominations.audit_table import ProcedureAction


class NominationsAuditEvent(AuditEventFacts):
    action: ProcedureAction


class NominationsAuditPage(BaseModel):
    items: Annotated[list[NominationsAuditEvent], Field(description="The newest first")]
    next_page_token: Annotated[str | None, Field(description="Send as page_token for the next page; null on the last")]
