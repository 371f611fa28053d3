"""“没有符合条件的推荐对象可不推荐” (R13): an office says so, signed; the seats are waived until it takes that back."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.common.callers.tokens import Caller
from services.common.problems import FieldError, NotFound, Unprocessable
from services.nominations.campaigns.campaign_course import is_shut, require_not_closed
from services.nominations.campaigns.quota_ledger import locked_account, write_movement
from services.nominations.cases.case_facts import actor_of
from services.nominations.context import Context
from services.nominations.domain.campaign import Campaign
from services.nominations.domain.empty_report import DEADLINE_PASSED
from services.nominations.domain.quotas import Movement
from services.nominations.domain.workflow import Role
from services.nominations.domain.zero_declaration import QUOTA_UNIT_OF_ANOTHER, speaks_for
from services.nominations.problems import AlreadyDeclared, CategoryUnknown, SeatsInUse, refusal
from services.nominations.procedure_tables import ZeroDeclaration
from services.nominations.schemas.declarations import NewZeroDeclaration


async def declare_zero(
    session: AsyncSession, context: Context, caller: Caller, wanted: NewZeroDeclaration
) -> ZeroDeclaration:
    """Waives every seat of the category that is left: none, where each was forfeited (R99), and it is said all the same.

    Raises CategoryUnknown, Unprocessable and ActionForbidden for an organisation that is not this office's to speak for,
    NoSeatGranted, SeatsInUse, AlreadyDeclared, ActionBlocked.
    The account's lock comes first: a submission at the same moment either has its seat, and the declaration is refused,
    or finds none.
    """
    campaign = await context.campaigns.latest(session, wanted.campaign_key)
    if wanted.category not in campaign.category_keys:
        raise CategoryUnknown
    quota_unit = _spoken_for(campaign, caller, wanted.quota_unit)
    await require_not_closed(session, campaign.key)
    now = context.clock.now()
    if await is_shut(session, campaign, quota_unit, now=now):
        raise refusal([DEADLINE_PASSED])
    account = await locked_account(session, campaign.key, quota_unit, category=wanted.category)
    if account.reserved or account.consumed:
        raise SeatsInUse
    seats = account.granted - account.forfeited - account.waived
    declaration = ZeroDeclaration(
        id=uuid7(),
        campaign_key=campaign.key,
        quota_unit=quota_unit,
        category=wanted.category,
        reason=wanted.reason,
        seats=seats,
        signer_name=caller.name,
        declared_by=caller.person_id,
        declared_at=now,
    )
    session.add(declaration)
    try:
        await session.flush()
    except IntegrityError:
        raise AlreadyDeclared from None
    if seats:
        write_movement(session, account, Movement.WAIVE, seats=seats, at=now)
    return declaration


async def revoke_zero(
    session: AsyncSession, context: Context, caller: Caller, declaration_id: UUID, *, reason: str
) -> ZeroDeclaration:
    """Gives the waived seats back. Raises CampaignClosed, NotFound for another office's or one that was revoked before."""
    declaration = await session.scalar(
        select(ZeroDeclaration)
        .where(ZeroDeclaration.id == declaration_id, ZeroDeclaration.revoked_at.is_(None))
        .with_for_update()
    )
    if declaration is None:
        raise NotFound
    campaign = await context.campaigns.latest(session, declaration.campaign_key)
    if not speaks_for(declaration.quota_unit, campaign=campaign, actor=actor_of(caller)):
        raise NotFound
    await require_not_closed(session, declaration.campaign_key)
    now = context.clock.now()
    account = await locked_account(
        session, declaration.campaign_key, declaration.quota_unit, category=declaration.category
    )
    if declaration.seats:
        write_movement(session, account, Movement.RESUME, seats=declaration.seats, at=now)
    declaration.revoked_at, declaration.revoked_reason = now, reason
    return declaration


def _spoken_for(campaign: Campaign, caller: Caller, named: str | None) -> str:
    """The organisation that the officer declares for. Raises Unprocessable, ActionForbidden."""
    actor = actor_of(caller)
    if named is None and not actor.has(Role.COUNTY_OFFICER):
        raise Unprocessable(
            errors=[FieldError("/quota_unit", "required", "请写明为哪个推荐单位申明", requirement="R13")]
        )
    quota_unit = named or caller.jurisdiction
    if not speaks_for(quota_unit, campaign=campaign, actor=actor):
        raise refusal([QUOTA_UNIT_OF_ANOTHER])
    return quota_unit
