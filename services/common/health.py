"""/livez says that the process runs; /readyz says that what it needs answers, and names what does not.

A server that was told to stop says so at /readyz first, while it still answers everything: the proxy turns away in time.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

Probe = Callable[[], Awaitable[object]]
health_routes = APIRouter(include_in_schema=False)
_PATIENCE_SECONDS = 3


class Leaving:
    """Whether this process was told to stop."""

    def __init__(self) -> None:
        self.announced = False
        self.stopping = False
        """No new requests come, and those in hand are waited for: whoever only waits goes now."""


LEAVING = Leaving()


class Degraded(Exception):
    """Something is missing that the service can do without, told in words that may be shown."""


@health_routes.get("/livez")
async def livez() -> dict[str, str]:
    return {"status": "ok"}


@health_routes.get("/readyz")
async def readyz(request: Request) -> JSONResponse:
    probes: Mapping[str, Probe] = request.app.state.probes
    answers = await asyncio.gather(
        *(asyncio.wait_for(probe(), _PATIENCE_SECONDS) for probe in probes.values()), return_exceptions=True
    )
    failures = {name: answer for name, answer in zip(probes, answers, strict=True) if isinstance(answer, Exception)}
    reasons = {name: _reason(failure) for name, failure in failures.items()}
    states = {name: _state(failures.get(name)) for name in probes}
    if LEAVING.announced:
        return _answer("leaving", states, reasons)
    return _answer("unavailable" if "down" in states.values() else "ok", states, reasons)


def _state(failure: Exception | None) -> str:
    return "ok" if failure is None else "degraded" if isinstance(failure, Degraded) else "down"


def _reason(answer: Exception) -> str:
    """A word for the operator: the kind of failure, never its text, which may hold an address or a name."""
    if isinstance(answer, Degraded):
        return str(answer)
    return f"no answer in {_PATIENCE_SECONDS} s" if isinstance(answer, TimeoutError) else type(answer).__name__


def _answer(status: str, states: Mapping[str, str], reasons: Mapping[str, str]) -> JSONResponse:
    body = {"status": status, "needs": states} | ({"reasons": reasons} if reasons else {})
    ready = status == "ok"
    return JSONResponse(body, 200 if ready else 503, headers={} if ready else {"Retry-After": "3"})
