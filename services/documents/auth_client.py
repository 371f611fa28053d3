"""What documents asks of auth: the keys that verify tokens, consents to sensitive files, and what was decided about papers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import httpx

from services.common.callers.personal_decisions import Decision, decisions_of_auth
from services.common.callers.service_clients import ServiceClient, call
from services.common.callers.service_token import ServiceToken
from services.common.problems import Unavailable
from services.documents.problems import ConsentMissing, ConsentTextChanged


@dataclass(frozen=True, slots=True)
class SentConsent:
    """A consent as it came with a file. `text_sha256` None: the one given before is meant."""

    person_id: UUID
    sent_by: UUID
    campaign_key: str
    purpose: str
    text_sha256: str | None
    in_wechat: bool
    signed_on: date


@dataclass(frozen=True, slots=True)
class HeldConsent:
    """The act that holds at auth."""

    text_sha256: str
    on_paper: bool
    at: datetime


class AuthClient:
    """Speaks to /v1/auth, with the documents service's own token where that is asked."""

    def __init__(self, http: ServiceClient, *, client_secret: str) -> None:
        self._http = http
        self._token = ServiceToken(http, client_id="documents", client_secret=client_secret)

    async def jwks(self) -> Mapping[str, Any]:
        response = await call(self._http, "GET", "/v1/auth/jwks.json")
        if response.status_code != 200:
            raise Unavailable
        keys: Mapping[str, Any] = response.json()
        return keys

    async def note_consent(self, sent: SentConsent) -> HeldConsent:
        """Raises ConsentMissing, ConsentTextChanged, Unavailable."""
        body = {
            "person_id": str(sent.person_id),
            "sent_by": str(sent.sent_by),
            "campaign_key": sent.campaign_key,
            "purpose": sent.purpose,
            "text_sha256": sent.text_sha256,
            "channel": "mini_program" if sent.in_wechat else "web",
            "signed_on": sent.signed_on.isoformat(),
        }
        response = await self._send("POST", "/v1/auth/file-consents", json=body)
        match response.status_code, response.json().get("code"):
            case 200, _:
                act = response.json()
                on_paper = act["channel"] == "paper_by_clerk"
                return HeldConsent(act["text_sha256"], on_paper, datetime.fromisoformat(act["at"]))
            case _, "consent_not_given":
                raise ConsentMissing
            case _, "privacy_notice_outdated":
                raise ConsentTextChanged
        raise Unavailable

    async def decisions(self, *, since: datetime | None) -> list[Decision]:
        """What was decided about papers, the oldest first; what was heard a while ago comes again. Raises Unavailable."""
        return await decisions_of_auth(self._send, since=since)

    async def _send(self, method: str, path: str, **more: Any) -> httpx.Response:
        response = await call(self._http, method, path, token=await self._token.get(), **more)
        if response.status_code == 401:
            self._token.forget()
            raise Unavailable
        return response
