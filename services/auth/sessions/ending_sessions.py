"""Sessions end: one, or all of a person's. Refreshes stop at once, access tokens within five seconds (`ended_feed`)."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.auth.machines.credential_queries import credentials_revoked_since
from services.auth.queries import keys_in_force, sessions_ended_since
from services.auth.resources import Resources
from services.auth.tables import SessionRow
from services.common.callers.ended_sessions import session_mark

_LATE_COMMITS = timedelta(seconds=45)
"""A session that is ended now may be committed this much later: each answer goes back so far before the last."""
_CLOCK_SKEW = timedelta(seconds=120)
"""A service may be a minute behind and takes a token a minute longer than it says."""


class EndReason(StrEnum):
    SIGNED_OUT = "signed_out"  # 本人退出
    REVOKED = "revoked"  # 本人从设备列表退出
    PASSWORD_CHANGED = "password_changed"  # 修改密码  # noqa: S105
    REFRESH_REUSED = "refresh_reused"  # 凭证重复使用
    REBOUND = "rebound"  # 改绑或解绑微信
    SUSPENDED = "suspended"  # 被停用
    ROLE_ENDED = "role_ended"  # 岗位终止


async def end_sessions(session: AsyncSession, *which: ColumnElement[bool], reason: EndReason) -> Sequence[UUID]:
    """Ends those of the sessions that still run, and names them."""
    ended = await session.scalars(
        update(SessionRow)
        .where(SessionRow.ended_at.is_(None), *which)
        .values(ended_at=datetime.now(UTC), end_reason=reason)
        .returning(SessionRow.id)
    )
    return ended.all()


async def ended_feed(session: AsyncSession, resources: Resources, *, since: datetime | None) -> dict[str, Any]:
    """What TokenVerifier polls: bounded, since older ends concern no access token that still runs."""
    now = datetime.now(UTC)
    lifetime = resources.settings.access_token_lifetime + _CLOCK_SKEW
    oldest = now - lifetime
    begin = max(since - _LATE_COMMITS, oldest) if since is not None else oldest
    ended = [*await sessions_ended_since(session, begin), *await credentials_revoked_since(session, begin)]
    return {
        "as_of": now,
        "kids": [row.kid for row in await keys_in_force(session, now)],
        "ended": {session_mark(str(row.id)): int((row.ended_at + lifetime).timestamp()) for row in ended},
    }
