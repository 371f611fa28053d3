"""OAuth 2.0 (RFC 6749) for machines, and for the Authorize button of the documentation page: two grants, no more.

`client_credentials` gives a machine its token; `password` opens a session as the sign-in page does. There is no consent
screen and no redirect, so there is nothing to redirect elsewhere.
"""

import base64
import binascii
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote_plus
from uuid import UUID

from services.auth.audit import Action, record
from services.auth.domain.service_credentials import Credential
from services.auth.keys.access_tokens import caller_of_credential
from services.auth.limits import MACHINES_BY_ADDRESS
from services.auth.machines.credential_queries import credential_and_body, note_use, somebody_holds
from services.auth.machines.oauth_problems import InvalidClient, InvalidGrant, InvalidRequest, InvalidScope
from services.auth.machines.service_credentials import hash_of_secret
from services.auth.queries import as_organisation, predecessors_of
from services.auth.resources import Resources
from services.auth.sessions.opening_session import SignedIn
from services.auth.sessions.origin import Origin
from services.auth.sessions.password_sign_in import sign_in_by_password
from services.common.problems import Forbidden, Unauthenticated, Unprocessable


@dataclass(frozen=True, slots=True)
class Client:
    id: str
    secret: str


@dataclass(frozen=True, slots=True)
class Granted:
    access_token: str
    scopes: tuple[str, ...]


def client_of(authorization: str, client_id: str, client_secret: str) -> Client:
    """By HTTP Basic or in the form, not both (§2.3.1). Raises InvalidRequest, InvalidClient."""
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return Client(client_id, client_secret)
    if client_secret:
        raise InvalidRequest
    try:
        known, colon, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise InvalidClient from None
    if not colon:
        raise InvalidClient
    return Client(unquote_plus(known), unquote_plus(secret))


async def grant_to_machine(resources: Resources, client: Client, *, scope: str, origin: Origin) -> Granted:
    """A token for the scopes asked for; none named: for all it has. Raises InvalidClient, InvalidScope, TooManyRequests.

    One answer for an unknown id, a wrong secret, an expired and a revoked credential, and one whose role nobody at the
    body holds any more (R43).
    """
    charge = MACHINES_BY_ADDRESS.of(origin.address)
    await resources.limiter.take(charge)
    now = datetime.now(UTC)
    async with resources.database.reading() as session:
        found = await credential_and_body(session, _as_id(client.id))
        held = found is not None and await somebody_holds(session, found[0].role, found[1].id, now=now)
        taken_in = await predecessors_of(session, [found[1].id] if found else [])
        await resources.access_tokens.ring.keep_up(session)
    expected = found[0].secret_hash if found else secrets.token_bytes(32)
    right = hmac.compare_digest(expected, hash_of_secret(client.secret))
    if found is None or not right or not held or not Credential(found[0].expires_at, found[0].revoked_at).opens(now):
        await _note(resources, origin, found[0].id if found else None, refused=InvalidClient.code)
        raise InvalidClient
    row, body = found
    wanted = tuple(sorted(set(scope.split()) or set(row.scopes)))
    if not set(wanted) <= set(row.scopes):
        raise InvalidScope
    async with resources.database.transaction() as session:
        await resources.limiter.give_back(session, charge)
        await note_use(session, row.id, now=now)
    await _note(resources, origin, row.id)
    caller = caller_of_credential(
        credential_id=row.id,
        name=row.name,
        role=row.role,
        organisation=as_organisation(body, taken_in.get(body.id, ())),
        scopes=wanted,
        made_by=row.created_by,
    )
    return Granted(resources.access_tokens.issue(caller, now=now, until=row.expires_at), wanted)


async def grant_by_password(resources: Resources, *, username: str, password: str, origin: Origin) -> SignedIn:
    """As `POST /v1/auth/sessions`. Raises InvalidGrant with the reason; SignInDelayed, TooManyRequests as they are."""
    try:
        return await sign_in_by_password(
            resources,
            username=username,
            password=password,
            role_assignment_id=None,
            one_time_code=None,
            origin=origin,
        )
    except (Unauthenticated, Forbidden, Unprocessable) as refusal:
        raise InvalidGrant(refusal.title) from None


def _as_id(client_id: str) -> UUID:
    """What is no id names no credential."""
    try:
        return UUID(client_id)
    except ValueError:
        return UUID(int=0)


async def _note(resources: Resources, origin: Origin, credential_id: UUID | None, *, refused: str = "") -> None:
    named = str(credential_id) if credential_id else None
    async with resources.database.transaction() as session:
        await record(
            session, Action.MACHINE_SIGN_IN, person_id=None, origin=origin, refused=refused, credential_id=named
        )
