"""What auth holds about the caller."""

import json
from typing import Any

from fastapi import APIRouter

from services.auth.audit import Action, record
from services.auth.audit_table import AuditEventRow
from services.auth.personal_data.own_data import account_of
from services.auth.resources import TheResources
from services.auth.schemas.own_data import OwnAccountAnswer, OwnSecurityEvent, OwnSecurityEvents
from services.auth.sessions.origin import TheOrigin
from services.common.answers.strict_json import StrictRoute
from services.common.callers.tokens import CurrentCaller
from services.common.db import Reading, Transaction
from services.common.lists.paging import PageKey, PageSize, page_token, parsed_key
from services.common.problem_schema import GATED, answers
from services.common.security_log.audit_reading import Filter, audit_page

routes = APIRouter(tags=["privacy"], route_class=StrictRoute)
_SHOWN_AS_MEMBERS = ("at", "action", "outcome", "person_id", "by")
_OF_WHOEVER_DID_IT = ("address", "device")
"""Not the person's own, of what others did to the account."""


@routes.get("/v1/auth/me/data", responses=answers(*GATED))
async def get_own_data(
    caller: CurrentCaller, resources: TheResources, session: Transaction, origin: TheOrigin
) -> OwnAccountAnswer:
    """本人账号的全部信息，以及其他信息在哪里。Everything that auth holds; `elsewhere` names who answers for the rest."""
    answer = OwnAccountAnswer.of(await account_of(session, resources.vault, caller.person_id))
    await record(session, Action.DATA_READ, person_id=caller.person_id, origin=origin)
    return answer


@routes.get("/v1/auth/me/security-events", responses=answers(*GATED))
async def list_own_security_events(
    caller: CurrentCaller, session: Reading, page_key: PageKey, page_size: PageSize = 50
) -> OwnSecurityEvents:
    """本人账号的安全记录。Sign-ins, changes and refusals of one's own account, as the security log has them."""
    before = parsed_key(page_key, int)
    wanted = Filter(person_id=caller.person_id)
    rows = await audit_page(session, AuditEventRow, wanted, before=before[0] if before else None, limit=page_size + 1)
    items = [
        OwnSecurityEvent(
            at=row.at,
            action=Action(row.action),
            outcome="refused" if row.outcome == "refused" else "done",
            facts=_facts(json.loads(row.entry)),
        )
        for row in rows[:page_size]
    ]
    more = len(rows) > page_size
    return OwnSecurityEvents(items=items, next_page_token=page_token(rows[page_size - 1].seq) if more else None)


def _facts(entry: dict[str, Any]) -> dict[str, Any]:
    own = entry.get("by") in (None, entry["person_id"])
    hidden = _SHOWN_AS_MEMBERS if own else (*_SHOWN_AS_MEMBERS, *_OF_WHOEVER_DID_IT)
    return {name: fact for name, fact in entry.items() if name not in hidden}
