"""Disqualification by two people, awards and what became of them, and late counties that may still report."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.answers.caching import FOR_ANYBODY
from services.common.callers.tokens import Caller, caller_with
from services.common.db import Reading
from services.common.lists.paging import AfterId, PageSize, in_words, page_token, rows_to_fetch
from services.common.problem_schema import SIGNED_IN, DeclaringRouter, answers
from services.common.problems import (
    MalformedJson,
    NotFound,
    Unavailable,
    Unprocessable,
)
from services.common.repeats.once import Once
from services.nominations import queries
from services.nominations.city_tables import Award, Reopening
from services.nominations.context import InContext
from services.nominations.domain.workflow import Role
from services.nominations.lists.list_files import ListingRoute
from services.nominations.problems import (
    ActionBlocked,
    ActionForbidden,
    CampaignNotFound,
    ProposalChanged,
    SecondPersonNeeded,
)
from services.nominations.reporting.reopening import propose_reopening
from services.nominations.reporting.reopening import second_reopening as second
from services.nominations.reviews.awards import record_award, record_no_award, recover, revoke
from services.nominations.reviews.removals import propose_removal, removal_of, second_removal, take_back_removal
from services.nominations.routes.nominations import body_of
from services.nominations.schemas.city import (
    AwardBody,
    AwardRevocation,
    NewAward,
    NewRemoval,
    NewReopening,
    NoAward,
    PublicAward,
    PublicAwards,
    RecoveredGrant,
    RemovalBody,
    ReopeningBody,
    Reopenings,
)
from services.nominations.schemas.nomination import NominationBody
from services.nominations.schemas.seconding import Seconding
from services.nominations.tables import Nomination

_SIGNED_IN = SIGNED_IN | answers(ActionForbidden, NotFound, MalformedJson)
_COMMAND = _SIGNED_IN | answers(ActionBlocked)
award_routes = DeclaringRouter(route_class=ListingRoute, tags=["city"], responses=answers(Unprocessable, Unavailable))
City = Annotated[Caller, caller_with(Role.CITY_OFFICER)]
Second = Annotated[Caller, caller_with(Role.CITY_OFFICER, Role.CITY_REVIEWER)]
Office = Annotated[
    Caller, caller_with(Role.COUNTY_OFFICER, Role.COUNTY_REVIEWER, Role.CITY_OFFICER, Role.CITY_REVIEWER)
]


@award_routes.put("/v1/nominations/{nomination_id}/disqualification", responses=_COMMAND)
async def propose_disqualification(
    nomination_id: UUID, wanted: NewRemoval, caller: Office, context: InContext
) -> RemovalBody:
    """提出取消评选资格（R98、R101）。The finding of one person; another has to second it."""
    async with context.database.transaction() as session:
        removal = await propose_removal(session, context, caller, nomination_id, wanted)
        return RemovalBody.model_validate(removal, from_attributes=True)


@award_routes.post(
    "/v1/nominations/{nomination_id}/disqualification/seconding",
    status_code=201,
    response_model=NominationBody,
    responses=_COMMAND | answers(SecondPersonNeeded, ProposalChanged),
)
async def second_disqualification(
    nomination_id: UUID, wanted: Seconding, caller: Office, context: InContext, once: Once
) -> Response:
    """复核并取消评选资格，名额一并取消（R98–R102）。The case is disqualified and its seat forfeited."""

    async def perform(session: AsyncSession) -> NominationBody:
        await second_removal(session, context, caller, nomination_id, wanted)
        return await body_of(session, context, caller, await queries.get_nomination(session, caller, nomination_id))

    return await once.do(caller, perform)


@award_routes.delete("/v1/nominations/{nomination_id}/disqualification", responses=_COMMAND)
async def take_back_disqualification(nomination_id: UUID, caller: Office, context: InContext) -> RemovalBody:
    """撤回或不采纳取消评选资格的提议（尚未复核的）。What was only proposed is dropped: the case may be ended again."""
    async with context.database.transaction() as session:
        removal = await take_back_removal(session, context, caller, nomination_id)
        return RemovalBody.model_validate(removal, from_attributes=True)


@award_routes.get("/v1/nominations/{nomination_id}/disqualification", responses=_SIGNED_IN)
async def get_disqualification(nomination_id: UUID, caller: Office, session: Reading) -> RemovalBody:
    """取消评选资格的决定。What was found, and whether it is decided."""
    await queries.get_nomination(session, caller, nomination_id)
    return RemovalBody.model_validate(await removal_of(session, nomination_id), from_attributes=True)


async def _once(once: Once, caller: Caller, step: Callable[[AsyncSession], Awaitable[Award]]) -> Response:
    async def perform(session: AsyncSession) -> AwardBody:
        award = await step(session)
        await session.flush()
        return _award(award)

    return await once.do(caller, perform)


def _award(award: Award) -> AwardBody:
    owed = sorted(award.serials.keys() - award.recovered.keys()) if award.revoked_on else []
    return AwardBody(
        nomination_id=award.nomination_id,
        category=award.category,
        granted_on=award.granted_on,
        decision_number=award.decision_number,
        serials=award.serials,
        revoked_on=award.revoked_on,
        revocation_reason=award.revocation_reason,
        recovered=award.recovered,
        to_recover=owed,
    )


@award_routes.post(
    "/v1/nominations/{nomination_id}/award", status_code=201, response_model=AwardBody, responses=_COMMAND
)
async def create_award(nomination_id: UUID, wanted: NewAward, caller: City, context: InContext, once: Once) -> Response:
    """登记表彰：奖牌、证书、奖金（R108–R109）。Records what was granted, with its serial numbers."""
    return await _once(once, caller, lambda session: record_award(session, context, caller, nomination_id, wanted))


@award_routes.post(
    "/v1/nominations/{nomination_id}/no-award", status_code=201, response_model=NominationBody, responses=_COMMAND
)
async def create_no_award(
    nomination_id: UUID, wanted: NoAward, caller: City, context: InContext, once: Once
) -> Response:
    """登记未获表彰。The province chose others."""

    async def perform(session: AsyncSession) -> NominationBody:
        nomination = await record_no_award(session, context, caller, nomination_id, reason=wanted.reason)
        return await body_of(session, context, caller, nomination)

    return await once.do(caller, perform)


@award_routes.post(
    "/v1/nominations/{nomination_id}/award/revocation", status_code=201, response_model=AwardBody, responses=_COMMAND
)
async def revoke_award(
    nomination_id: UUID, wanted: AwardRevocation, caller: City, context: InContext, once: Once
) -> Response:
    """撤销称号（R103）。Its grants are to be recovered from now on."""
    return await _once(once, caller, lambda session: revoke(session, context, caller, nomination_id, wanted))


@award_routes.post(
    "/v1/nominations/{nomination_id}/award/recoveries", status_code=201, response_model=AwardBody, responses=_COMMAND
)
async def recover_grant(
    nomination_id: UUID, wanted: RecoveredGrant, caller: City, context: InContext, once: Once
) -> Response:
    """登记收回的奖牌、证书、奖金（R104）。One grant came back."""
    return await _once(once, caller, lambda session: recover(session, context, caller, nomination_id, wanted))


@award_routes.get("/v1/awards", dependencies=[FOR_ANYBODY])
async def list_awards(
    session: Reading, campaign_key: Annotated[str, Query(max_length=80)], after: AfterId, page_size: PageSize = 20
) -> PublicAwards:
    """表彰结果（公开）。Awards, and whether they still stand."""
    query = (
        select(Award, Nomination.name)
        .join(Nomination, Nomination.id == Award.nomination_id)
        .where(Award.campaign_key == campaign_key)
        .order_by(Award.nomination_id)
        .limit(in_words(rows_to_fetch(page_size + 1)))
    )
    if after is not None:
        query = query.where(Award.nomination_id > after)
    rows = (await session.execute(query)).all()
    items = [
        PublicAward(
            name=row.name,
            category=row.Award.category,
            granted_on=row.Award.granted_on,
            decision_number=row.Award.decision_number,
            status="revoked" if row.Award.revoked_on else "granted",
            revoked_on=row.Award.revoked_on,
        )
        for row in rows[:page_size]
    ]
    more = page_token(rows[page_size - 1].Award.nomination_id) if len(rows) > page_size else None
    return PublicAwards(items=items, next_page_token=more)


@award_routes.post(
    "/v1/campaigns/{key}/reopenings",
    status_code=201,
    response_model=ReopeningBody,
    responses=_SIGNED_IN | answers(CampaignNotFound),
)
async def reopen_county(key: str, wanted: NewReopening, caller: City, context: InContext, once: Once) -> Response:
    """提出逾期后重新开放某地报送（R113）。“逾期不报视为自动放弃”: only the city lets a late county report, for a reason.

    One proposes, another seconds (R97): until then the county has given up.
    """

    async def perform(session: AsyncSession) -> ReopeningBody:
        reopening = await propose_reopening(session, context, caller, key, wanted)
        return ReopeningBody.model_validate(reopening, from_attributes=True)

    return await once.do(caller, perform)


@award_routes.post(
    "/v1/campaigns/{key}/reopenings/{reopening_id}/seconding",
    status_code=201,
    responses=_SIGNED_IN | answers(NotFound, SecondPersonNeeded),
)
async def second_reopening(key: str, reopening_id: UUID, caller: Second, context: InContext) -> ReopeningBody:
    """复核重新开放，即时生效（R97、R113）。By another person than the one who proposed it."""
    async with context.database.transaction() as session:
        reopening = await second(session, context, caller, key, reopening_id)
    return ReopeningBody.model_validate(reopening, from_attributes=True)


@award_routes.get("/v1/campaigns/{key}/reopenings", responses=_SIGNED_IN | answers(CampaignNotFound))
async def list_reopenings(key: str, caller: Office, context: InContext, session: Reading) -> Reopenings:
    """重新开放的记录。Every reopening, for the offices to see: nothing is done in the dark (R97)."""
    del caller  # the role is what is asked
    await context.campaigns.latest(session, key)
    rows = (await session.scalars(select(Reopening).where(Reopening.campaign_key == key).order_by(Reopening.id))).all()
    return Reopenings(items=[ReopeningBody.model_validate(row, from_attributes=True) for row in rows])
