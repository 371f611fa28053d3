"""What is kept secret at rest: sealed with AES-GCM, or kept as a keyed fingerprint only."""

import base64
import hmac
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import SecretStr

_NONCE_BYTES = 12


class CannotOpenError(Exception):
    """The key is another one, or the sealed bytes were changed."""


class Vault:
    """Holds AUTH_KEY_ENCRYPTION_KEY. `purpose` binds a sealed value to its place: it opens nowhere else.

    The first key seals, all of them open. Fingerprints have a key of their own, which outlives those (`vault_keys`).
    """

    def __init__(
        self, key: SecretStr, *, old_keys: Sequence[SecretStr] = (), fingerprint_key: bytes | None = None
    ) -> None:
        raw = [base64.b64decode(each.get_secret_value()) for each in (key, *old_keys)]
        self._ciphers = [AESGCM(each) for each in raw]
        self.fingerprint_key = fingerprint_key or derived_fingerprint_key(raw[0])

    def seal(self, plain: bytes, *, purpose: str) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._ciphers[0].encrypt(nonce, plain, purpose.encode())

    def open(self, sealed: bytes, *, purpose: str) -> bytes:
        """Raises CannotOpenError."""
        return self._opened(sealed, purpose)[1]

    def resealed(self, sealed: bytes, *, purpose: str) -> bytes | None:
        """The same under the first key; None when it is under it already. Raises CannotOpenError."""
        position, plain = self._opened(sealed, purpose)
        return self.seal(plain, purpose=purpose) if position else None

    def _opened(self, sealed: bytes, purpose: str) -> tuple[int, bytes]:
        for position, cipher in enumerate(self._ciphers):
            try:
                return position, cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], purpose.encode())
            except InvalidTag:
                continue
        raise CannotOpenError

    def fingerprint(self, code: str) -> bytes:
        """Keyed, because a short code could be guessed from a plain hash of it."""
        return hmac.digest(self.fingerprint_key, code.encode(), "sha256")


def derived_fingerprint_key(key: bytes) -> bytes:
    """What fingerprints were made with before keys could change, and are in every database that began so."""
    return HKDF(hashes.SHA256(), 32, salt=None, info=b"xianjin fingerprints").derive(key)
