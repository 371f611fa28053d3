"""Callers with test tokens, and the auth service's public keys as a tiny application."""

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jose import jwk, jwt
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send
from uuid_utils.compat import uuid7

from services.common.callers.tokens import ALGORITHM, Caller, claims_of

_KID = "test-key"
_PRIVATE_PEM = (
    ec.generate_private_key(ec.SECP256R1())
    .private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    .decode()
)

WUTAI, DAIXIAN, CITY = "140922", "140923", "1409"


async def serve_jwks(scope: Scope, receive: Receive, send: Send) -> None:
    """Auth as documents meets it when everybody agrees to whatever they send. The two together: tests/nominations."""
    match scope["path"]:
        case "/v1/auth/service-tokens":
            answer = JSONResponse({"access_token": token_for(SERVICE.caller), "expires_in": 900}, 201)
        case "/v1/auth/file-consents":
            answer = _noted(await _json(receive))
        case "/v1/auth/paper-decisions":
            answer = JSONResponse({"items": [], "next_page_token": None})
        case _:
            public = jwk.construct(_PRIVATE_PEM, ALGORITHM).public_key().to_dict()
            answer = JSONResponse({"keys": [public | {"kid": _KID, "use": "sig"}]})
    await answer(scope, receive, send)


async def _json(receive: Receive) -> dict[str, Any]:
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return dict(json.loads(body))


def _noted(sent: dict[str, Any]) -> JSONResponse:
    if sent["text_sha256"] is None:
        return JSONResponse({"code": "consent_not_given"}, 409)
    channel = sent["channel"] if sent["sent_by"] == sent["person_id"] else "paper_by_clerk"
    act = {"text_sha256": sent["text_sha256"], "channel": channel, "at": datetime.now(UTC).isoformat()}
    return JSONResponse(act)


@dataclass(frozen=True, slots=True)
class Player:
    """Somebody with a token for documents."""

    caller: Caller

    @property
    def id(self) -> UUID:
        return UUID(self.caller.subject)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {token_for(self.caller)}"}


def token_for(caller: Caller, **claims: Any) -> str:
    now = int(time.time())
    content = claims_of(caller) | {"iss": "xianjin", "aud": "documents", "iat": now, "exp": now + 600} | claims
    return jwt.encode(content, _PRIVATE_PEM, algorithm=ALGORITHM, headers={"kid": _KID})


def player(*roles: str, organisation: UUID | None = None, jurisdiction: str = WUTAI) -> Player:
    caller = Caller(
        subject=str(uuid7()),
        session_id=str(uuid7()),
        name="测试甲",
        organisation_id=str(organisation or uuid7()),
        organisation_name="测试单位",
        organisation_kind="unit",
        jurisdiction=jurisdiction,
        bureau="",
        roles=frozenset(roles),
    )
    return Player(caller)


SERVICE = Player(
    Caller(
        subject="nominations",
        session_id=str(uuid7()),
        name="nominations",
        organisation_id="",
        organisation_name="",
        organisation_kind="",
        jurisdiction="",
        bureau="",
        roles=frozenset({"service"}),
    )
)
