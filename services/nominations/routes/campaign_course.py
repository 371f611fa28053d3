"""The course of a campaign, for the city: its deadline put off, its work done, its word on a rank."""

from typing import Annotated
from uuid import UUID

from fastapi import Response
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.callers.tokens import Caller, CurrentCaller, caller_with
from services.common.db import Reading
from services.common.problem_schema import SIGNED_IN, DeclaringRouter, answers
from services.common.problems import (
    MalformedJson,
    NotFound,
    Unavailable,
    Unprocessable,
)
from services.common.repeats.once import Once
from services.nominations.campaigns.campaign_course import close_campaign as close
from services.nominations.campaigns.campaign_course import postpone
from services.nominations.campaigns.campaign_course import second_postponement as second
from services.nominations.campaigns.course_tables import Postponement
from services.nominations.context import InContext
from services.nominations.domain.workflow import Role
from services.nominations.lists.list_files import ListingRoute
from services.nominations.problems import (
    ActionBlocked,
    ActionForbidden,
    CampaignClosed,
    CampaignNotFound,
    ProposalChanged,
    SecondPersonNeeded,
)
from services.nominations.review_tables import RankApproval
from services.nominations.reviews.rank_approving import approve_rank, second_rank
from services.nominations.schemas.campaign_course import (
    ClosingBody,
    NewClosing,
    NewPostponement,
    NewRankApproval,
    PostponementBody,
    Postponements,
    RankApprovalBody,
)
from services.nominations.schemas.seconding import Seconding

campaign_course_routes = DeclaringRouter(
    route_class=ListingRoute,
    tags=["city"],
    responses=SIGNED_IN | answers(MalformedJson, ActionForbidden, Unprocessable, Unavailable),
)
_CAMPAIGN = answers(CampaignNotFound, CampaignClosed)
City = Annotated[Caller, caller_with(Role.CITY_OFFICER)]
Second = Annotated[Caller, caller_with(Role.CITY_OFFICER, Role.CITY_REVIEWER)]


@campaign_course_routes.post(
    "/v1/campaigns/{key}/postponements", status_code=201, response_model=PostponementBody, responses=_CAMPAIGN
)
async def postpone_deadline(
    key: str, wanted: NewPostponement, caller: City, context: InContext, once: Once
) -> Response:
    """提出延后全市材料报送截止时间（R112）。For everybody at once, cases on their way included; only ever later.

    One proposes, another seconds (R97): until then the old deadline holds.
    """

    async def perform(session: AsyncSession) -> PostponementBody:
        row = await postpone(session, context, caller, key, wanted)
        return PostponementBody.model_validate(row, from_attributes=True)

    return await once.do(caller, perform)


@campaign_course_routes.post(
    "/v1/campaigns/{key}/postponements/{postponement_id}/seconding",
    status_code=201,
    responses=_CAMPAIGN | answers(NotFound, SecondPersonNeeded),
)
async def second_postponement(key: str, postponement_id: UUID, caller: Second, context: InContext) -> PostponementBody:
    """复核延期，即时生效（R97、R112）。By another person than the one who proposed it."""
    async with context.database.transaction() as session:
        row = await second(session, context, caller, key, postponement_id)
    return PostponementBody.model_validate(row, from_attributes=True)


@campaign_course_routes.get("/v1/campaigns/{key}/postponements", responses=answers(CampaignNotFound))
async def list_postponements(key: str, _: CurrentCaller, context: InContext, session: Reading) -> Postponements:
    """历次延期。Every time the deadline was put off, with its reason (R97)."""
    await context.campaigns.latest(session, key)
    query = select(Postponement).where(Postponement.campaign_key == key).order_by(Postponement.id)
    rows = (await session.scalars(query)).all()
    return Postponements(items=[PostponementBody.model_validate(row, from_attributes=True) for row in rows])


@campaign_course_routes.post(
    "/v1/campaigns/{key}/closing",
    status_code=201,
    response_model=ClosingBody,
    responses=_CAMPAIGN | answers(ActionBlocked),
)
async def close_campaign(key: str, wanted: NewClosing, caller: City, context: InContext, once: Once) -> Response:
    """结束本次评选推荐工作（R43）。For good: the working group's roles end, papers are kept from this day on.

    Refused while anything is open, every reason named. An award may still be revoked afterwards (R103).
    """

    async def perform(session: AsyncSession) -> ClosingBody:
        row = await close(session, context, caller, key, wanted)
        return ClosingBody.model_validate(row, from_attributes=True)

    return await once.do(caller, perform)


@campaign_course_routes.post(
    "/v1/nominations/{nomination_id}/rank-approvals",
    status_code=201,
    response_model=RankApprovalBody,
    responses=answers(NotFound, ActionBlocked),
)
async def create_rank_approval(
    nomination_id: UUID, wanted: NewRankApproval, caller: CurrentCaller, context: InContext, once: Once
) -> Response:
    """提出同意推荐副处级以上对象（R74）。Without it such a case stands on no list of the city.

    Another reviewer of the city has to second it (R97).
    """

    async def perform(session: AsyncSession) -> RankApprovalBody:
        return _rank_body(await approve_rank(session, context, caller, nomination_id, reason=wanted.reason))

    return await once.do(caller, perform)


@campaign_course_routes.post(
    "/v1/nominations/{nomination_id}/rank-approvals/seconding",
    status_code=201,
    responses=answers(NotFound, ActionBlocked, ProposalChanged),
)
async def second_rank_approval(
    nomination_id: UUID, wanted: Seconding, caller: CurrentCaller, context: InContext
) -> RankApprovalBody:
    """复核同意推荐副处级以上对象（R74、R97）。By another reviewer of the city; from then on the case may be listed."""
    async with context.database.transaction() as session:
        row = await second_rank(session, context, caller, nomination_id, wanted)
    return _rank_body(row)


def _rank_body(row: RankApproval) -> RankApprovalBody:
    return RankApprovalBody(
        nomination_id=row.nomination_id,
        reason=row.reason,
        approved_at=row.approved_at,
        proposed_at=row.approved_at,
        seconded_at=row.seconded_at,
    )
