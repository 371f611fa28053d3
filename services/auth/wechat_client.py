"""WeChat's `code2session`. The session_key that comes with the answer is dropped where it is read."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from pydantic import SecretStr

from services.auth.problems import (
    AppidUnknown,
    WechatCodeInvalid,
    WechatTooManyRequests,
    WechatUnavailable,
    WechatUserBlocked,
)
from services.common.problems import Problem

log = logging.getLogger(__name__)
TIMEOUT = httpx.Timeout(5.0, connect=3.0)

# The error codes of code2session that a phone can act upon. All others are ours or WeChat's to mend: 503.
_REFUSALS: Mapping[int, type[Problem]] = {
    40029: WechatCodeInvalid,  # unknown or expired
    40163: WechatCodeInvalid,  # used before
    40226: WechatUserBlocked,  # high-risk user
    45011: WechatTooManyRequests,  # 100 a minute for one user
}


@dataclass(frozen=True, slots=True)
class WechatUser:
    """`openid` is one person in one mini-program; `unionid` only comes under WeChat's conditions."""

    appid: str
    openid: str
    unionid: str | None


class WechatClient:
    def __init__(self, http: httpx.AsyncClient, apps: Mapping[str, SecretStr]) -> None:
        self._http = http
        self._apps = apps

    async def user_of(self, *, appid: str, code: str) -> WechatUser:
        """Spends the login code: it is valid once, so it is never sent twice.

        Raises AppidUnknown, WechatCodeInvalid, WechatUserBlocked, WechatTooManyRequests, WechatUnavailable.
        """
        secret = self._apps.get(appid)
        if secret is None:
            raise AppidUnknown
        answer = await self._code2session(appid=appid, secret=secret.get_secret_value(), code=code)
        errcode = answer.get("errcode", 0)
        if isinstance(errcode, int) and errcode in _REFUSALS:
            raise _REFUSALS[errcode]
        openid, unionid = answer.get("openid"), answer.get("unionid")
        if errcode != 0 or not isinstance(openid, str) or not openid:
            log.warning("code2session failed", extra={"errcode": str(errcode)[:16]})
            raise WechatUnavailable
        return WechatUser(appid, openid, unionid if isinstance(unionid, str) and unionid else None)

    async def _code2session(self, *, appid: str, secret: str, code: str) -> dict[str, Any]:
        query = {"appid": appid, "secret": secret, "js_code": code, "grant_type": "authorization_code"}
        try:
            response = await self._http.get("/sns/jscode2session", params=query)
            answer = response.json()  # errors come with status 200 and text/plain
        except (httpx.HTTPError, ValueError) as error:
            log.warning("code2session unreachable", extra={"error": type(error).__name__})
            raise WechatUnavailable from None
        if not isinstance(answer, dict):
            raise WechatUnavailable
        return answer
