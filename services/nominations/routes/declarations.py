"""What offices declare: nobody to nominate, criteria of their own, a circumstance that bars."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.answers.caching import FOR_ANYBODY
from services.common.callers.tokens import Caller, caller_with
from services.common.db import Reading
from services.common.problem_schema import SIGNED_IN, DeclaringRouter, answers
from services.common.problems import (
    IdempotencyKeyReused,
    MalformedJson,
    NotFound,
    Unavailable,
    Unprocessable,
)
from services.common.repeats.once import Once
from services.nominations import queries
from services.nominations.campaigns.recommending import require_recommending
from services.nominations.cases.case_facts import load_case
from services.nominations.context import InContext
from services.nominations.domain.campaign import Campaign
from services.nominations.domain.disqualification import LiftingAction
from services.nominations.domain.workflow import Role
from services.nominations.lists.list_files import ListingRoute
from services.nominations.problems import (
    ActionBlocked,
    ActionForbidden,
    AlreadyDeclared,
    CampaignClosed,
    CampaignNotFound,
    CategoryUnknown,
    NominationHeld,
    NoSeatGranted,
    ProposalChanged,
    SeatsInUse,
    SecondPersonNeeded,
)
from services.nominations.procedure_tables import Disqualification, LocalCriteria, ZeroDeclaration
from services.nominations.reporting.zero_declaration import declare_zero, revoke_zero
from services.nominations.reviews.disqualifying import disqualify
from services.nominations.reviews.lifting import liftings_open_to, propose_lifting
from services.nominations.reviews.lifting import second_lifting as second
from services.nominations.schemas.declarations import (
    DisqualificationBody,
    Disqualifications,
    LocalCriteriaBody,
    LocalCriteriaList,
    NewDisqualification,
    NewZeroDeclaration,
    Revocation,
    SavedCriteria,
    ZeroDeclarationBody,
    ZeroDeclarations,
)
from services.nominations.schemas.seconding import Seconding

_SIGNED_IN = SIGNED_IN | answers(ActionForbidden)
declaration_routes = DeclaringRouter(
    route_class=ListingRoute, tags=["procedure"], responses=answers(MalformedJson, Unavailable, Unprocessable, NotFound)
)
Officer = Annotated[Caller, caller_with(Role.COUNTY_OFFICER, Role.CITY_OFFICER)]
Office = Annotated[
    Caller, caller_with(Role.COUNTY_OFFICER, Role.COUNTY_REVIEWER, Role.CITY_OFFICER, Role.CITY_REVIEWER)
]
CountyOfficer = Annotated[Caller, caller_with(Role.COUNTY_OFFICER)]
CampaignKey = Annotated[str, Query(max_length=80)]


@declaration_routes.post(
    "/v1/zero-declarations",
    status_code=201,
    response_model=ZeroDeclarationBody,
    responses=_SIGNED_IN
    | answers(
        CampaignNotFound, CampaignClosed, CategoryUnknown, NoSeatGranted, SeatsInUse, AlreadyDeclared, ActionBlocked
    )
    | answers(IdempotencyKeyReused),
)
async def create_zero_declaration(
    wanted: NewZeroDeclaration, caller: Officer, context: InContext, once: Once
) -> Response:
    """申明此类不推荐（R13）。“没有符合条件的推荐对象可不推荐”: declared and signed; the seats are waived.

    A county's office for its own; the city's for an organisation without a county, named in `quota_unit` (A13).
    """

    async def perform(session: AsyncSession) -> ZeroDeclarationBody:
        declared = await declare_zero(session, context, caller, wanted)
        return ZeroDeclarationBody.model_validate(declared, from_attributes=True)

    return await once.do(caller, perform)


@declaration_routes.get("/v1/zero-declarations", responses=_SIGNED_IN)
async def list_zero_declarations(caller: Officer, session: Reading, campaign_key: CampaignKey) -> ZeroDeclarations:
    """不推荐申明。The county's own; the city sees all."""
    query = select(ZeroDeclaration).where(ZeroDeclaration.campaign_key == campaign_key)
    if Role.CITY_OFFICER not in caller.roles:
        query = query.where(ZeroDeclaration.quota_unit == caller.jurisdiction)
    rows = (await session.scalars(query.order_by(ZeroDeclaration.id).limit(1000))).all()
    return ZeroDeclarations(items=[ZeroDeclarationBody.model_validate(row, from_attributes=True) for row in rows])


@declaration_routes.post(
    "/v1/zero-declarations/{declaration_id}/revocation",
    status_code=201,
    response_model=ZeroDeclarationBody,
    responses=_SIGNED_IN | answers(CampaignClosed),
)
async def revoke_zero_declaration(
    declaration_id: UUID, wanted: Revocation, caller: Officer, context: InContext, once: Once
) -> Response:
    """撤销不推荐申明，恢复名额。Takes the declaration back; the seats are free again."""

    async def perform(session: AsyncSession) -> ZeroDeclarationBody:
        revoked = await revoke_zero(session, context, caller, declaration_id, reason=wanted.reason)
        return ZeroDeclarationBody.model_validate(revoked, from_attributes=True)

    return await once.do(caller, perform)


@declaration_routes.post(
    "/v1/nominations/{nomination_id}/disqualifications",
    status_code=201,
    response_model=DisqualificationBody,
    responses=_SIGNED_IN,
)
async def create_disqualification(
    nomination_id: UUID, wanted: NewDisqualification, caller: Officer, context: InContext, once: Once
) -> Response:
    """登记不予推荐的情形（R83–R93）。Bars the firm and its head, in every county, from now on."""

    async def perform(session: AsyncSession) -> DisqualificationBody:
        found = await disqualify(session, context, caller, nomination_id, wanted)
        nomination = await queries.get_nomination(session, caller, nomination_id)
        campaign = await context.campaigns.version(session, nomination.campaign_key, nomination.campaign_version)
        return await _one(session, caller, campaign, found)

    return await once.do(caller, perform)


