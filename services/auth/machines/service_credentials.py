"""A body's credentials for its own systems and its front ends: made, listed, revoked. The secret is shown once."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.auth.audit import Action, record
from services.auth.domain.roles import Role
from services.auth.domain.service_credentials import MAKERS, MOST_AT_A_BODY
from services.auth.machines.credential_queries import credential_to_revoke, open_credentials_at
from services.auth.machines.credential_tables import ServiceCredentialRow
from services.auth.machines.oauth_problems import TooManyCredentials
from services.auth.queries import live_session, person_to_sign_in
from services.auth.sessions.origin import Origin
from services.common.callers.scopes import MachineScope
from services.common.callers.tokens import Caller
from services.common.problems import NotFound, Unauthenticated


@dataclass(frozen=True, slots=True)
class Wanted:
    name: str
    scopes: frozenset[MachineScope]
    lasts: timedelta


async def create_credential(
    session: AsyncSession, caller: Caller, wanted: Wanted, *, origin: Origin
) -> tuple[ServiceCredentialRow, str]:
    """It acts with the caller's role at the caller's body, within its scopes. Raises TooManyCredentials.

    Raises Unauthenticated when the caller's session has ended, though the access token still runs: whoever is suspended
    leaves no credential behind (R100).
    """
    person_id = caller.person_id
    await person_to_sign_in(session, person_id)
    if await live_session(session, session_id=UUID(caller.session_id), person_id=person_id) is None:
        raise Unauthenticated
    body, now, secret = UUID(caller.organisation_id), datetime.now(UTC), f"xjs_{secrets.token_urlsafe(32)}"
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"service credentials {body}"))))
    if await open_credentials_at(session, body, now=now) >= MOST_AT_A_BODY:
        raise TooManyCredentials
    row = ServiceCredentialRow(
        id=uuid7(),
        organisation_id=body,
        role=_role_of(caller.roles),
        name=wanted.name,
        scopes=sorted(wanted.scopes),
        secret_hash=hash_of_secret(secret),
        created_by=caller.person_id,
        created_at=now,
        expires_at=now + wanted.lasts,
    )
    session.add(row)
    await session.flush()
    scopes = " ".join(row.scopes)
    await record(
        session,
        Action.CREDENTIAL_CREATED,
        person_id=caller.person_id,
        origin=origin,
        credential_id=str(row.id),
        scopes=scopes,
    )
    return row, secret


async def revoke_credential(session: AsyncSession, caller: Caller, credential_id: UUID, *, origin: Origin) -> None:
    """Its tokens stop within five seconds. Done twice it changes nothing. Raises NotFound for another body's."""
    row = await credential_to_revoke(session, caller, credential_id)
    if row is None:
        raise NotFound
    if row.revoked_at is not None:
        return
    row.revoked_at = datetime.now(UTC)
    await session.flush()
    await record(
        session,
        Action.CREDENTIAL_REVOKED,
        person_id=caller.person_id,
        origin=origin,
        credential_id=str(credential_id),
    )


def hash_of_secret(secret: str) -> bytes:
    """256 random bits need no salt and no slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()


def _role_of(roles: Iterable[str]) -> Role:
    return next(role for role in MAKERS if role in roles)
