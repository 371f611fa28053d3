"""Disqualification by two people, awards and what became of them, and late counties that may still report."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.common.db import Reading
from services.common.paging import AfterId, PageSize, page_token
from services.common.problem_schema import DeclaringRouter, answers
from services.common.problems import (
    FieldError,
    MalformedJson,
    NotFound,
    TokenExpired,
    TokenMissing,
    Unauthenticated,
    Unavailable,
    Unprocessable,
)
from services.common.tokens import Caller, caller_with
from services.nominations import queries
from services.nominations.awards import record_award, record_no_award, recover, revoke
from services.nominations.city_tables import Award, Removal, Reopening
from services.nominations.context import Context, InContext
from services.nominations.domain.workflow import Role
from services.nominations.list_files import ListingRoute
from services.nominations.problems import ActionBlocked, ActionForbidden, CampaignNotFound, SecondPersonNeeded
from services.nominations.removals import propose_removal, second_removal
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
from services.nominations.tables import Nomination

_SIGNED_IN = answers(TokenMissing, TokenExpired, Unauthenticated, ActionForbidden, NotFound, MalformedJson)
_COMMAND = _SIGNED_IN | answers(ActionBlocked)
award_routes = DeclaringRouter(route_class=ListingRoute, tags=["city"], responses=answers(Unprocessable, Unavailable))
City = Annotated[Caller, caller_with(Role.CITY_OFFICER)]
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
    responses=_COMMAND | answers(SecondPersonNeeded),
)
async def second_disqualification(nomination_id: UUID, caller: Office, context: InContext) -> NominationBody:
    """复核并取消评选资格，名额一并取消（R98–R102）。The case is disqualified and its seat forfeited."""
    async with context.database.transaction() as session:
        await second_removal(session, context, caller, nomination_id)
        return await body_of(session, context, caller, await queries.get_nomination(session, caller, nomination_id))


@award_routes.get("/v1/nominations/{nomination_id}/disqualification", responses=_SIGNED_IN)
async def get_disqualification(nomination_id: UUID, caller: Office, session: Reading) -> RemovalBody:
    """取消评选资格的决定。What was found, and whether it is decided."""
    await queries.get_nomination(session, caller, nomination_id)
    removal = await session.get(Removal, nomination_id)
    if removal is None:
        raise NotFound
    return RemovalBody.model_validate(removal, from_attributes=True)


async def _do(context: Context, step: Callable[[AsyncSession], Awaitable[Award]]) -> AwardBody:
    async with context.database.transaction() as session:
        award = await step(session)
        await session.flush()
        return _award(award)


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


@award_routes.post("/v1/nominations/{nomination_id}/award", status_code=201, responses=_COMMAND)
async def create_award(nomination_id: UUID, wanted: NewAward, caller: City, context: InContext) -> AwardBody:
    """登记表彰：奖牌、证书、奖金（R108–R109）。Records what was granted, with its serial numbers."""
    return await _do(context, lambda session: record_award(session, context, caller, nomination_id, wanted))


@award_routes.post("/v1/nominations/{nomination_id}/no-award", status_code=201, responses=_COMMAND)
async def create_no_award(nomination_id: UUID, wanted: NoAward, caller: City, context: InContext) -> NominationBody:
    """登记未获表彰。The province chose others."""
    async with context.database.transaction() as session:
        await record_no_award(session, context, caller, nomination_id, reason=wanted.reason)
        return await body_of(session, context, caller, await queries.get_nomination(session, caller, nomination_id))


@award_routes.post("/v1/nominations/{nomination_id}/award/revocation", status_code=201, responses=_COMMAND)
async def revoke_award(nomination_id: UUID, wanted: AwardRevocation, caller: City, context: InContext) -> AwardBody:
    """撤销称号（R103）。Its grants are to be recovered from now on."""
    return await _do(context, lambda session: revoke(session, context, caller, nomination_id, wanted))


@award_routes.post("/v1/nominations/{nomination_id}/award/recoveries", status_code=201, responses=_COMMAND)
async def recover_grant(nomination_id: UUID, wanted: RecoveredGrant, caller: City, context: InContext) -> AwardBody:
    """登记收回的奖牌、证书、奖金（R104）。One grant came back."""
    return await _do(context, lambda session: recover(session, context, caller, nomination_id, wanted))


@award_routes.get("/v1/awards")
async def list_awards(
    session: Reading, campaign_key: Annotated[str, Query(max_length=80)], after: AfterId, page_size: PageSize = 20
) -> PublicAwards:
    """表彰结果（公开）。Awards, and whether they still stand."""
    query = (
        select(Award, Nomination.name)
        .join(Nomination, Nomination.id == Award.nomination_id)
        .where(Award.campaign_key == campaign_key)
        .order_by(Award.nomination_id)
        .limit(page_size + 1)
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


@award_routes.post("/v1/campaigns/{key}/reopenings", status_code=201, responses=_SIGNED_IN | answers(CampaignNotFound))
async def reopen_county(key: str, wanted: NewReopening, caller: City, context: InContext) -> ReopeningBody:
    """逾期后重新开放某地报送（R113）。“逾期不报视为自动放弃”: only the city lets a late county report, for a reason."""
    async with context.database.transaction() as session:
        campaign = await context.campaigns.latest(session, key)
        now = context.clock.now()
        if wanted.quota_unit not in {row.quota_unit for row in campaign.quotas}:
            raise Unprocessable(
                errors=[FieldError("/quota_unit", "not_in_list", "没有这个推荐单位", requirement="R113")]
            )
        if wanted.until <= now:
            raise Unprocessable(errors=[FieldError("/until", "date_in_past", "截止时间须晚于现在", requirement="R113")])
        reopening = Reopening(
            id=uuid7(),
            campaign_key=campaign.key,
            quota_unit=wanted.quota_unit,
            until=wanted.until,
            reason=wanted.reason,
            opened_by=caller.person_id,
            opened_at=now,
        )
        session.add(reopening)
    return ReopeningBody.model_validate(reopening, from_attributes=True)


@award_routes.get("/v1/campaigns/{key}/reopenings", responses=_SIGNED_IN)
async def list_reopenings(key: str, caller: Office, session: Reading) -> Reopenings:
    """重新开放的记录。Every reopening, for the offices to see: nothing is done in the dark (R97)."""
    del caller  # the role is what is asked
    rows = (await session.scalars(select(Reopening).where(Reopening.campaign_key == key).order_by(Reopening.id))).all()
    return Reopenings(items=[ReopeningBody.model_validate(row, from_attributes=True) for row in rows])
