"""How one service calls another: httpx over the network, or in memory when all run in one process."""

from typing import Any, Self

import httpx
from starlette.types import ASGIApp

from services.common.problems import Unavailable
from services.common.request_context import request_id
from services.common.tracing import trace_headers

_TIMEOUT = httpx.Timeout(10.0, connect=2.0)


class ServiceClient:
    """Speaks to one other service: httpx's transport without its client.

    Between services there are no cookies, redirects or proxies, and asking after them took most of a call in one process.
    """

    def __init__(self, transport: httpx.AsyncBaseTransport, base_url: str) -> None:
        self._transport = transport
        self._base_url = base_url.rstrip("/")

    async def __aenter__(self) -> Self:
        await self._transport.__aenter__()
        return self

    async def __aexit__(self, *raised: Any) -> None:
        await self._transport.__aexit__(*raised)

    async def request(
        self, method: str, path: str, *, patience: httpx.Timeout = _TIMEOUT, **content: Any
    ) -> httpx.Response:
        """`content` is headers, params and json as httpx takes them. Raises httpx.HTTPError."""
        extensions = {"timeout": patience.as_dict()}
        request = httpx.Request(method, self._base_url + path, extensions=extensions, **content)
        response = await self._transport.handle_async_request(request)
        response.request = request
        try:
            await response.aread()
        finally:
            await response.aclose()
        return response


def service_client(base_url: str, *, in_process: ASGIApp | None) -> ServiceClient:
    """`base_url` empty means: in this process. The same client code runs either way."""
    if base_url:
        transport: httpx.AsyncBaseTransport = httpx.AsyncHTTPTransport(retries=1)
    elif in_process is not None:
        transport = httpx.ASGITransport(app=in_process, raise_app_exceptions=False)
    else:
        raise ValueError("a service that runs alone needs the base URL of the others")
    return ServiceClient(transport, base_url or "http://in-process")


async def call(
    client: ServiceClient,
    method: str,
    path: str,
    *,
    token: str | None = None,
    told: frozenset[str] = frozenset(),
    **more: Any,
) -> httpx.Response:
    """Sends with the request id of the request in hand. Raises Unavailable when the other service is away or broken.

    `told`: codes of failures that no repetition cures, for the caller to see.
    """
    headers = trace_headers()
    if request_id.get():
        headers["X-Request-Id"] = request_id.get()
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    try:
        response = await client.request(method, path, headers=headers, **more)
    except httpx.HTTPError:
        raise Unavailable from None
    if response.status_code >= 500 and _code(response) not in told:
        raise Unavailable
    return response


def _code(response: httpx.Response) -> str:
    if response.headers.get("Content-Type") != "application/problem+json":
        return ""
    return str(response.json().get("code", ""))
