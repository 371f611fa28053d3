"""A WeChat account is taken off a person: by themselves before they change it, or by their unit for a lost phone."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.auth.audit import Action, record
from services.auth.binding_wechat import unbind
from services.auth.domain.inviting import may_invite
from services.auth.ending_sessions import EndReason, end_sessions
from services.auth.invitation_queries import assignment_seen_by, has_county_office
from services.auth.inviting import inviter_of
from services.auth.origin import Origin
from services.auth.tables import SessionRow, WechatIdentityRow
from services.common.problems import NotFound
from services.common.tokens import Caller


async def unbind_own(session: AsyncSession, caller: Caller, appid: str, *, origin: Origin) -> None:
    """All sessions end: the next sign-in needs an invitation or the phone. Raises NotFound."""
    person_id = caller.person_id
    if not await unbind(session, WechatIdentityRow.appid == appid, person_id=person_id):
        raise NotFound
    await end_sessions(session, SessionRow.person_id == person_id, reason=EndReason.REBOUND)
    await record(session, Action.WECHAT_UNBOUND, person_id=person_id, origin=origin)


async def unbind_other(session: AsyncSession, caller: Caller, person_id: UUID, *, origin: Origin) -> int:
    """How many accounts were unbound. Raises NotFound for somebody whom the caller could not invite."""
    inviter = inviter_of(caller)
    held = await assignment_seen_by(session, inviter, person_id)
    if held is None:
        raise NotFound
    under_county = await has_county_office(session, held[1].jurisdiction)
    if not may_invite(inviter, held[0].role, held[1], under_county=under_county):
        raise NotFound
    unbound = await unbind(session, person_id=person_id)
    await end_sessions(session, SessionRow.person_id == person_id, reason=EndReason.REBOUND)
    await record(session, Action.WECHAT_UNBOUND, person_id=person_id, origin=origin, by=caller)
    return unbound
