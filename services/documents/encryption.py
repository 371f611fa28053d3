"""Sealed objects: each has a data key of its own (AES-256-GCM), which only the service's key opens.

The wrapped data key and the id of the key that wrapped it stand in the database, beside the object's other facts. So a
new service key rewraps rows and leaves the objects alone.
"""

import base64
import hashlib
import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import SecretStr

_NONCE_BYTES = 12


class SealBrokenError(Exception):
    """The key is another one, or the sealed bytes were changed."""


@dataclass(frozen=True, slots=True)
class SealedObject:
    """What goes to the store, and what stands in the database to read it again."""

    content: bytes
    key_id: str
    wrapped_key: bytes


class ObjectCipher:
    """Holds DOCUMENTS_OBJECT_ENCRYPTION_KEY. The object key is authenticated: sealed bytes open in their place only."""

    def __init__(self, object_encryption_key: SecretStr) -> None:
        key = base64.b64decode(object_encryption_key.get_secret_value())
        self._wrapping = AESGCM(key)
        self.key_id = hashlib.sha256(b"xianjin object encryption key" + key).hexdigest()[:16]

    def seal(self, content: bytes, *, object_key: str) -> SealedObject:
        data_key = AESGCM.generate_key(256)
        place = object_key.encode()
        return SealedObject(
            content=_encrypt(AESGCM(data_key), content, place),
            key_id=self.key_id,
            wrapped_key=_encrypt(self._wrapping, data_key, place),
        )

    def open(self, sealed: SealedObject, *, object_key: str) -> bytes:
        """Raises SealBrokenError."""
        if sealed.key_id != self.key_id:
            raise SealBrokenError
        place = object_key.encode()
        try:
            data_key = _decrypt(self._wrapping, sealed.wrapped_key, place)
            return _decrypt(AESGCM(data_key), sealed.content, place)
        except InvalidTag:
            raise SealBrokenError from None


def _encrypt(cipher: AESGCM, plain: bytes, place: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, plain, place)


def _decrypt(cipher: AESGCM, sealed: bytes, place: bytes) -> bytes:
    return cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], place)
