"""A WeChat account is taken off a person: by themselves before they change it, or by their unit for a lost phone."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.auth.audit import Action, record
from services.auth.invitations.invitation_queries import assignment_in_reach
from services.auth.invitations.inviting import inviter_of
from services.auth.sessions.ending_sessions import EndReason, end_sessions
from services.auth.sessions.origin import Origin
from services.auth.tables import SessionRow, WechatIdentityRow
from services.auth.wechat.binding_wechat import unbind
from services.common.callers.tokens import Caller
from services.common.problems import NotFound


async def unbind_own(session: AsyncSession, caller: Caller, appid: str, *, origin: Origin) -> None:
    """All sessions end: the next sign-in needs an invitation or the phone. Raises NotFound."""
    person_id = caller.person_id
    if not await unbind(session, WechatIdentityRow.appid == appid, person_id=person_id):
        raise NotFound
    await end_sessions(session, SessionRow.person_id == person_id, reason=EndReason.REBOUND)
    await record(session, Action.WECHAT_UNBOUND, person_id=person_id, origin=origin)


async def unbind_other(session: AsyncSession, caller: Caller, person_id: UUID, *, origin: Origin) -> int:
    """How many accounts were unbound. Raises NotFound for somebody whom the caller could not invite."""
    if await assignment_in_reach(session, inviter_of(caller), person_id) is None:
        raise NotFound
    unbound = await unbind(session, person_id=person_id)
    await end_sessions(session, SessionRow.person_id == person_id, reason=EndReason.REBOUND)
    await record(session, Action.WECHAT_UNBOUND, person_id=person_id, origin=origin, by=caller)
    return unbound
