"""The fake WeChat on a loopback port; and for single codes an answer that a test wrote down, odd ones included."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import uvicorn
from starlette.datastructures import QueryParams
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

SESSION_KEY = "tiihtNczf5v6AKRyjwEUhQ=="


class ScriptedWechat:
    def __init__(self, fake: ASGIApp) -> None:
        self.fake = fake
        self.url = ""
        self.answers: dict[str, bytes] = {}
        self.asked: list[str] = []
        """The login codes that were sent here, in order."""
        self.tokens_asked = 0
        self.unreadable_sends = 0
        """So many subscribe messages are taken next, and answered with what nobody can read."""

    async def login(self, appid: str, user: str) -> str:
        """The code that wx.login gives this user's phone."""
        async with httpx.AsyncClient(base_url=self.url) as phone:
            return (await phone.post("/fake/login", json={"appid": appid, "user": user})).json()["code"]

    async def phone(self, appid: str, user: str, number: str) -> str:
        """The code that the phone-number button gives."""
        body = {"appid": appid, "user": user, "phone": number}
        async with httpx.AsyncClient(base_url=self.url) as phone:
            return (await phone.post("/fake/phone-number", json=body)).json()["code"]

    async def fails_next(self, errcode: int) -> None:
        async with httpx.AsyncClient(base_url=self.url) as http:
            await http.post("/fake/next-error", json={"errcode": errcode})

    def knows(self, code: str, openid: str, **more: str) -> str:
        return self.answers_with(code, {"openid": openid, "session_key": SESSION_KEY, **more})

    def answers_with(self, code: str, answer: Any) -> str:
        self.answers[code] = json.dumps(answer).encode()
        return code

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        code = QueryParams(scope["query_string"]).get("js_code")
        if code is not None:
            self.asked.append(code)
        self.tokens_asked += scope["path"] == "/cgi-bin/stable_token"
        if scope["path"] == "/cgi-bin/message/subscribe/send" and self.unreadable_sends:
            self.unreadable_sends -= 1
            await PlainTextResponse(b"<html>")(scope, receive, send)
            return
        answer = PlainTextResponse(self.answers[code]) if code in self.answers else self.fake
        await answer(scope, receive, send)


@asynccontextmanager
async def serve(app: Any) -> AsyncIterator[Any]:
    """Serves in the test's own loop, on a port that the system chooses, and tells the app its address."""
    listening = socket.create_server(("127.0.0.1", 0))
    app.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_config=None, access_log=False))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield app
    finally:
        server.should_exit = True
        await serving
        listening.close()
