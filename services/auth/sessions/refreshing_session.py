"""A refresh token is exchanged for a new pair of tokens, once."""

from collections.abc import Callable
from datetime import UTC, datetime

from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from services.auth.audit import Action, record
from services.auth.domain.refreshing import RefreshToken, Verdict, judge
from services.auth.limits import REFRESH_BY_ADDRESS, REFRESH_BY_TOKEN
from services.auth.problems import NoRole, RefreshTokenInvalid, RefreshTokenReused, RoleAssignmentUnknown
from services.auth.queries import refresh_token_for_update
from services.auth.resources import Resources
from services.auth.sessions.ending_sessions import EndReason, end_sessions
from services.auth.sessions.opening_session import SignedIn, acting_of, continue_session, hash_of
from services.auth.sessions.origin import Origin
from services.auth.tables import SessionRow
from services.common.repeats.once import OncePerKey


async def refresh_session(
    resources: Resources,
    refresh_token: str,
    *,
    origin: Origin,
    once: OncePerKey,
    shown: Callable[[SignedIn], BaseModel],
) -> JSONResponse:
    """Raises RefreshTokenReused, after the session was ended; RefreshTokenInvalid; TooManyRequests.

    A phone that lost the answer repeats under its key and has the same pair. Whoever stole the token does not know the key.
    A role that ended since is not refreshed: the person signs in again and chooses among those still held.
    """
    token_hash = hash_of(refresh_token)
    await resources.limiter.take(REFRESH_BY_ADDRESS.of(origin.address), REFRESH_BY_TOKEN.of(token_hash.hex()))
    now = datetime.now(UTC)

    async def perform(session: AsyncSession) -> BaseModel:
        return shown(await _rotate(session, resources, token_hash, now=now))

    try:
        return await once.do(None, perform)
    except RefreshTokenReused:
        # In a transaction of its own: the refusal must not undo the end of the session.
        await _end_session(resources, token_hash, origin=origin)
        raise


async def _rotate(session: AsyncSession, resources: Resources, token_hash: bytes, *, now: datetime) -> SignedIn:
    found = await refresh_token_for_update(session, token_hash)
    token, opened = found or (None, None)
    rule = RefreshToken(token.expires_at, token.used_at, opened.ended_at) if token and opened else None
    verdict = judge(rule, now)
    if verdict is Verdict.REUSED:
        raise RefreshTokenReused
    if verdict is not Verdict.ROTATE or token is None or opened is None:
        raise RefreshTokenInvalid
    token.used_at = now
    await session.flush()
    try:
        acting = await acting_of(session, opened.person_id, wanted=opened.role_assignment_id, now=now)
    except (NoRole, RoleAssignmentUnknown):
        raise RefreshTokenInvalid from None
    return await continue_session(session, resources, opened=opened, acting=acting, now=now)


async def _end_session(resources: Resources, token_hash: bytes, *, origin: Origin) -> None:
    async with resources.database.transaction() as session:
        found = await refresh_token_for_update(session, token_hash)
        if found is None:
            return
        opened = found[1]
        await end_sessions(session, SessionRow.id == opened.id, reason=EndReason.REFRESH_REUSED)
        await record(
            session, Action.REFRESH_REUSED, person_id=opened.person_id, origin=origin, of_session=str(opened.id)
        )
