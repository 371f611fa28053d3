"""The security log."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.auth.audit import Action


class AuditEventAnswer(BaseModel):
    seq: int
    at: datetime
    action: Action
    outcome: Literal["done", "refused"]
    person_id: UUID | None
    entry: Annotated[dict[str, Any], Field(description="All facts: address, device, request id, who did it, …")]
    hash: Annotated[str, Field(description="SHA-256 in hex of the hash before and of the entry as it was written")]


class AuditPage(BaseModel):
    items: Annotated[list[AuditEventAnswer], Field(description="The newest first")]
    next_page_token: Annotated[str | None, Field(description="Send as page_token for the next page; null on the last")]
