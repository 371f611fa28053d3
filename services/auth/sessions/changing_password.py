"""A person changes their password; an administrator gives a first one, which must be changed."""

import re
import secrets
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.auth.audit import Action, record
from services.auth.domain.password_policy import Fault, faults
from services.auth.problems import FAULTS_OF_PASSWORDS, PasswordRefused, PasswordWrong
from services.auth.queries import credential_of_person, live_session
from services.auth.resources import Resources
from services.auth.sessions.common_passwords import common_passwords
from services.auth.sessions.ending_sessions import EndReason, end_sessions
from services.auth.sessions.origin import Origin
from services.auth.sessions.separation import refuse_watcher
from services.auth.sessions.sign_in_attempts import count_attempt, forgive
from services.auth.tables import PasswordCredentialRow, SessionRow
from services.common.callers.tokens import Caller
from services.common.problems import FieldError, NotFound, Unauthenticated


async def change_password(
    resources: Resources, caller: Caller, *, current: str, new: str, origin: Origin
) -> tuple[datetime, int]:
    """When it was changed, and how many other sessions ended by it.

    Raises PasswordWrong, slowed down like a sign-in; PasswordRefused with every fault; NotFound without a password;
    Unauthenticated when the session ended while this was worked on: a reset stands.
    """
    person_id = caller.person_id
    async with resources.database.reading() as session:
        credential = await credential_of_person(session, person_id)
        names = names_in(caller.name)
    if credential is None:
        raise NotFound
    attempt = await count_attempt(resources, account=str(person_id), person_id=person_id, address=origin.address)
    if not await resources.passwords.matches(credential.password_hash, current):
        async with resources.database.transaction() as session:
            refusal = PasswordWrong.code
            await record(session, Action.PASSWORD_CHANGED, person_id=person_id, origin=origin, refused=refusal)
        raise PasswordWrong
    refuse_weak(new, names=[credential.username, *names], current=current)
    password_hash = await resources.passwords.hash(new)
    async with resources.database.transaction() as session:
        await forgive(session, resources, attempt, person_id=person_id)
        unchanged = PasswordCredentialRow.password_hash == credential.password_hash
        changed_at = await _store(session, person_id, password_hash, unchanged, must_change=False)
        if await live_session(session, session_id=UUID(caller.session_id), person_id=person_id) is None:
            raise Unauthenticated
        if changed_at is None:
            raise PasswordWrong
        others = (SessionRow.person_id == person_id, SessionRow.id != UUID(caller.session_id))
        ended = await end_sessions(session, *others, reason=EndReason.PASSWORD_CHANGED)
        await record(session, Action.PASSWORD_CHANGED, person_id=person_id, origin=origin)
    return changed_at, len(ended)


async def reset_password(resources: Resources, caller: Caller, person_id: UUID, *, origin: Origin) -> str:
    """A password for one sign-in, shown once; all sessions end.

    Raises NotFound for whoever has no password, AdministratorOutOfReach.
    """
    password = secrets.token_urlsafe(15)
    password_hash = await resources.passwords.hash(password)
    async with resources.database.transaction() as session:
        if await credential_of_person(session, person_id) is None:
            raise NotFound
        await refuse_watcher(session, person_id)
        await _store(session, person_id, password_hash, must_change=True)
        await end_sessions(session, SessionRow.person_id == person_id, reason=EndReason.PASSWORD_CHANGED)
        await record(session, Action.PASSWORD_RESET, person_id=person_id, origin=origin, by=caller)
    return password


def refuse_weak(password: str, *, names: list[str], current: str | None = None, pointer: str = "/new_password") -> None:
    """Raises PasswordRefused with all faults at once."""
    found = faults(password, names=names, common=common_passwords())
    if password == current:
        found.append(Fault.UNCHANGED)
    if found:
        words = ((fault, FAULTS_OF_PASSWORDS[fault]) for fault in found)
        raise PasswordRefused(errors=[FieldError(pointer, fault, text.zh, text.en) for fault, text in words])


def names_in(full_name: str) -> list[str]:
    return re.findall(r"\w{2,}", full_name)


async def _store(
    session: AsyncSession, person_id: UUID, password_hash: str, *still: ColumnElement[bool], must_change: bool
) -> datetime | None:
    """When; None where what was to be `still` so is not, also after whoever changes it now."""
    return await session.scalar(
        update(PasswordCredentialRow)
        .where(PasswordCredentialRow.person_id == person_id, *still)
        .values(password_hash=password_hash, changed_at=datetime.now(UTC), must_change=must_change)
        .returning(PasswordCredentialRow.changed_at)
    )
