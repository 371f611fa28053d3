"""A service's own access token: asked of auth with its client secret, kept until shortly before it expires."""

import time

from services.common.callers.service_clients import ServiceClient, call
from services.common.problems import Unavailable

_RENEW_SECONDS_EARLY = 60


class ServiceToken:
    def __init__(self, auth: ServiceClient, *, client_id: str, client_secret: str) -> None:
        self._auth = auth
        self._credentials = {"client_id": client_id, "client_secret": client_secret}
        self._token = ""
        self._renew_at = 0.0

    async def get(self) -> str:
        """Raises Unavailable."""
        if time.monotonic() >= self._renew_at:
            response = await call(self._auth, "POST", "/v1/auth/service-tokens", json=self._credentials)
            if response.status_code != 201:
                raise Unavailable
            answer = response.json()
            self._token = answer["access_token"]
            self._renew_at = time.monotonic() + answer["expires_in"] - _RENEW_SECONDS_EARLY
        return self._token

    def forget(self) -> None:
        """Drops the token, so that the next call signs in anew."""
        self._renew_at = 0.0
