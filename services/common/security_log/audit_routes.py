"""What the routes of every security log have in common: the filter, the page, the export. For the audit administrator alone."""

import json
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.callers.tokens import Caller, caller_with
from services.common.db import Database
from services.common.lists.paging import WRONG_TOKEN, page_token
from services.common.moments import MomentAsked
from services.common.problem_schema import GATED, answers
from services.common.problems import Unprocessable
from services.common.security_log.audit_log import AuditEventColumns
from services.common.security_log.audit_reading import Filter, Row, audit_lines, audit_page

AUDIT_ADMIN = "audit_admin"
AuditAdmin = Annotated[Caller, caller_with(AUDIT_ADMIN)]
FOR_AUDIT_ADMIN = caller_with(AUDIT_ADMIN)
AUDIT_REFUSALS = answers(*GATED)
AUDIT_LINES = AUDIT_REFUSALS | {
    200: {
        "description": "One JSON object a line: seq, entry, previous_hash, hash; oldest first",
        "content": {"application/x-ndjson": {"schema": {"type": "string"}}},
    }
}


class AuditEventFacts(BaseModel):
    """One entry. Each service names its own actions."""

    seq: int
    at: datetime
    outcome: Literal["done", "refused"]
    person_id: UUID | None
    entry: Annotated[dict[str, Any], Field(description="All facts: address, device, request id, who did it, …")]
    hash: Annotated[str, Field(description="SHA-256 in hex of the hash before and of the entry as it was written")]


async def _filter(
    outcome: Literal["done", "refused"] | None = None,
    person_id: UUID | None = None,
    since: MomentAsked | None = None,
    until: MomentAsked | None = None,
) -> Filter:
    return Filter(None, outcome, person_id, since, until)


AuditFilter = Annotated[Filter, Depends(_filter)]
"""Without `action`, which each service's own route adds."""


def facts_of(row: AuditEventColumns) -> dict[str, Any]:
    """The members of an answer, `action` included."""
    members = {name: getattr(row, name) for name in ("seq", "at", "action", "outcome", "person_id")}
    return members | {"entry": json.loads(row.entry), "hash": bytes(row.hash).hex()}


async def page_of(
    session: AsyncSession, table: type[Row], wanted: Filter, page_key: list[Any] | None, page_size: int
) -> dict[str, Any]:
    """`items` and `next_page_token`, the newest first. Raises Unprocessable."""
    rows = await audit_page(session, table, wanted, before=before_of(page_key), limit=page_size + 1)
    shown = rows[:page_size]
    more = len(rows) > page_size
    return {"items": [facts_of(row) for row in shown], "next_page_token": page_token(shown[-1].seq) if more else None}


def exported(database: Database, table: type[Row]) -> StreamingResponse:
    return StreamingResponse(audit_lines(database, table), media_type="application/x-ndjson")


def before_of(page_key: list[Any] | None) -> int | None:
    """Where the page begins. Raises Unprocessable."""
    match page_key:
        case None:
            return None
        case [int(seq)]:
            return seq
        case _:
            raise Unprocessable(errors=[WRONG_TOKEN])
