"""One answer of an authority about many cases, and whom it has not been asked about yet."""

from typing import Annotated

from fastapi import Query, Response
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.callers.tokens import Caller, caller_with
from services.common.db import Reading
from services.common.lists.paging import AfterId, PageSize, page_token
from services.common.problem_schema import SIGNED_IN, DeclaringRouter, answers
from services.common.problems import (
    FieldError,
    IdempotencyKeyReused,
    MalformedJson,
    NotFound,
    Unavailable,
    Unprocessable,
)
from services.common.repeats.once import Once
from services.nominations.consultation.opinion_batches import cases_to_ask_about, record_batch
from services.nominations.context import InContext
from services.nominations.domain.workflow import Role
from services.nominations.lists.list_files import ListingRoute
from services.nominations.problems import ActionBlocked, ActionForbidden, CampaignNotFound, NominationHeld
from services.nominations.schemas.procedure import (
    CasesToAskAbout,
    CaseToAskAbout,
    NewOpinionBatch,
    OpinionBatchBody,
)

opinion_batch_routes = DeclaringRouter(
    route_class=ListingRoute,
    tags=["consultation"],
    responses=SIGNED_IN | answers(NominationHeld, MalformedJson, ActionForbidden, NotFound, Unprocessable, Unavailable),
)
Officer = Annotated[Caller, caller_with(Role.COUNTY_OFFICER, Role.CITY_OFFICER)]


@opinion_batch_routes.get("/v1/campaigns/{key}/cases-to-ask-about", responses=answers(CampaignNotFound))
async def list_cases_to_ask_about(
    key: str,
    authority: Annotated[str, Query(max_length=40)],
    caller: Officer,
    context: InContext,
    session: Reading,
    after: AfterId,
    page_size: PageSize = 50,
) -> CasesToAskAbout:
    """还没有某部门意见的推荐（R196）。Cases about which an authority must still be asked, oldest first."""
    campaign = await context.campaigns.latest(session, key)
    if authority not in campaign.authorities:
        raise Unprocessable(errors=[FieldError("/authority", "unknown_authority", "征求意见的部门中没有这一个")])
    rows = await cases_to_ask_about(
        session, context, caller, campaign_key=key, authority=authority, after=after, limit=page_size + 1
    )
    items = [
        CaseToAskAbout(nomination_id=row.id, category=row.category, name=row.name, unit_name=row.unit_name)
        for row in rows[:page_size]
    ]
    more = page_token(items[-1].nomination_id) if len(rows) > page_size else None
    return CasesToAskAbout(
        authority=authority, label=campaign.authorities[authority], items=items, next_page_token=more
    )


@opinion_batch_routes.post(
    "/v1/opinion-batches",
    status_code=201,
    response_model=OpinionBatchBody,
    responses=answers(ActionBlocked, IdempotencyKeyReused),
)
async def record_opinion_batch(wanted: NewOpinionBatch, caller: Officer, context: InContext, once: Once) -> Response:
    """统一登记一个部门对多件推荐的意见（R196、R201）。All of the batch or nothing, with every reason."""

    async def perform(session: AsyncSession) -> OpinionBatchBody:
        recorded = await record_batch(session, context, caller, wanted)
        return OpinionBatchBody(authority=wanted.authority, recorded=recorded)

    return await once.do(caller, perform)
