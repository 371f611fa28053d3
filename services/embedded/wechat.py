"""A faithful fake of WeChat's servers, speaking their HTTP: errors in a 200 body, text/plain, codes that work once.

What a phone does (`wx.login`, the button for the phone number) stands under /fake/, an address that WeChat does not have.
"""

import hashlib
import json
import secrets
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route

_CODE_SECONDS = 300
_TOKEN_SECONDS = 7200
_LOGINS_A_MINUTE = 100
_REMEMBERED = 10_000


@dataclass(slots=True)
class _Code:
    appid: str
    user: str
    made_at: float
    phone: str = ""
    used: bool = False


@dataclass
class _FakeWechat:
    apps: Mapping[str, str]
    now: Callable[[], float]
    codes: OrderedDict[str, _Code] = field(default_factory=OrderedDict)
    tokens: OrderedDict[str, tuple[str, float]] = field(default_factory=OrderedDict)
    logins: dict[str, deque[float]] = field(default_factory=dict)
    messages: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=1000))
    forced: list[int] = field(default_factory=list)

    async def login(self, request: Request) -> JSONResponse:
        """POST /fake/login {appid, user}: what wx.login gives the mini-program."""
        body = await request.json()
        return JSONResponse({"code": self._new_code(_Code(body["appid"], body["user"], self.now()))})

    async def phone_number(self, request: Request) -> JSONResponse:
        """POST /fake/phone-number {appid, user, phone}: what the phone-number button gives."""
        body = await request.json()
        return JSONResponse({"code": self._new_code(_Code(body["appid"], body["user"], self.now(), body["phone"]))})

    async def next_error(self, request: Request) -> JSONResponse:
        """POST /fake/next-error {errcode, times}: the next calls fail as WeChat's would."""
        body = await request.json()
        self.forced += [int(body["errcode"])] * min(int(body.get("times", 1)), 100)
        return JSONResponse({})

    async def code_to_session(self, request: Request) -> PlainTextResponse:
        """GET /sns/jscode2session."""
        query = request.query_params
        error = self._app_error(query.get("appid", ""), query.get("secret", ""))
        if error:
            return error
        code, error = self._spend(query.get("js_code", ""), query.get("appid", ""), phone=False)
        if error or code is None:
            return error or _error(40029, "invalid code")
        openid, unionid = identity_of(code.appid, code.user)
        recent = self.logins.setdefault(openid, deque(maxlen=_LOGINS_A_MINUTE))
        if len(recent) == _LOGINS_A_MINUTE and self.now() - recent[0] < 60:
            return _error(45011, "api minute-quota reach limit mustslower retry next minute")
        recent.append(self.now())
        return _plain({"openid": openid, "session_key": secrets.token_urlsafe(16), "unionid": unionid})

    async def stable_token(self, request: Request) -> PlainTextResponse:
        """POST /cgi-bin/stable_token."""
        body = await request.json()
        error = self._app_error(body.get("appid", ""), body.get("secret", ""))
        if error:
            return error
        for token, (appid, expires) in self.tokens.items():
            if appid == body["appid"] and expires - self.now() > 300 and not body.get("force_refresh"):
                return _plain({"access_token": token, "expires_in": int(expires - self.now())})
        token = secrets.token_urlsafe(96)
        self.tokens[token] = (body["appid"], self.now() + _TOKEN_SECONDS)
        _bound(self.tokens)
        return _plain({"access_token": token, "expires_in": _TOKEN_SECONDS})

    async def user_phone_number(self, request: Request) -> PlainTextResponse:
        """POST /wxa/business/getuserphonenumber."""
        appid, expires = self.tokens.get(request.query_params.get("access_token", ""), ("", 0.0))
        if expires <= self.now():
            return _error(40001, "invalid credential, access_token is invalid or not latest")
        code, error = self._spend((await request.json()).get("code", ""), appid, phone=True)
        if error or code is None:
            return error or _error(40029, "invalid code")
        watermark = {"timestamp": int(self.now()), "appid": appid}
        info = {
            "phoneNumber": code.phone,
            "purePhoneNumber": code.phone,
            "countryCode": "86",
            "watermark": watermark,
        }
        return _plain({"errcode": 0, "errmsg": "ok", "phone_info": info})

    async def send_message(self, request: Request) -> PlainTextResponse:
        """POST /cgi-bin/message/subscribe/send. `limits` are those of the field types that we use."""
        appid, expires = self.tokens.get(request.query_params.get("access_token", ""), ("", 0.0))
        if expires <= self.now():
            return _error(40001, "invalid credential, access_token is invalid or not latest")
        if self.forced:
            return _error(self.forced.pop(0), "forced by the test")
        body = await request.json()
        for name, entry in body["data"].items():
            if name.startswith("thing") and not 0 < len(entry["value"]) <= 20:
                return _error(47003, f"argument invalid! data.{name}.value invalid")
        self.messages.append({"appid": appid, **body})
        return _error(0, "ok")

    async def forget(self, _request: Request) -> JSONResponse:
        """POST /fake/forgetting: back to the beginning."""
        for memory in (self.codes, self.logins, self.messages, self.forced):
            memory.clear()
        return JSONResponse({})

    async def sent_messages(self, _request: Request) -> JSONResponse:
        """GET /fake/messages: what phones have received, the last thousand."""
        return JSONResponse({"items": list(self.messages)})

    def _app_error(self, appid: str, secret: str) -> PlainTextResponse | None:
        if self.forced:
            return _error(self.forced.pop(0), "forced by the test")
        if appid not in self.apps:
            return _error(40013, "invalid appid")
        if not secrets.compare_digest(self.apps[appid], secret):
            return _error(40125, "invalid appsecret")
        return None

    def _spend(self, code: str, appid: str, *, phone: bool) -> tuple[_Code | None, PlainTextResponse | None]:
        known = self.codes.get(code)
        fresh = known is not None and self.now() - known.made_at <= _CODE_SECONDS
        if known is None or not fresh or known.appid != appid or bool(known.phone) != phone:
            return None, _error(40029, "invalid code")
        if known.used:
            return None, _error(40163, "code been used")
        known.used = True
        return known, None

    def _new_code(self, entry: _Code) -> str:
        code = secrets.token_urlsafe(24)
        self.codes[code] = entry
        _bound(self.codes)
        return code


