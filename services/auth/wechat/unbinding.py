"""A WeChat account is taken off a person: by themselves before they change it, or by their unit for a lost phone."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.auth.invitations.invitation_queries import assignment_in_reach
from services.auth.invitations.inviting import inviter_of
from services.auth.queries import wechat_accounts_of
from services.auth.sessions.origin import Origin
from services.auth.wechat.binding_wechat import unbind_all
from services.common.callers.tokens import Caller
from services.common.problems import NotFound


async def unbind_own(session: AsyncSession, caller: Caller, appid: str, *, origin: Origin) -> int:
    """`appid`: the mini-program in hand; the others would bind the account to the person again. How many were unbound.

    The next sign-in needs an invitation or the phone. Raises NotFound.
    """
    if appid not in {each.appid for each in await wechat_accounts_of(session, caller.person_id)}:
        raise NotFound
    return await unbind_all(session, caller.person_id, origin=origin)


async def unbind_other(session: AsyncSession, caller: Caller, person_id: UUID, *, origin: Origin) -> int:
    """How many were unbound. Raises NotFound for somebody whom the caller could not invite."""
    if await assignment_in_reach(session, inviter_of(caller), person_id) is None:
        raise NotFound
    return await unbind_all(session, person_id, origin=origin, by=caller)
