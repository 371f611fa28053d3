"""A session begins, however the person proved who they are; and continues each time it is refreshed."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.auth.access_tokens import caller_acting
from services.auth.domain.acting import Acting, choose, running
from services.auth.problems import NoRole, RoleAssignmentUnknown
from services.auth.queries import Person, assignments_of, person_by_id
from services.auth.resources import Resources
from services.auth.tables import RefreshTokenRow, SessionRow


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What the person receives. The refresh token is shown here and stored nowhere."""

    person: Person
    acting: Acting
    access_token: str
    refresh_token: str


async def open_session(
    session: AsyncSession, resources: Resources, *, person_id: UUID, wanted: UUID | None, now: datetime
) -> SignedIn:
    """Raises NoRole, RoleAssignmentUnknown."""
    acting = await acting_of(session, person_id, wanted=wanted, now=now)
    opened = SessionRow(id=uuid7(), person_id=person_id, role_assignment_id=acting.under.id, started_at=now)
    session.add(opened)
    await session.flush()
    return await continue_session(session, resources, opened=opened, acting=acting, now=now)


async def continue_session(
    session: AsyncSession, resources: Resources, *, opened: SessionRow, acting: Acting, now: datetime
) -> SignedIn:
    """A new pair of tokens for a session."""
    person = await person_by_id(session, opened.person_id)
    refresh_token = secrets.token_urlsafe(32)
    session.add(
        RefreshTokenRow(
            token_hash=hash_of(refresh_token),
            session_id=opened.id,
            expires_at=now + resources.settings.refresh_token_lifetime,
        )
    )
    await session.flush()
    caller = caller_acting(person_id=person.id, full_name=person.full_name, session_id=opened.id, under=acting.under)
    return SignedIn(person, acting, resources.access_tokens.issue(caller, now=now), refresh_token)


async def acting_of(session: AsyncSession, person_id: UUID, *, wanted: UUID | None, now: datetime) -> Acting:
    """Raises NoRole when the person holds nothing now, RoleAssignmentUnknown when not the wanted one."""
    held = running(await assignments_of(session, person_id), now)
    if not held:
        raise NoRole
    acting = choose(held, wanted)
    if acting is None:
        raise RoleAssignmentUnknown
    return acting


def hash_of(refresh_token: str) -> bytes:
    """256 random bits need no salt and no slow hash."""
    return hashlib.sha256(refresh_token.encode()).digest()
