"""Documents and nominations beside an auth that is away when they start, goes by another clock, or starts again with new keys."""

import asyncio
import time
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from jose import jwt

from services.common.callers.ended_sessions import feed_over_http
from services.common.callers.service_clients import call
from services.common.callers.tokens import TokenVerifier
from services.common.problems import TokenExpired, Unauthenticated, Unavailable
from tests.auth.steps import sign_in

MINUTE = 55
"""A minute, less what the test itself takes."""
SERVICES = pytest.mark.parametrize("audience", ["documents", "nominations"])


def service(audience: str, auth: httpx.AsyncClient) -> TokenVerifier:
    """As a service makes it, which knows auth over HTTP only."""

    async def jwks() -> dict[str, Any]:
        published: dict[str, Any] = (await call(auth, "GET", "/v1/auth/jwks.json")).json()
        return published

    return TokenVerifier(issuer="xianjin", audience=audience, fetch_jwks=jwks, feed=feed_over_http(auth))


class Away(httpx.AsyncBaseTransport):
    """Nobody listens there, until auth is up."""

    def __init__(self, app: FastAPI) -> None:
        self.up = False
        self._app = httpx.ASGITransport(app=app)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if not self.up:
            raise httpx.ConnectError("connection refused", request=request)
        return await self._app.handle_async_request(request)


def shifted(app: FastAPI, token: str, *, issued: int, expires: int) -> str:
    """The same token from an auth whose clock goes otherwise: seconds from now."""
    key, now = app.state.resources.access_tokens.key, int(time.time())
    claims = jwt.get_unverified_claims(token) | {"iat": now + issued, "exp": now + expires}
    return str(jwt.encode(claims, key.private, algorithm="ES256", headers={"kid": key.kid}))


@SERVICES
async def test_a_service_that_starts_before_auth_asks_to_come_back_and_then_works_by_itself(
    client: httpx.AsyncClient, auth_app: FastAPI, audience: str
) -> None:
    token, way = (await sign_in(client, "daixian-clerk"))["access_token"], Away(auth_app)
    async with httpx.AsyncClient(transport=way, base_url="http://auth") as auth:
        verifier = service(audience, auth)
        for _ in range(3):
            with pytest.raises(Unavailable) as refused:
                await verifier.verify(token)
        way.up = True
        caller = await verifier.verify(token)
    assert ("Retry-After" in refused.value.headers, caller.name) == (True, "示例办事员（代县）")


@SERVICES
@pytest.mark.parametrize(("issued", "expires"), [(MINUTE, 900 + MINUTE), (-900 - MINUTE, -MINUTE)])
async def test_a_clock_that_is_a_minute_off_keeps_nobody_out(
    client: httpx.AsyncClient, auth_app: FastAPI, audience: str, issued: int, expires: int
) -> None:
    token = shifted(auth_app, (await sign_in(client, "daixian-clerk"))["access_token"], issued=issued, expires=expires)
    assert (await service(audience, client).verify(token)).name == "示例办事员（代县）"


@SERVICES
@pytest.mark.parametrize(
    ("issued", "expires", "refusal"), [(90, 990, Unauthenticated), (-990, -90, TokenExpired)], ids=["future", "past"]
)
async def test_a_token_of_another_time_is_refused(
    client: httpx.AsyncClient, auth_app: FastAPI, audience: str, *, issued: int, expires: int, refusal: type[Exception]
) -> None:
    token = shifted(auth_app, (await sign_in(client, "daixian-clerk"))["access_token"], issued=issued, expires=expires)
    with pytest.raises(refusal):
        await service(audience, client).verify(token)


@SERVICES
async def test_many_requests_at_once_before_the_first_keys_all_get_through(
    client: httpx.AsyncClient, audience: str
) -> None:
    token, verifier = (await sign_in(client, "daixian-clerk"))["access_token"], service(audience, client)
    callers = await asyncio.gather(*(verifier.verify(token) for _ in range(20)))
    assert {caller.name for caller in callers} == {"示例办事员（代县）"}
