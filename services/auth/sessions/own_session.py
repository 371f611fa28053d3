"""The caller's own session: who they are in it, and its end."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.auth.audit import Action, record
from services.auth.domain.acting import Acting
from services.auth.problems import RoleAssignmentUnknown
from services.auth.queries import Person
from services.auth.sessions.assignment_queries import in_own_session
from services.auth.sessions.ending_sessions import EndReason, end_sessions
from services.auth.sessions.opening_session import acting_under
from services.auth.sessions.origin import Origin
from services.auth.tables import SessionRow
from services.common.callers.tokens import Caller
from services.common.problems import Unauthenticated


@dataclass(frozen=True, slots=True)
class Myself:
    person: Person
    acting: Acting


async def look_at_myself(session: AsyncSession, caller: Caller) -> Myself:
    """Raises Unauthenticated when the session or the role has ended, though the access token still runs."""
    person_id = caller.person_id
    found = await in_own_session(session, session_id=UUID(caller.session_id), person_id=person_id)
    if found is None:
        raise Unauthenticated
    person, began_under, assignments = found
    try:
        return Myself(person, acting_under(assignments, wanted=began_under, now=datetime.now(UTC)))
    except RoleAssignmentUnknown:
        raise Unauthenticated from None


async def end_own_session(session: AsyncSession, caller: Caller, *, origin: Origin) -> None:
    """No refresh from here on; done twice it changes nothing. The access token works five seconds more at most."""
    person_id = caller.person_id  # asked first: a machine has neither person nor session
    own = (SessionRow.id == UUID(caller.session_id), SessionRow.person_id == person_id)
    if await end_sessions(session, *own, reason=EndReason.SIGNED_OUT):
        await record(session, Action.SIGNED_OUT, person_id=person_id, origin=origin, of_session=caller.session_id)
