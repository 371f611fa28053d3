"""How one service calls another: httpx over the network, or in memory when all run in one process."""

from collections.abc import Mapping
from typing import Any

import httpx
from starlette.types import ASGIApp

from services.common.problems import Problem, Unavailable
from services.common.request_context import request_id

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
    client: httpx.AsyncClient, method: str, path: str, *, token: str | None = None, **more: Any
) -> httpx.Response:
    """Sends with the request id of the request in hand. Raises Unavailable when the other service is away or broken."""
    headers: dict[str, str] = {"X-Request-Id": request_id.get()} if request_id.get() else {}
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    try:
        response = await client.request(method, path, headers=headers, **more)
    except httpx.HTTPError:
        raise Unavailable from None
    if response.status_code >= 500:
        raise Unavailable
    return response


class RelayedProblem(Problem):
    """A refusal of the other service, handed on as it came."""

    code = "relayed"

    def __init__(self, body: Mapping[str, Any]) -> None:
        super().__init__()
        self.body = dict(body)
        self.status = int(body["status"])  # type: ignore[misc]  # an instance of this class carries a foreign status

    def as_json(self, *, language: str, trace_id: str) -> dict[str, Any]:  # noqa: ARG002  the words are the other's
        return self.body | {"trace_id": trace_id}


def relay_refusal(response: httpx.Response) -> None:
    """Raises RelayedProblem for a 4xx answer, so that the client reads the reason itself."""
    if response.status_code >= 400:
        raise RelayedProblem(response.json())
