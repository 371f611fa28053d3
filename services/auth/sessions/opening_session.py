"""A session begins, however the person proved who they are; and continues each time it is refreshed."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.auth.domain.acting import Acting, Assignment, choose, running
from services.auth.domain.steps import Step, steps_due
from services.auth.keys.access_tokens import caller_acting
from services.auth.problems import NoRole, PersonSuspended, RoleAssignmentUnknown
from services.auth.queries import Person, person_by_id, person_to_sign_in, security_of
from services.auth.resources import Resources
from services.auth.sessions.assignment_queries import assignments_of, hold_assignments
from services.auth.sessions.origin import Origin
from services.auth.tables import RefreshTokenRow, SessionRow


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What the person receives. The refresh token is shown here and stored nowhere."""

    person: Person
    acting: Acting
    session_id: UUID
    access_token: str
    refresh_token: str
    must: frozenset[Step]
    ends_at: datetime
    """When the session ends if it is not refreshed again."""


async def open_session(
    session: AsyncSession,
    resources: Resources,
    *,
    person_id: UUID,
    wanted: UUID | None,
    origin: Origin,
    now: datetime,
    proved_by_text_code: bool = False,
) -> SignedIn:
    """Raises PersonSuspended, NoRole, RoleAssignmentUnknown."""
    if (await person_to_sign_in(session, person_id)).suspended:
        raise PersonSuspended
    await hold_assignments(session, person_id)
    acting = await acting_of(session, person_id, wanted=wanted, now=datetime.now(UTC))
    opened = SessionRow(
        id=uuid7(),
        person_id=person_id,
        role_assignment_id=acting.under.id,
        started_at=now,
        device=origin.device,
        address=origin.address,
        proved_by_text_code=proved_by_text_code,
    )
    session.add(opened)
    await session.flush()
    return await continue_session(session, resources, opened=opened, acting=acting, now=now)


async def continue_session(
    session: AsyncSession, resources: Resources, *, opened: SessionRow, acting: Acting, now: datetime
) -> SignedIn:
    """A new pair of tokens for a session."""
    refresh_token = secrets.token_urlsafe(32)
    limits = resources.settings.session_limits(acting.under.role)
    ends_at = limits.ends_at(started_at=opened.started_at, now=now)
    session.add(RefreshTokenRow(token_hash=hash_of(refresh_token), session_id=opened.id, expires_at=ends_at))
    opened.last_seen_at = now
    await session.flush()
    access_token, person, must = await access_token_for(session, resources, opened=opened, acting=acting, now=now)
    return SignedIn(person, acting, opened.id, access_token, refresh_token, must, ends_at)


async def access_token_for(
    session: AsyncSession, resources: Resources, *, opened: SessionRow, acting: Acting, now: datetime
) -> tuple[str, Person, frozenset[Step]]:
    """A token that ends with the role and with the session, if they end before it would."""
    await resources.access_tokens.ring.keep_up(session)
    person = await person_by_id(session, opened.person_id)
    required = acting.under.role in resources.settings.roles_with_second_factor
    required = required and not opened.proved_by_text_code
    security = await security_of(session, person.id, second_factor_required=required)
    must = steps_due(security, password_lifetime=resources.settings.password_lifetime, now=now)
    caller = caller_acting(
        person_id=person.id, full_name=person.full_name, session_id=opened.id, under=acting.under, must=must
    )
    until = opened.started_at + resources.settings.session_limits(acting.under.role).absolute
    return resources.access_tokens.issue(caller, now=now, until=min(until, acting.under.ends_at or until)), person, must


async def acting_of(session: AsyncSession, person_id: UUID, *, wanted: UUID | None, now: datetime) -> Acting:
    """Raises as `acting_under` does."""
    return acting_under(await assignments_of(session, person_id), wanted=wanted, now=now)


def acting_under(assignments: Iterable[Assignment], *, wanted: UUID | None, now: datetime) -> Acting:
    """Raises NoRole when the person holds nothing now, RoleAssignmentUnknown when not the wanted one."""
    held = running(assignments, now)
    if not held:
        raise NoRole
    acting = choose(held, wanted)
    if acting is None:
        raise RoleAssignmentUnknown
    return acting


def hash_of(refresh_token: str) -> bytes:
    """256 random bits need no salt and no slow hash."""
    return hashlib.sha256(refresh_token.encode()).digest()
