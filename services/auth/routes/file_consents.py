"""Consents that came with files, and decisions about papers: between auth and documents (decision 0064)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.auth.personal_data.consenting import consent_with_file
from services.auth.personal_data.paper_decisions import paper_decisions
from services.auth.personal_data.rights_problems import (
    ConsentAskedElsewhere,
    ConsentNotAsked,
    ConsentNotGiven,
    NoticeOutdated,
    PurposeUnknown,
)
from services.auth.schemas.file_consents import NewFileConsent, PaperDecisionAnswer, PaperDecisions
from services.auth.schemas.privacy import ConsentAct
from services.common.answers.strict_json import StrictRoute
from services.common.callers.tokens import caller_with
from services.common.db import Reading, Transaction
from services.common.lists.paging import PageKey, PageSize, page_token, parsed_key
from services.common.moments import MomentAsked, moment_of
from services.common.problem_schema import GATED, answers
from services.common.problems import (
    MalformedJson,
    NotFound,
)

routes = APIRouter(tags=["privacy"], route_class=StrictRoute)


@routes.post(
    "/v1/auth/file-consents",
    responses=answers(
        MalformedJson,
        *GATED,
        NotFound,
        PurposeUnknown,
        ConsentNotAsked,
        ConsentAskedElsewhere,
        ConsentNotGiven,
        NoticeOutdated,
    ),
    dependencies=[caller_with("service")],
)
async def note_file_consent(wanted: NewFileConsent, session: Transaction) -> ConsentAct:
    """登记随材料给出的同意（仅供服务间调用）。

    A consent that came with a file, or the one that holds already. For services only; sent twice it is one act.
    """
    row = await consent_with_file(session, wanted.given())
    return ConsentAct.model_validate(row, from_attributes=True)


@routes.get("/v1/auth/paper-decisions", responses=answers(*GATED), dependencies=[caller_with("service")])
async def list_paper_decisions(
    session: Reading,
    page_key: PageKey,
    since: Annotated[MomentAsked | None, Query(description="The last `at` that was heard")] = None,
    page_size: PageSize = 100,
) -> PaperDecisions:
    """撤回同意和删除申请的办理结果（仅供服务间调用）。What was decided about people's papers. For services only."""
    after = parsed_key(page_key, moment_of, UUID)
    found = await paper_decisions(session, since=since, after=after, limit=page_size + 1)
    items = [PaperDecisionAnswer.model_validate(each) for each in found[:page_size]]
    more = len(found) > page_size
    return PaperDecisions(
        items=items, next_page_token=page_token(items[-1].at.isoformat(), items[-1].id) if more else None
    )
