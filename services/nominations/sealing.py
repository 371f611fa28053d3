"""Identity numbers at rest: sealed with AES-256-GCM, found again by a keyed blind index, never by their text."""

import base64
import hashlib
import hmac
import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12


class IdentitySeal:
    """Seals and opens identity numbers. The case's id is bound in, so that a sealed number cannot be moved to another case."""

    def __init__(self, *, encryption_key: str, index_key: str) -> None:
        self._cipher = AESGCM(base64.b64decode(encryption_key, validate=True))
        self._index_key = base64.b64decode(index_key, validate=True)

    def seal(self, number: str, *, bound_to: str) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, number.encode(), bound_to.encode())

    def open(self, sealed: bytes, *, bound_to: str) -> str:
        """Raises cryptography's InvalidTag when the bytes or the binding are not those that were sealed."""
        nonce, ciphertext = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        return self._cipher.decrypt(nonce, ciphertext, bound_to.encode()).decode()

    def index(self, number: str) -> bytes:
        return hmac.new(self._index_key, number.encode(), hashlib.sha256).digest()