def create_fake_wechat(apps: Mapping[str, str], *, now: Callable[[], float] = time.time) -> Starlette:
    """An application for `apps`, appid → secret. Its memory is its own and bounded."""
    fake = _FakeWechat(apps, now)
    return Starlette(
        routes=[
            Route("/sns/jscode2session", fake.code_to_session),
            Route("/cgi-bin/stable_token", fake.stable_token, methods=["POST"]),
            Route("/wxa/business/getuserphonenumber", fake.user_phone_number, methods=["POST"]),
            Route("/cgi-bin/message/subscribe/send", fake.send_message, methods=["POST"]),
            Route("/fake/messages", fake.sent_messages),
            Route("/fake/login", fake.login, methods=["POST"]),
            Route("/fake/phone-number", fake.phone_number, methods=["POST"]),
            Route("/fake/next-error", fake.next_error, methods=["POST"]),
            Route("/fake/forgetting", fake.forget, methods=["POST"]),
        ]
    )


def _plain(body: Mapping[str, Any]) -> PlainTextResponse:
    return PlainTextResponse(json.dumps(body))


def _error(errcode: int, errmsg: str) -> PlainTextResponse:
    return _plain({"errcode": errcode, "errmsg": errmsg})


def identity_of(appid: str, user: str) -> tuple[str, str]:
    """The openid and unionid that a user of the fake has, always the same."""
    return _stable("o", appid, user), _stable("u", user)


def _stable(prefix: str, *parts: str) -> str:
    return prefix + hashlib.sha256("/".join(parts).encode()).hexdigest()[:27]


def _bound(memory: "OrderedDict[str, Any]") -> None:
    while len(memory) > _REMEMBERED:
        memory.popitem(last=False)
