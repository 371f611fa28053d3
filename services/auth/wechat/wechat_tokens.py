"""One access_token for each mini-program, asked for once however many wait for it.

`stable_token` gives every replica the same token until it expires; the older `token` call would take the token of the
other replicas out of force.
"""

import asyncio
import logging
import time
from collections.abc import Mapping

import httpx
from pydantic import SecretStr

from services.auth.wechat.wechat_problems import AppidUnknown, WechatUnavailable

log = logging.getLogger(__name__)
_RENEW_SECONDS_EARLY = 300


class TokenKeeper:
    def __init__(self, http: httpx.AsyncClient, apps: Mapping[str, SecretStr]) -> None:
        self._http = http
        self._apps = apps
        self._tokens: dict[str, tuple[str, float]] = {}
        self._asking: dict[str, asyncio.Lock] = {appid: asyncio.Lock() for appid in apps}

    async def token(self, appid: str) -> str:
        """Raises AppidUnknown, WechatUnavailable."""
        if appid not in self._apps:
            raise AppidUnknown
        async with self._asking[appid]:
            token, renew_at = self._tokens.get(appid, ("", 0.0))
            if time.monotonic() >= renew_at:
                token, renew_at = await self._ask(appid)
                self._tokens[appid] = (token, renew_at)
        return token

    def forget(self, appid: str, token: str) -> None:
        """WeChat no longer takes this one. Nothing happens when another request has renewed it meanwhile."""
        if self._tokens.get(appid, ("", 0.0))[0] == token:
            del self._tokens[appid]

    async def _ask(self, appid: str) -> tuple[str, float]:
        secret = self._apps[appid].get_secret_value()
        body = {"grant_type": "client_credential", "appid": appid, "secret": secret}
        try:
            answer = (await self._http.post("/cgi-bin/stable_token", json=body)).json()
        except (httpx.HTTPError, ValueError) as error:
            log.warning("stable_token unreachable", extra={"error": type(error).__name__})
            raise WechatUnavailable from None
        try:
            token, seconds = answer["access_token"], float(answer["expires_in"])
        except (ValueError, KeyError, TypeError):
            # 40013, 40125: appid or AppSecret of the settings; 40164: our address is not on the list there; 45009: too often.
            errcode = answer.get("errcode") if isinstance(answer, dict) else None
            log.warning("stable_token refused", extra={"errcode": str(errcode)[:16], "appid": appid})
            raise WechatUnavailable from None
        return str(token), time.monotonic() + max(0.0, seconds - _RENEW_SECONDS_EARLY)
