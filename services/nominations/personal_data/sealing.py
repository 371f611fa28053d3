"""Identity numbers at rest: sealed with AES-256-GCM, found again by a keyed blind index, never by their text.

Both keys may change while the service runs. The first key of each kind is the one that seals and indexes; the others still
open and still find, until `rewrapping` has moved every row to the first.
"""

import base64
import hashlib
import hmac
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12


class SealBrokenError(Exception):
    """None of the keys opens it: a key is lost, or the bytes or their binding were changed."""


class IdentitySeal:
    """Seals and opens identity numbers. The case's id is bound in, so that a sealed number cannot be moved to another case."""

    def __init__(self, *, encryption_keys: Sequence[str], index_keys: Sequence[str]) -> None:
        self._ciphers = tuple(AESGCM(base64.b64decode(key, validate=True)) for key in encryption_keys)
        self._index_keys = tuple(base64.b64decode(key, validate=True) for key in index_keys)

    def seal(self, number: str, *, bound_to: str) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._ciphers[0].encrypt(nonce, number.encode(), bound_to.encode())

    def open(self, sealed: bytes, *, bound_to: str) -> str:
        """Raises SealBrokenError."""
        return self._opened(sealed, bound_to)[0]

    def resealed(self, sealed: bytes, *, bound_to: str) -> bytes | None:
        """The same under the first key; None where it is so already. Raises SealBrokenError."""
        number, place = self._opened(sealed, bound_to)
        return self.seal(number, bound_to=bound_to) if place else None

    def index(self, number: str) -> bytes:
        return self.indexes(number)[0]

    def indexes(self, number: str) -> tuple[bytes, ...]:
        """What the number may be stored under, the first key's index first."""
        return tuple(hmac.digest(key, number.encode(), hashlib.sha256) for key in self._index_keys)

    @property
    def changes_index(self) -> bool:
        """Whether rows may be indexed under more than one key."""
        return len(self._index_keys) > 1

    def _opened(self, sealed: bytes, bound_to: str) -> tuple[str, int]:
        nonce, ciphertext = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        for place, cipher in enumerate(self._ciphers):
            try:
                return cipher.decrypt(nonce, ciphertext, bound_to.encode()).decode(), place
            except InvalidTag:
                continue
        raise SealBrokenError
