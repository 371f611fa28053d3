"""Binding WeChat accounts to people, and taking them off: in all mini-programs, as `binding.replaced` says."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.auth.audit import Action, record
from services.auth.domain import binding
from services.auth.domain.binding import WechatUser
from services.auth.queries import lock_person, person_bound_to, wechat_accounts_of
from services.auth.sessions.ending_sessions import EndReason, end_sessions
from services.auth.sessions.origin import Origin
from services.auth.tables import SessionRow, WechatIdentityRow
from services.auth.wechat.wechat_problems import WechatBoundToAnother
from services.common.callers.tokens import Caller


async def bind(
    session: AsyncSession,
    user: WechatUser,
    person_id: UUID,
    *,
    origin: Origin | None,
    now: datetime,
    by: Caller | None = None,
) -> None:
    """Sessions end where another account is replaced. Raises WechatBoundToAnother."""
    await lock_person(session, person_id)
    outgoing = binding.replaced(await wechat_accounts_of(session, person_id), user)
    ended = 0
    if outgoing:
        account = tuple_(WechatIdentityRow.appid, WechatIdentityRow.openid)
        replaced = account.in_([(each.appid, each.openid) for each in outgoing])
        ended = await _take_off(session, person_id, replaced)
    await session.execute(
        insert(WechatIdentityRow)
        .values(appid=user.appid, openid=user.openid, unionid=user.unionid, person_id=person_id, bound_at=now)
        .on_conflict_do_nothing()
    )
    if await person_bound_to(session, appid=user.appid, openid=user.openid) != person_id:
        raise WechatBoundToAnother  # another invitation bound this openid a moment ago
    await record(
        session,
        Action.WECHAT_BOUND,
        person_id=person_id,
        origin=origin,
        by=by,
        appid=user.appid,
        replaced=len(outgoing),
        ended=ended,
    )


async def unbind_all(session: AsyncSession, person_id: UUID, *, origin: Origin, by: Caller | None = None) -> int:
    """No mini-program knows the person any more, and all sessions end. How many accounts were taken off."""
    await lock_person(session, person_id)
    unbound = len(await wechat_accounts_of(session, person_id))
    ended = await _take_off(session, person_id)
    await record(
        session, Action.WECHAT_UNBOUND, person_id=person_id, origin=origin, by=by, unbound=unbound, ended=ended
    )
    return unbound


async def _take_off(session: AsyncSession, person_id: UUID, *which: ColumnElement[bool]) -> int:
    """How many sessions it ended."""
    await session.execute(delete(WechatIdentityRow).where(WechatIdentityRow.person_id == person_id, *which))
    return len(await end_sessions(session, SessionRow.person_id == person_id, reason=EndReason.REBOUND))
