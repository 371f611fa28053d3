"""Who is calling: ES256 access tokens, verified here with the public keys of auth (JWKS), no call per request.

python-jose verifies with an algorithm list of our own and a key chosen by `kid`; nothing is taken from the token that
decides how the token is checked. Verified tokens are remembered, bounded in number, until they expire or their session ends.
"""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request
from fastapi.openapi.models import HTTPBearer as HTTPBearerModel
from fastapi.security.base import SecurityBase
from jose import jwk, jwt
from jose.exceptions import ExpiredSignatureError, JWTError

from services.common.callers.ended_sessions import EndedSessions, FeedOfAuth, session_mark
from services.common.problems import Forbidden, ScopeMissing, StepRequired, TokenExpired, TokenMissing, Unauthenticated

ALGORITHM = "ES256"
MAX_TOKEN_BYTES = 4096
_MAX_REMEMBERED = 10_000
_REFETCH_AFTER_SECONDS = 10.0
_CLOCK_SKEW_SECONDS = 60
"""Between our clock and auth's: a minute does no harm, and more than a few seconds are told (`EndedSessions`)."""
_LONGEST_LIFE_SECONDS = 3600
"""No access token that auth issues runs longer: one that says so is not believed, whoever signed it."""


@dataclass(frozen=True, slots=True)
class Caller:
    """The person (or service) behind a request, and for which organisation they act."""

    subject: str
    session_id: str
    name: str
    organisation_id: str
    organisation_name: str
    organisation_kind: str
    jurisdiction: str
    """Quota unit or division the organisation belongs to, such as `140922`; for services empty."""
    bureau: str
    """`hrss` or `iit` for one of the two co-equal bureaus (R4), else empty."""
    roles: frozenset[str]
    must: frozenset[str] = frozenset()
    """What the person has to do at auth before anything else, such as `change_password`."""
    acting_for: str = ""
    """Whose role it is that the person holds for a time; empty for a role of their own."""
    predecessors: frozenset[str] = frozenset()
    """Bodies that the organisation took in: their rows are its own now."""
    scopes: frozenset[str] | None = None
    """What the credential of a body's own system opens; None for people and for our services."""
    made_by: str = ""
    """Who gave the body's own system its credential."""

    @property
    def organisations(self) -> list[UUID]:
        """The organisation and its predecessors; none for a machine."""
        return [UUID(each) for each in sorted({self.organisation_id, *self.predecessors}) if each]

    @property
    def person_id(self) -> UUID:
        """Raises Forbidden when a machine calls where only a person may act."""
        if "service" in self.roles or self.scopes is not None:
            raise Forbidden
        return UUID(self.subject)

    @property
    def answerable_id(self) -> UUID:
        """Who answers for what is done: the person, or for a body's own system who let it in. Raises Forbidden."""
        return UUID(self.made_by) if self.scopes is not None else self.person_id


def caller_from_claims(claims: Mapping[str, Any]) -> Caller:
    return Caller(
        subject=claims["sub"],
        session_id=claims["sid"],
        name=claims["name"],
        organisation_id=claims["org"],
        organisation_name=claims["org_name"],
        organisation_kind=claims["org_kind"],
        jurisdiction=claims["jur"],
        bureau=claims["bureau"],
        roles=frozenset(claims["roles"]),
        must=frozenset(claims.get("must", ())),
        acting_for=claims.get("for", ""),
        predecessors=frozenset(claims.get("was", ())),
        scopes=frozenset(str(claims["scope"]).split()) if "scope" in claims else None,
        made_by=claims.get("by", ""),
    )


def claims_of(caller: Caller) -> dict[str, Any]:
    """The claims that `caller_from_claims` reads back."""
    claims = {
        "sub": caller.subject,
        "sid": caller.session_id,
        "name": caller.name,
        "org": caller.organisation_id,
        "org_name": caller.organisation_name,
        "org_kind": caller.organisation_kind,
        "jur": caller.jurisdiction,
        "bureau": caller.bureau,
        "roles": sorted(caller.roles),
    }
    if caller.acting_for:
        claims["for"] = caller.acting_for
    if caller.predecessors:
        claims["was"] = sorted(caller.predecessors)
    if caller.scopes is not None:
        claims |= {"scope": " ".join(sorted(caller.scopes)), "by": caller.made_by}
    return claims | {"must": sorted(caller.must)} if caller.must else claims


FetchJwks = Callable[[], Awaitable[Mapping[str, Any]]]


