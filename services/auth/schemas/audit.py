"""The security log of auth."""

from typing import Annotated

from pydantic import BaseModel, Field

from services.auth.audit import Action
from services.common.security_log.audit_routes import AuditEventFacts


class AuditEventAnswer(AuditEventFacts):
    action: Action


class AuditPage(BaseModel):
    items: Annotated[list[AuditEventAnswer], Field(description="The newest first")]
    next_page_token: Annotated[str | None, Field(description="Send as page_token for the next page; null on the last")]
