"""Access tokens: short-lived, signed, and holding all that another service asks about the caller."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from jose import jwt
from uuid_utils.compat import uuid7

from services.auth.domain.acting import Assignment, Organisation
from services.auth.domain.roles import Role
from services.auth.keys.signing_keys import KeyRing, SigningKey
from services.common.callers.tokens import ALGORITHM, Caller, claims_of

AUDIENCES = ("auth", "documents", "nominations")


@dataclass(frozen=True, slots=True)
class AccessTokens:
    issuer: str
    lifetime: timedelta
    ring: KeyRing

    @property
    def key(self) -> SigningKey:
        """The one that signs now."""
        return self.ring.key_at(datetime.now(UTC))

    def issue(self, caller: Caller, *, now: datetime, until: datetime | None = None) -> str:
        expires_at = now + self.lifetime
        claims = {
            **claims_of(caller),
            "iss": self.issuer,
            "aud": list(AUDIENCES),
            "iat": int(now.timestamp()),
            "exp": int(min(expires_at, until or expires_at).timestamp()),
            "jti": uuid7().hex,
        }
        key = self.ring.key_at(now)
        return jwt.encode(claims, key.private, algorithm=ALGORITHM, headers={"kid": key.kid})


def caller_acting(
    *, person_id: UUID, full_name: str, session_id: UUID, under: Assignment, must: Iterable[str] = ()
) -> Caller:
    organisation = under.organisation
    return Caller(
        subject=str(person_id),
        session_id=str(session_id),
        name=full_name,
        organisation_id=str(organisation.id),
        organisation_name=organisation.name,
        organisation_kind=organisation.kind,
        jurisdiction=organisation.jurisdiction,
        bureau=organisation.bureau or "",
        roles=frozenset({under.role}),
        must=frozenset(must),
        acting_for=under.acting_for,
        predecessors=frozenset(str(each) for each in organisation.predecessors),
    )


def caller_of_credential(
    *,
    credential_id: UUID,
    name: str,
    role: Role,
    organisation: Organisation,
    scopes: Iterable[str],
    made_by: UUID,
) -> Caller:
    """A body's own system: its role's rows, its scopes' routes. Its session is the credential, so that revoking ends it."""
    return Caller(
        subject=f"client:{credential_id}",
        session_id=str(credential_id),
        name=name,
        organisation_id=str(organisation.id),
        organisation_name=organisation.name,
        organisation_kind=organisation.kind,
        jurisdiction=organisation.jurisdiction,
        bureau=organisation.bureau or "",
        roles=frozenset({role}),
        predecessors=frozenset(str(each) for each in organisation.predecessors),
        scopes=frozenset(scopes),
        made_by=str(made_by),
    )


def caller_of_machine(client_id: str) -> Caller:
    """A machine has no session, and stands in no organisation."""
    return Caller(
        subject=f"service:{client_id}",
        session_id="",
        name=client_id,
        organisation_id="",
        organisation_name="",
        organisation_kind="",
        jurisdiction="",
        bureau="",
        roles=frozenset({Role.SERVICE}),
    )
