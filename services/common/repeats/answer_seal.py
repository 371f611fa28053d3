"""Answers kept for repetition, sealed with AES-256-GCM under a key of their own, drawn from the service's key."""

import base64
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE_BYTES = 12


class AnswerSealBrokenError(Exception):
    """None of the keys opens it: a key is lost, or the sealed text or its place was changed."""


class AnswerSeal:
    """Seals with the first key, opens with all. `place` is authenticated: a sealed answer opens in its row only."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._ciphers = tuple(_cipher(base64.b64decode(key, validate=True)) for key in keys)

    def seal(self, plain: str, *, place: str) -> str:
        nonce = os.urandom(_NONCE_BYTES)
        return base64.b64encode(nonce + self._ciphers[0].encrypt(nonce, plain.encode(), place.encode())).decode()

    def open(self, sealed: str, *, place: str) -> str:
        """Raises AnswerSealBrokenError."""
        return self._opened(sealed, place)[0]

    def resealed(self, sealed: str, *, place: str) -> str | None:
        """The same under the first key; None where it is so already. Raises AnswerSealBrokenError."""
        plain, number = self._opened(sealed, place)
        return self.seal(plain, place=place) if number else None

    def _opened(self, sealed: str, place: str) -> tuple[str, int]:
        content = base64.b64decode(sealed)
        for number, cipher in enumerate(self._ciphers):
            try:
                plain = cipher.decrypt(content[:_NONCE_BYTES], content[_NONCE_BYTES:], place.encode())
            except (InvalidTag, ValueError):
                continue
            return plain.decode(), number
        raise AnswerSealBrokenError


def _cipher(key: bytes) -> AESGCM:
    return AESGCM(HKDF(hashes.SHA256(), 32, salt=None, info=b"xianjin kept answers").derive(key))
