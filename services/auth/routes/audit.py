"""The security log, for the audit administrator alone."""

import json
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import StreamingResponse

from services.auth.audit import Action, record
from services.auth.audit_reading import Filter, audit_lines, audit_page
from services.auth.audit_table import AuditEventRow
from services.auth.domain.roles import Role
from services.auth.origin import TheOrigin
from services.auth.resources import TheResources
from services.auth.schemas.audit import AuditEventAnswer, AuditPage
from services.common.db import Reading
from services.common.moments import MomentAsked
from services.common.paging import PageKey, PageSize, page_token
from services.common.problem_schema import answers
from services.common.problems import (
    FieldError,
    Forbidden,
    TokenExpired,
    TokenMissing,
    Unauthenticated,
    Unavailable,
    Unprocessable,
)
from services.common.strict_json import StrictRoute
from services.common.tokens import Caller, caller_with

routes = APIRouter(tags=["security log"], route_class=StrictRoute)
_REFUSALS = (Unauthenticated, TokenMissing, TokenExpired, Forbidden, Unprocessable, Unavailable)
AuditAdmin = Annotated[Caller, caller_with(Role.AUDIT_ADMIN)]
_LINES: dict[str, Any] = {
    "description": "One JSON object a line: seq, entry, previous_hash, hash; oldest first",
    "content": {"application/x-ndjson": {"schema": {"type": "string"}}},
}


async def _filter(
    action: Action | None = None,
    outcome: Literal["done", "refused"] | None = None,
    person_id: UUID | None = None,
    since: MomentAsked | None = None,
    until: MomentAsked | None = None,
) -> Filter:
    return Filter(action, outcome, person_id, since, until)


@routes.get("/v1/auth/audit-events", responses=answers(*_REFUSALS), dependencies=[caller_with(Role.AUDIT_ADMIN)])
async def list_audit_events(
    session: Reading,
    wanted: Annotated[Filter, Depends(_filter)],
    page_key: PageKey,
    page_size: PageSize = 50,
) -> AuditPage:
    """安全日志，最新的在前。Who did what, the newest first."""
    rows = await audit_page(session, wanted, before=_before(page_key), limit=page_size + 1)
    shown = rows[:page_size]
    more = len(rows) > page_size
    return AuditPage(items=[_answer(row) for row in shown], next_page_token=page_token(shown[-1].seq) if more else None)


@routes.get(
    "/v1/auth/audit-events/export", response_class=StreamingResponse, responses={**answers(*_REFUSALS), 200: _LINES}
)
async def export_audit_events(caller: AuditAdmin, resources: TheResources, origin: TheOrigin) -> StreamingResponse:
    """导出安全日志。The whole log as JSON lines, to be kept elsewhere and checked there. The export itself is an entry."""
    async with resources.database.transaction() as session:
        await record(session, Action.AUDIT_EXPORTED, person_id=caller.person_id, origin=origin)
    lines: AsyncIterator[str] = audit_lines(resources.database)
    return StreamingResponse(lines, media_type="application/x-ndjson")


def _answer(row: AuditEventRow) -> AuditEventAnswer:
    members = {name: getattr(row, name) for name in ("seq", "at", "action", "outcome", "person_id")}
    return AuditEventAnswer(**members, entry=json.loads(row.entry), hash=bytes(row.hash).hex())


def _before(page_key: list[Any] | None) -> int | None:
    match page_key:
        case None:
            return None
        case [int(seq)]:
            return seq
        case _:
            wrong = FieldError("/page_token", "invalid_page_token", "翻页标记无效，请从第一页重新查询")
            raise Unprocessable(errors=[wrong])
