"""A person is suspended: no sign-in, no refresh, and no access token after five seconds. Nothing of theirs is lost,
but the credentials that they gave to machines: those are made anew by somebody else."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.auth.audit import Action, record
from services.auth.machines.credential_queries import revoke_those_made_by
from services.auth.problems import OwnSuspension
from services.auth.queries import person_for_update
from services.auth.sessions.ending_sessions import EndReason, end_sessions
from services.auth.sessions.origin import Origin
from services.auth.tables import SessionRow
from services.common.callers.tokens import Caller
from services.common.problems import NotFound


async def suspend(session: AsyncSession, caller: Caller, person_id: UUID, *, reason: str, origin: Origin) -> int:
    """How many sessions it ended. Done twice it changes the reason. Raises OwnSuspension, NotFound."""
    if caller.subject == str(person_id):
        raise OwnSuspension
    person = await person_for_update(session, person_id)
    if person is None:
        raise NotFound
    person.suspended_at = person.suspended_at or datetime.now(UTC)
    person.suspension_reason = reason
    await session.flush()
    ended = await end_sessions(session, SessionRow.person_id == person_id, reason=EndReason.SUSPENDED)
    revoked = await revoke_those_made_by(session, person_id, now=datetime.now(UTC))
    await record(
        session,
        Action.PERSON_SUSPENDED,
        person_id=person_id,
        origin=origin,
        by=caller,
        why=reason,
        ended=len(ended),
        credentials_revoked=revoked,
    )
    return len(ended)


async def reinstate(session: AsyncSession, caller: Caller, person_id: UUID, *, origin: Origin) -> None:
    """Done twice it changes nothing. Raises NotFound."""
    person = await person_for_update(session, person_id)
    if person is None:
        raise NotFound
    person.suspended_at = person.suspension_reason = None
    await session.flush()
    await record(session, Action.PERSON_REINSTATED, person_id=person_id, origin=origin, by=caller)
