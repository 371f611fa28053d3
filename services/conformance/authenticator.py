"""An authenticator in software: real keys, real signatures, and what a browser would send (WebAuthn level 3)."""

import hashlib
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

ORIGIN = "http://localhost:8400"
_PRESENT, _VERIFIED, _MAY_SYNC, _SYNCED, _NEW_CREDENTIAL = 0x01, 0x04, 0x08, 0x10, 0x40


class SoftwareAuthenticator:
    """One passkey. `counts`: whether its counter rises, as in a security key."""

    def __init__(self, *, counts: bool = False, origin: str = ORIGIN, domain: str = "localhost") -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.credential_id = secrets.token_bytes(32)
        self.counts, self.origin, self.domain = counts, origin, domain
        self.count = 0
        self.verifies = True
        self.user_handle = b""

    def create(self, options: dict[str, Any]) -> dict[str, Any]:
        """As `navigator.credentials.create()` answers, without attestation."""
        self.user_handle = _bytes(options["user"]["id"])
        point = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        attested = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + cbor2.dumps(cose)
        data = self._authenticator_data(_NEW_CREDENTIAL) + attested
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client_data = self._client_data("webauthn.create", options["challenge"])
        response = {"clientDataJSON": _text(client_data), "attestationObject": _text(attestation)}
        return self._credential({**response, "transports": ["internal"], "publicKeyAlgorithm": -7})

    def sign(self, options: dict[str, Any]) -> dict[str, Any]:
        """As `navigator.credentials.get()` answers."""
        self.count += self.counts
        data = self._authenticator_data()
        client_data = self._client_data("webauthn.get", options["challenge"])
        signed = self.key.sign(data + hashlib.sha256(client_data).digest(), ec.ECDSA(hashes.SHA256()))
        return self._credential(
            {
                "clientDataJSON": _text(client_data),
                "authenticatorData": _text(data),
                "signature": _text(signed),
                "userHandle": _text(self.user_handle),
            }
        )

    def _authenticator_data(self, more: int = 0) -> bytes:
        synced = 0 if self.counts else _MAY_SYNC | _SYNCED
        flags = _PRESENT | synced | more | (_VERIFIED if self.verifies else 0)
        return hashlib.sha256(self.domain.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client_data(self, kind: str, challenge: str) -> bytes:
        asked = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(asked).encode()

    def _credential(self, response: dict[str, Any]) -> dict[str, Any]:
        name = _text(self.credential_id)
        return {
            "id": name,
            "rawId": name,
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {"credProps": {"rk": True}},
            "response": response,
        }


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
