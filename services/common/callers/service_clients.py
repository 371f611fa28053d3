"""How one service calls another: httpx over the network, or in memory when all run in one process."""

from typing import Any

import httpx
from starlette.types import ASGIApp

from services.common.problems import Unavailable
from services.common.request_context import request_id
from services.common.tracing import trace_headers

_TIMEOUT = httpx.Timeout(10.0, connect=2.0)


def service_client(base_url: str, *, in_process: ASGIApp | None) -> httpx.AsyncClient:
    """`base_url` empty means: in this process. The same client code runs either way."""
    if base_url:
        transport: httpx.AsyncBaseTransport = httpx.AsyncHTTPTransport(retries=1)
    elif in_process is not None:
        transport = httpx.ASGITransport(app=in_process, raise_app_exceptions=False)
    else:
        raise ValueError("a service that runs alone needs the base URL of the others")
    return httpx.AsyncClient(transport=transport, base_url=base_url or "http://in-process", timeout=_TIMEOUT)


async def call(
    client: httpx.AsyncClient,
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
