"""/livez says that the process runs; /readyz says that what it needs answers, and names what does not."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

Probe = Callable[[], Awaitable[object]]
health_routes = APIRouter(include_in_schema=False)


@health_routes.get("/livez")
async def livez() -> dict[str, str]:
    return {"status": "ok"}


@health_routes.get("/readyz")
async def readyz(request: Request) -> JSONResponse:
    probes: Mapping[str, Probe] = request.app.state.probes
    answers = await asyncio.gather(*(asyncio.wait_for(probe(), 3) for probe in probes.values()), return_exceptions=True)
    states = {
        name: "down" if isinstance(answer, Exception) else "ok" for name, answer in zip(probes, answers, strict=True)
    }
    ready = all(state == "ok" for state in states.values())
    headers = {} if ready else {"Retry-After": "3"}
    return JSONResponse(
        {"status": "ok" if ready else "unavailable", "needs": states}, 200 if ready else 503, headers=headers
    )
