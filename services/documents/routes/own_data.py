"""The caller's own papers, and who was shown them. Included before `/v1/documents/{document_id}`."""

from uuid import UUID

from fastapi import APIRouter

from services.common.answers.strict_json import StrictRoute
from services.common.callers.tokens import CurrentCaller
from services.common.db import Reading
from services.common.lists.paging import AfterId, PageKey, PageSize, page_token, parsed_key
from services.common.moments import moment_of
from services.common.problem_schema import answers
from services.common.problems import Forbidden, Unprocessable
from services.documents.own_data import papers_of, views_of_papers_of
from services.documents.resources import TheResources
from services.documents.routes.refusals import SIGNED_IN
from services.documents.schemas.own_data import OwnPaper, OwnPapers, OwnPaperView, OwnPaperViews

routes = APIRouter(tags=["privacy"], route_class=StrictRoute)


@routes.get("/v1/documents/me/data", responses=answers(*SIGNED_IN, Forbidden, Unprocessable))
async def list_own_papers(
    caller: CurrentCaller, resources: TheResources, session: Reading, after: AfterId, page_size: PageSize = 50
) -> OwnPapers:
    """本人的材料（含已替换、已删除的记录）。Every paper held of one's own cases, also what was replaced or erased."""
    rows = await papers_of(session, caller.person_id, rules=resources.rules, before=after, limit=page_size + 1)
    items = [OwnPaper.model_validate(row) for row in rows[:page_size]]
    more = len(rows) > page_size
    return OwnPapers(items=items, next_page_token=page_token(items[-1].id) if more else None)


@routes.get("/v1/documents/me/views", responses=answers(*SIGNED_IN, Forbidden, Unprocessable))
async def list_views_of_own_papers(
    caller: CurrentCaller, resources: TheResources, session: Reading, page_key: PageKey, page_size: PageSize = 50
) -> OwnPaperViews:
    """谁看过我的任何材料。Every look at any paper of one's own cases; `GET /v1/me/data-accesses` has it with all else."""
    before = parsed_key(page_key, moment_of, UUID)
    rows = await views_of_papers_of(
        session, caller.person_id, rules=resources.rules, before=before, limit=page_size + 1
    )
    items = [OwnPaperView.model_validate(row) for row in rows[:page_size]]
    last = items[-1] if len(rows) > page_size else None
    token = page_token(last.viewed_at.isoformat(), last.id) if last is not None else None
    return OwnPaperViews(items=items, next_page_token=token)