class TokenVerifier:
    """Verifies access tokens for one audience. `fetch_jwks` is awaited only when an unknown `kid` turns up."""

    def __init__(self, *, issuer: str, audience: str, fetch_jwks: FetchJwks, feed: FeedOfAuth) -> None:
        self._issuer = issuer
        self._audience = audience
        self._fetch_jwks = fetch_jwks
        self._keys: dict[str, Any] = {}
        self._kids_heard: frozenset[str] | None = None
        self._fetched_at = float("-inf")
        self._remembered: OrderedDict[bytes, tuple[float, str, Caller]] = OrderedDict()
        self._ended = EndedSessions(feed)

    async def verify(self, token: str) -> Caller:
        """Raises TokenExpired or Unauthenticated, and says no more than that."""
        await self._ended.keep_up()
        self._drop_withdrawn_keys()
        digest = hashlib.sha256(token.encode("utf-8", "replace")).digest()
        remembered = self._remembered.get(digest)
        if remembered is not None and time.time() < remembered[0]:
            return self._unless_ended(remembered[1], remembered[2])
        claims = await self._decode(token)
        _refuse_odd_times(claims)
        try:
            caller = caller_from_claims(claims)
        except (KeyError, TypeError):
            raise Unauthenticated from None
        mark = session_mark(caller.session_id)
        self._remembered[digest] = (float(claims["exp"]), mark, caller)
        if len(self._remembered) > _MAX_REMEMBERED:
            self._remembered.popitem(last=False)
        return self._unless_ended(mark, caller)

    def _unless_ended(self, mark: str, caller: Caller) -> Caller:
        if mark in self._ended:
            raise Unauthenticated
        return caller

    def _drop_withdrawn_keys(self) -> None:
        """A key that auth took back verifies nothing any more; one that auth added is fetched when it first turns up."""
        kids = self._ended.kids
        if kids is None or kids == self._kids_heard:
            return
        self._kids_heard = kids
        self._fetched_at = float("-inf")
        if not self._keys.keys() <= kids:
            self._keys = {kid: key for kid, key in self._keys.items() if kid in kids}
            self._remembered.clear()

    async def _decode(self, token: str) -> dict[str, Any]:
        if len(token) > MAX_TOKEN_BYTES or not token.isascii():
            raise Unauthenticated
        try:
            header = jwt.get_unverified_header(token)
        except JWTError:
            raise Unauthenticated from None
        if header.get("alg") != ALGORITHM or not isinstance(header.get("kid"), str):
            raise Unauthenticated
        try:
            return jwt.decode(
                token,
                await self._key(header["kid"]),
                algorithms=[ALGORITHM],
                audience=self._audience,
                issuer=self._issuer,
                options={
                    "require_exp": True,
                    "require_iat": True,
                    "require_sub": True,
                    "require_aud": True,
                    "require_iss": True,
                    "leeway": _CLOCK_SKEW_SECONDS,
                },
            )
        except ExpiredSignatureError:
            raise TokenExpired from None
        except JWTError:
            raise Unauthenticated from None

    async def _key(self, kid: str) -> Any:
        if kid not in self._keys and time.monotonic() - self._fetched_at > _REFETCH_AFTER_SECONDS:
            published = await self._fetch_jwks()
            self._fetched_at = time.monotonic()
            keys = {item["kid"]: jwk.construct(item, algorithm=ALGORITHM) for item in published["keys"]}
            self._keys = keys
        if kid not in self._keys:
            raise Unauthenticated
        return self._keys[kid]


def _refuse_odd_times(claims: Mapping[str, Any]) -> None:
    """Issued in the future, or for longer than tokens are issued for. Raises Unauthenticated."""
    issued_at, expires_at = claims["iat"], claims["exp"]
    too_early = issued_at > time.time() + _CLOCK_SKEW_SECONDS
    if too_early or expires_at - issued_at > _LONGEST_LIFE_SECONDS:
        raise Unauthenticated


async def caller_within_scopes(request: Request, token: str) -> Caller:
    """The caller; a body's own system only where the route's line in the audience table names a scope that it has.

    Raises ScopeMissing and what `verify` raises.
    """
    verifier: TokenVerifier = request.app.state.tokens
    caller = await verifier.verify(token)
    if caller.scopes is not None:
        audience = request.app.state.audiences.get(getattr(request.scope.get("route"), "name", ""))
        if audience is None or audience.scope is None or audience.scope not in caller.scopes:
            raise ScopeMissing
        _count_use(request, caller, audience.scope)
    return caller


def _count_use(request: Request, caller: Caller, scope: str) -> None:
    """Each request of a body's own system once, for the security log; written later, together with its like."""
    counted, told = getattr(request.app.state, "counted", None), request.scope.setdefault("xianjin.counted", set())
    if counted is not None and caller.subject not in told:
        told.add(caller.subject)
        route = getattr(request.scope.get("route"), "path", "")
        counted.note("credential_used", person_id=None, caller=caller.subject, scope=str(scope), route=route)


class _AccessToken(SecurityBase):
    """Who is calling, as one dependency: three nested ones cost a request more than its verified token.

    Raises TokenMissing, what `caller_within_scopes` raises, and StepRequired unless steps are taken on the route.
    """

    def __init__(self, *, steps_may_be_due: bool = False) -> None:
        self.model = HTTPBearerModel(bearerFormat="JWT")
        self.scheme_name = "access_token"
        self._steps_may_be_due = steps_may_be_due

    async def __call__(self, request: Request) -> Caller:
        caller = await caller_within_scopes(request, bearer_token(request))
        if caller.must and not self._steps_may_be_due:
            raise StepRequired(extra={"required_steps": sorted(caller.must)})
        return caller


def bearer_token(request: Request) -> str:
    """Raises TokenMissing."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise TokenMissing
    return token


CallerBeforeSteps = Annotated[Caller, Depends(_AccessToken(steps_may_be_due=True))]
"""Whoever signed in, though a step such as a change of password is still due: only for the routes of those steps."""

CurrentCaller = Annotated[Caller, Depends(_AccessToken())]


async def _token_text(request: Request) -> str:
    return bearer_token(request)


BearerToken = Annotated[str, Depends(_token_text)]
"""The caller's own token, for a question that is asked of another service in their name."""


def caller_with(*roles: str) -> Any:
    """The caller, who must hold one of the roles: the first of the three gates on a route. Raises Forbidden."""

    async def check(caller: CurrentCaller) -> Caller:
        if caller.roles.isdisjoint(roles):
            raise Forbidden
        return caller

    check.roles = frozenset(roles)  # type: ignore[attr-defined]  # read by `audiences_of`
    return Depends(check)
