"""The devices somebody is signed in on: seeing them, signing one out, signing all out, choosing whom to act for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from services.auth.audit import Action, record
from services.auth.domain.acting import Acting
from services.auth.queries import Device, devices_of, live_session
from services.auth.resources import Resources
from services.auth.sessions.assignment_queries import hold_assignments
from services.auth.sessions.ending_sessions import EndReason, end_sessions
from services.auth.sessions.opening_session import access_token_for, acting_of
from services.auth.sessions.origin import Origin
from services.auth.tables import RefreshTokenRow, SessionRow
from services.common.callers.tokens import Caller
from services.common.problems import NotFound, Unauthenticated


@dataclass(frozen=True, slots=True)
class ActingNow:
    access_token: str
    acting: Acting


async def list_devices(session: AsyncSession, caller: Caller) -> Sequence[Device]:
    return await devices_of(session, caller.person_id, now=datetime.now(UTC))


async def sign_out_device(session: AsyncSession, caller: Caller, session_id: UUID, *, origin: Origin) -> None:
    """Raises NotFound for a session of another person, or one that is over."""
    own = (SessionRow.id == session_id, SessionRow.person_id == caller.person_id)
    if not await end_sessions(session, *own, reason=EndReason.REVOKED):
        raise NotFound
    await record(session, Action.SIGNED_OUT, person_id=caller.person_id, origin=origin, of_session=str(session_id))


async def sign_out_everywhere(session: AsyncSession, caller: Caller, *, origin: Origin) -> int:
    ended = await end_sessions(session, SessionRow.person_id == caller.person_id, reason=EndReason.REVOKED)
    await record(session, Action.SIGNED_OUT, person_id=caller.person_id, origin=origin, ended=len(ended))
    return len(ended)


async def act_for(
    session: AsyncSession, resources: Resources, caller: Caller, wanted: UUID, *, origin: Origin
) -> ActingNow:
    """The session acts under another role from here on, refreshes included. Raises RoleAssignmentUnknown, NoRole,
    Unauthenticated.

    An access token given before runs on until it expires: the role in it is still held. The session does not last longer
    than the new role lets it; one that is too old for it already is begun anew.
    """
    person_id = caller.person_id
    await hold_assignments(session, person_id)
    now = datetime.now(UTC)
    opened = await live_session(session, session_id=UUID(caller.session_id), person_id=person_id)
    if opened is None:
        raise Unauthenticated
    acting = await acting_of(session, person_id, wanted=wanted, now=now)
    ends_at = resources.settings.session_limits(acting.under.role).ends_at(started_at=opened.started_at, now=now)
    if ends_at <= now:
        raise Unauthenticated
    opened.role_assignment_id = acting.under.id
    await session.flush()
    held = (RefreshTokenRow.session_id == opened.id, RefreshTokenRow.used_at.is_(None))
    await session.execute(
        update(RefreshTokenRow).where(*held, RefreshTokenRow.expires_at > ends_at).values(expires_at=ends_at)
    )
    access_token, _, _ = await access_token_for(session, resources, opened=opened, acting=acting, now=now)
    await record(session, Action.ACTING_CHOSEN, person_id=person_id, origin=origin, role_assignment_id=str(wanted))
    return ActingNow(access_token, acting)