@declaration_routes.get("/v1/nominations/{nomination_id}/disqualifications", responses=_SIGNED_IN)
async def list_disqualifications(
    nomination_id: UUID, caller: Office, context: InContext, session: Reading
) -> Disqualifications:
    """不予推荐的情形。Everything in force against the case's firm or person, wherever it was found."""
    nomination = await queries.get_nomination(session, caller, nomination_id)
    campaign = await context.campaigns.version(session, nomination.campaign_key, nomination.campaign_version)
    case = await load_case(session, nomination, campaign, now=context.clock.now())
    actions = await liftings_open_to(session, caller, case.found)
    return Disqualifications(items=[_found(campaign, each, actions.get(each.id, [])) for each in case.found])


@declaration_routes.post(
    "/v1/disqualifications/{disqualification_id}/lifting",
    status_code=201,
    response_model=DisqualificationBody,
    responses=_SIGNED_IN | answers(NominationHeld),
)
async def lift_disqualification(
    disqualification_id: UUID, wanted: Revocation, caller: Officer, context: InContext, once: Once
) -> Response:
    """提出解除不予推荐的情形（须说明理由）。One proposes, another seconds (R97): until then it bars as before."""

    async def perform(session: AsyncSession) -> DisqualificationBody:
        found = await propose_lifting(session, context, caller, disqualification_id, reason=wanted.reason)
        return await _one(session, caller, await context.campaigns.latest(session, found.campaign_key), found)

    return await once.do(caller, perform)


@declaration_routes.post(
    "/v1/disqualifications/{disqualification_id}/lifting/seconding",
    status_code=201,
    responses=_SIGNED_IN | answers(NominationHeld, SecondPersonNeeded, ProposalChanged),
)
async def second_lifting(
    disqualification_id: UUID, wanted: Seconding, caller: Office, context: InContext
) -> DisqualificationBody:
    """复核解除不予推荐的情形，即时生效（R83、R97）。By another person than the one who proposed it."""
    async with context.database.transaction() as session:
        found = await second(session, context, caller, disqualification_id, wanted)
        return await _one(session, caller, await context.campaigns.latest(session, found.campaign_key), found)


@declaration_routes.put("/v1/campaigns/{key}/local-criteria/{category}", responses=_SIGNED_IN)
async def save_local_criteria(
    key: str,
    category: str,
    wanted: SavedCriteria,
    context: InContext,
    caller: CountyOfficer,
) -> LocalCriteriaBody:
    """细化评选条件（R67）。The county's own criteria, beside those of the notice."""
    now = context.clock.now()
    facts = {"criteria": wanted.criteria, "saved_by": caller.person_id, "saved_at": now}
    async with context.database.transaction() as session:
        campaign = await context.campaigns.latest(session, key)
        if category not in campaign.category_keys:
            raise CategoryUnknown
        require_recommending(campaign, caller)
        place = {"campaign_key": key, "quota_unit": caller.jurisdiction, "category": category}
        await session.execute(
            insert(LocalCriteria)
            .values(place | facts | {"revision": 1})
            .on_conflict_do_update(index_elements=list(place), set_=facts | {"revision": LocalCriteria.revision + 1})
        )
    return LocalCriteriaBody(quota_unit=caller.jurisdiction, category=category, criteria=wanted.criteria, saved_at=now)


@declaration_routes.get(
    "/v1/campaigns/{key}/local-criteria", responses=answers(CampaignNotFound), dependencies=[FOR_ANYBODY]
)
async def list_local_criteria(
    key: str, context: InContext, session: Reading, quota_unit: Annotated[str | None, Query(max_length=40)] = None
) -> LocalCriteriaList:
    """各地细化的评选条件。What counties ask beyond the notice, for their units to read."""
    await context.campaigns.latest(session, key)
    query = select(LocalCriteria).where(LocalCriteria.campaign_key == key)
    if quota_unit is not None:
        query = query.where(LocalCriteria.quota_unit == quota_unit)
    rows = (await session.scalars(query.order_by(LocalCriteria.quota_unit, LocalCriteria.category).limit(1000))).all()
    return LocalCriteriaList(items=[LocalCriteriaBody.model_validate(row, from_attributes=True) for row in rows])


async def _one(
    session: AsyncSession, caller: Caller, campaign: Campaign, found: Disqualification
) -> DisqualificationBody:
    actions = await liftings_open_to(session, caller, [found])
    return _found(campaign, found, actions.get(found.id, []))


def _found(campaign: Campaign, found: Disqualification, actions: list[LiftingAction]) -> DisqualificationBody:
    labels = {each.key: each.label for each in campaign.disqualifiers}
    return DisqualificationBody(
        id=found.id,
        nomination_id=found.nomination_id,
        disqualifier=found.disqualifier,
        label=labels.get(found.disqualifier, found.disqualifier),
        occurred_on=found.occurred_on,
        finding=found.finding,
        recorded_at=found.recorded_at,
        lifting_proposed_at=found.lifting_proposed_at,
        lifting_proposed_reason=found.lifting_proposed_reason,
        lifted_at=found.lifted_at,
        lifted_reason=found.lifted_reason,
        actions=actions,
    )
