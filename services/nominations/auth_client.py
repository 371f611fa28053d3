"""What the procedure asks of auth: the public keys that verify tokens, and a token for itself."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx

from services.common.callers.personal_decisions import Decision, decisions_of_auth
from services.common.callers.service_clients import ServiceClient, call
from services.common.callers.service_token import ServiceToken
from services.common.problems import NotFound, Unavailable

_SENDING = httpx.Timeout(120.0, connect=2.0)
"""Mail servers take their time."""


class AuthClient:
    """Speaks to /v1/auth. Holds one service token and renews it before it expires."""

    def __init__(self, http: ServiceClient, *, client_secret: str) -> None:
        self._http = http
        self._token = ServiceToken(http, client_id="nominations", client_secret=client_secret)

    async def jwks(self) -> Mapping[str, Any]:
        response = await call(self._http, "GET", "/v1/auth/jwks.json")
        keys: Mapping[str, Any] = response.json()
        return keys

    async def decisions(self, *, since: datetime | None) -> list[Decision]:
        """What was decided about people's data, the oldest first. Raises Unavailable."""
        return await decisions_of_auth(self._send, since=since)

    async def _send(self, method: str, path: str, **more: Any) -> httpx.Response:
        response = await call(self._http, method, path, token=await self.service_token(), **more)
        if response.status_code == 401:
            self.forget()
            raise Unavailable
        return response

    async def service_token(self) -> str:
        """Raises Unavailable."""
        return await self._token.get()

    async def suspend(self, person_id: UUID, *, reason: str) -> None:
        """No sign-in and no access from here on. Raises NotFound for nobody, Unavailable."""
        await self._about(person_id, "PUT", json={"reason": reason})

    async def reinstate(self, person_id: UUID) -> None:
        """Raises NotFound, Unavailable."""
        await self._about(person_id, "DELETE")

    async def end_roles_of_campaign(self, campaign_key: str) -> None:
        """“本专班自行撤销” (R43). Safe to repeat. Raises Unavailable."""
        path = f"/v1/auth/campaigns/{campaign_key}/role-ending"
        response = await call(self._http, "PUT", path, token=await self.service_token())
        if response.status_code != 200:
            raise Unavailable

    async def send_message(self, message_id: UUID, message: Mapping[str, Any]) -> list[dict[str, Any]]:
        """What became of it for each person, however many there are: `person_id`, `channel`, `state`. Raises Unavailable.

        `message` is `to`, `template`, `text`, and where they are not the usual ones, `subject` and `channels`.
        """
        items: list[dict[str, Any]] = []
        body = {"message_id": str(message_id), **message}
        while True:
            token = await self.service_token()
            response = await call(self._http, "POST", "/v1/auth/messages", token=token, json=body, patience=_SENDING)
            if response.status_code != 201:
                raise Unavailable
            page = response.json()
            items += page["items"]
            body["page_token"] = page["next_page_token"]
            if body["page_token"] is None:
                return items

    async def _about(self, person_id: UUID, method: str, **more: Any) -> None:
        path = f"/v1/auth/persons/{person_id}/suspension"
        response = await call(self._http, method, path, token=await self.service_token(), **more)
        if response.status_code == 404:
            raise NotFound
        if response.status_code >= 400:
            raise Unavailable

    def forget(self) -> None:
        """Drops the token, so that the next call signs in anew."""
        self._token.forget()
