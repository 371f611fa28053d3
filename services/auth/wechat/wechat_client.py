"""WeChat's `code2session` and `getuserphonenumber`. The session_key that comes with an answer is dropped where it is read."""

import logging
from collections.abc import Mapping
from typing import Any

import httpx
from pydantic import SecretStr

from services.auth.domain.binding import WechatUser
from services.auth.problems import PhoneNotUsable
from services.auth.wechat.wechat_problems import (
    AppidUnknown,
    PhoneCodeInvalid,
    WechatCodeInvalid,
    WechatTooManyRequests,
    WechatUnavailable,
    WechatUnsure,
    WechatUserBlocked,
)
from services.auth.wechat.wechat_tokens import TokenKeeper
from services.common.messages.text_messages import mobile_number
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
_PHONE_REFUSALS: Mapping[int, type[Problem]] = {
    40029: PhoneCodeInvalid,
    40163: PhoneCodeInvalid,
    45011: WechatTooManyRequests,
}
_TOKEN_LOST = frozenset({40001, 40014, 42001})
"""The access_token is no longer the one in force: asked for again, once."""


_NO_LONGER_WANTED = 43101
_NEVER_HEARD = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class SubscriptionRefused(Exception):
    """The person takes no message of this template now (43101)."""


class WechatClient:
    def __init__(self, http: httpx.AsyncClient, apps: Mapping[str, SecretStr]) -> None:
        self._http = http
        self._apps = apps
        self._keeper = TokenKeeper(http, apps)

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

    async def phone_of(self, *, appid: str, code: str) -> str:
        """The number that WeChat vouches for. The code is of the phone-number button, valid once, five minutes.

        Raises AppidUnknown, PhoneCodeInvalid, PhoneNotUsable, WechatTooManyRequests, WechatUnavailable.
        """
        answer = await self._phone_number(appid, code)
        if answer.get("errcode") in _TOKEN_LOST:
            answer = await self._phone_number(appid, code)
        errcode, info = answer.get("errcode", 0), answer.get("phone_info")
        if isinstance(errcode, int) and errcode in _PHONE_REFUSALS:
            raise _PHONE_REFUSALS[errcode]
        if errcode != 0 or not isinstance(info, dict):
            log.warning("getuserphonenumber failed", extra={"errcode": str(errcode)[:16]})
            raise WechatUnavailable
        watermark = info.get("watermark")
        if not isinstance(watermark, dict) or watermark.get("appid") != appid:
            raise PhoneCodeInvalid  # of a button in another mini-program
        number = mobile_number(str(info.get("purePhoneNumber", "")))
        if str(info.get("countryCode")) != "86" or number is None:
            raise PhoneNotUsable
        return number

    async def send_message(
        self, *, appid: str, openid: str, template_id: str, page: str, values: Mapping[str, str]
    ) -> None:
        """A subscribe message; `values` fit their fields. Raises SubscriptionRefused, AppidUnknown, WechatUnsure.

        Raises WechatUnavailable for one that was certainly not sent.
        """
        body = {
            "touser": openid,
            "template_id": template_id,
            "page": page,
            "data": {field: {"value": value} for field, value in values.items()},
        }
        answer = await self._ask_with_token(appid, "/cgi-bin/message/subscribe/send", body)
        if answer.get("errcode") in _TOKEN_LOST:
            answer = await self._ask_with_token(appid, "/cgi-bin/message/subscribe/send", body)
        if answer.get("errcode") == _NO_LONGER_WANTED:
            raise SubscriptionRefused
        if answer.get("errcode", 0) != 0:
            log.error("subscribe message refused", extra={"errcode": str(answer.get("errcode"))[:16]})
            raise WechatUnavailable

    async def _phone_number(self, appid: str, code: str) -> dict[str, Any]:
        return await self._ask_with_token(appid, "/wxa/business/getuserphonenumber", {"code": code})

    async def _ask_with_token(self, appid: str, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        token = await self._keeper.token(appid)
        try:
            response = await self._http.post(path, params={"access_token": token}, json=body)
            answer = response.json()
        except (httpx.HTTPError, ValueError) as error:
            log.warning("wechat unreachable", extra={"error": type(error).__name__, "path": path})
            raise (WechatUnavailable if isinstance(error, _NEVER_HEARD) else WechatUnsure) from None
        if not isinstance(answer, dict):
            raise WechatUnsure
        if answer.get("errcode") in _TOKEN_LOST:
            self._keeper.forget(appid, token)
        return answer
