"""The services with a few addresses more, which exist nowhere else: what the sandbox holds, and back to its beginning."""

import asyncio
import json
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from fastapi import FastAPI, Request
from pydantic import BaseModel
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.common.asgi import RequestShell
from services.common.problem_handlers import install_problem_handlers
from services.sandbox.cast import Account
from services.sandbox.resetting import Reset

_PREFIX = "/v1/sandbox"
_SHOWN = 200


class SandboxAccount(BaseModel):
    """Somebody to sign in as, with the password of all."""

    username: str
    role: str
    full_name: str
    jurisdiction: str
    campaign_key: str
    wechat_user: str | None


class SandboxBody(BaseModel):
    """What a client needs to begin."""

    password: str
    wechat_url: str
    appid: str
    clock_start: datetime
    accounts: list[SandboxAccount]


class TextMessages(BaseModel):
    """What phones received by text message, the newest last."""

    items: list[dict[str, Any]]


class ResetBody(BaseModel):
    seconds: float


class Sandbox:
    """Hands its own addresses to itself and all others on. Keeps the beginning once the services are up."""

    def __init__(self, services: ASGIApp, reset: Reset, facts: SandboxBody) -> None:
        self._services = services
        self._reset = reset
        self._own = RequestShell(_addresses(reset, facts))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._services(scope, receive, self._keeping(send))
        elif scope["path"] == _PREFIX or scope["path"].startswith(f"{_PREFIX}/"):
            await self._own(scope, receive, send)
        else:
            await self._services(scope, receive, send)

    def _keeping(self, send: Send) -> Send:
        """Signing keys are made when the services start: the beginning holds them."""

        async def send_after_keeping(message: Message) -> None:
            if message["type"] == "lifespan.startup.complete":
                await self._reset.keep()
            await send(message)

        return send_after_keeping


def facts_of(
    accounts: Sequence[Account], *, password: str, wechat_url: str, appid: str, clock_start: str
) -> SandboxBody:
    return SandboxBody(
        password=password,
        wechat_url=wechat_url,
        appid=appid,
        clock_start=datetime.fromisoformat(clock_start),
        accounts=[SandboxAccount.model_validate(account, from_attributes=True) for account in accounts],
    )


def _addresses(reset: Reset, facts: SandboxBody) -> FastAPI:
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.state.reset, app.state.facts, app.state.one_at_a_time = reset, facts, asyncio.Lock()
    install_problem_handlers(app)
    app.add_api_route(_PREFIX, get_sandbox, methods=["GET"])
    app.add_api_route(f"{_PREFIX}/text-messages", list_text_messages, methods=["GET"])
    app.add_api_route(f"{_PREFIX}/resets", reset_sandbox, methods=["POST"])
    return app


async def get_sandbox(request: Request) -> SandboxBody:
    facts: SandboxBody = request.app.state.facts
    return facts


async def list_text_messages(request: Request) -> TextMessages:
    """Codes among them: nobody has a phone here."""
    path = request.app.state.reset.text_messages
    lines = path.read_text(encoding="utf-8").splitlines()[-_SHOWN:] if path.exists() else []
    return TextMessages(items=[json.loads(line) for line in lines])


async def reset_sandbox(request: Request) -> ResetBody:
    """Two at once take turns."""
    started = time.perf_counter()
    async with request.app.state.one_at_a_time:
        await request.app.state.reset.perform()
    return ResetBody(seconds=round(time.perf_counter() - started, 3))
