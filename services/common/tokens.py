"""Who is calling: ES256 access tokens, verified here with the public keys of auth (JWKS), no call per request.

python-jose verifies with an algorithm list of our own and a key chosen by `kid`; nothing is taken from the token that
decides how the token is checked. Verified tokens are remembered, bounded in number, until they expire.
"""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request
from fastapi.security import HTTPBearer
from jose import jwk, jwt
from jose.exceptions import ExpiredSignatureError, JWTError

from services.common.problems import Forbidden, TokenExpired, TokenMissing, Unauthenticated

ALGORITHM = "ES256"
MAX_TOKEN_BYTES = 4096
_MAX_REMEMBERED = 10_000
_REFETCH_AFTER_SECONDS = 10.0
_CLOCK_SKEW_SECONDS = 30


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

    @property
    def person_id(self) -> UUID:
        """Raises Forbidden when a service calls where only a person may act."""
        if "service" in self.roles:
            raise Forbidden
        return UUID(self.subject)


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
    )


def claims_of(caller: Caller) -> dict[str, Any]:
    """The claims that `caller_from_claims` reads back."""
    return {
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


FetchJwks = Callable[[], Awaitable[Mapping[str, Any]]]


class TokenVerifier:
    """Verifies access tokens for one audience. `fetch_jwks` is awaited only when an unknown `kid` turns up."""

    def __init__(self, *, issuer: str, audience: str, fetch_jwks: FetchJwks) -> None:
        self._issuer = issuer
        self._audience = audience
        self._fetch_jwks = fetch_jwks
        self._keys: dict[str, Any] = {}
        self._fetched_at = float("-inf")
        self._remembered: OrderedDict[bytes, tuple[float, Caller]] = OrderedDict()

    async def verify(self, token: str) -> Caller:
        """Raises TokenExpired or Unauthenticated, and says no more than that."""
        digest = hashlib.sha256(token.encode("utf-8", "replace")).digest()
        remembered = self._remembered.get(digest)
        if remembered is not None and time.time() < remembered[0]:
            return remembered[1]
        claims = await self._decode(token)
        try:
            caller = caller_from_claims(claims)
        except (KeyError, TypeError):
            raise Unauthenticated from None
        self._remembered[digest] = (float(claims["exp"]), caller)
        if len(self._remembered) > _MAX_REMEMBERED:
            self._remembered.popitem(last=False)
        return caller

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
            if keys.keys() != self._keys.keys():
                self._remembered.clear()
            self._keys = keys
        if kid not in self._keys:
            raise Unauthenticated
        return self._keys[kid]


_bearer = HTTPBearer(auto_error=False, bearerFormat="JWT", scheme_name="access_token")


async def _current_caller(request: Request, credentials: Annotated[Any, Depends(_bearer)]) -> Caller:
    if credentials is None:
        raise TokenMissing
    verifier: TokenVerifier = request.app.state.tokens
    return await verifier.verify(credentials.credentials)


CurrentCaller = Annotated[Caller, Depends(_current_caller)]


def caller_with(*roles: str) -> Any:
    """The caller, who must hold one of the roles: the first of the three gates on a route. Raises Forbidden."""

    async def check(caller: CurrentCaller) -> Caller:
        if caller.roles.isdisjoint(roles):
            raise Forbidden
        return caller

    return Depends(check)
