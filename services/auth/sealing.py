"""What is kept secret at rest: sealed with AES-GCM, or kept as a keyed fingerprint only."""

import base64
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import SecretStr

_NONCE_BYTES = 12


class CannotOpenError(Exception):
    """The key is another one, or the sealed bytes were changed."""


class Vault:
    """Holds AUTH_KEY_ENCRYPTION_KEY. `purpose` binds a sealed value to its place: it opens nowhere else."""

    def __init__(self, key_encryption_key: SecretStr) -> None:
        key = base64.b64decode(key_encryption_key.get_secret_value())
        self._cipher = AESGCM(key)
        self._fingerprint_key = HKDF(hashes.SHA256(), 32, salt=None, info=b"xianjin fingerprints").derive(key)

    def seal(self, plain: bytes, *, purpose: str) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, purpose.encode())

    def open(self, sealed: bytes, *, purpose: str) -> bytes:
        """Raises CannotOpenError."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], purpose.encode())
        except InvalidTag:
            raise CannotOpenError from None

    def fingerprint(self, code: str) -> bytes:
        """Keyed, because a short code could be guessed from a plain hash of it."""
        return hmac.digest(self._fingerprint_key, code.encode(), "sha256")
