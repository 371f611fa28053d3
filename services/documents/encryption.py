"""Sealed objects: each has a data key of its own (AES-256-GCM), which only the service's key opens.

The wrapped data key and the id of the key that wrapped it stand in the database, beside the object's other facts. So a
new service key rewraps rows and leaves the objects alone.
"""

import base64
import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import SecretStr

from services.documents.settings import DocumentsSettings

_NONCE_BYTES = 12


class SealBrokenError(Exception):
    """The key is another one, or the sealed bytes were changed."""


@dataclass(frozen=True, slots=True)
class SealedObject:
    """What goes to the store, and what stands in the database to read it again."""

    content: bytes
    key_id: str
    wrapped_key: bytes


@dataclass(frozen=True, slots=True)
class FreshKey:
    """A new key of its own for something in the database, and what stands beside it to have it again."""

    key: bytes
    key_id: str
    wrapped_key: bytes


class ObjectCipher:
    """Seals with the first key, opens with all. The object key is authenticated: sealed bytes open in their place only."""

    def __init__(self, object_encryption_key: SecretStr, *, older: Sequence[SecretStr] = ()) -> None:
        keys = [base64.b64decode(key.get_secret_value()) for key in (object_encryption_key, *older)]
        self._wrappings = {_id_of(key): AESGCM(key) for key in keys}
        self.key_id = _id_of(keys[0])

    @classmethod
    def of(cls, settings: DocumentsSettings) -> "ObjectCipher":
        return cls(settings.object_encryption_key, older=settings.object_encryption_old_keys)

    def holds(self, key_id: str) -> bool:
        return key_id in self._wrappings

    def seal(self, content: bytes, *, object_key: str) -> SealedObject:
        data_key = AESGCM.generate_key(256)
        place = object_key.encode()
        return SealedObject(
            content=_encrypt(AESGCM(data_key), content, place),
            key_id=self.key_id,
            wrapped_key=_encrypt(self._wrappings[self.key_id], data_key, place),
        )

    def open(self, sealed: SealedObject, *, object_key: str) -> bytes:
        """Raises SealBrokenError."""
        place = object_key.encode()
        data_key = self._data_key(sealed.key_id, sealed.wrapped_key, place)
        try:
            return _decrypt(AESGCM(data_key), sealed.content, place)
        except (InvalidTag, ValueError):
            raise SealBrokenError from None

    def fresh_key(self, *, place: str) -> FreshKey:
        key = AESGCM.generate_key(256)
        return FreshKey(key, self.key_id, _encrypt(self._wrappings[self.key_id], key, place.encode()))

    def key_of(self, key_id: str, wrapped_key: bytes, *, place: str) -> bytes:
        """Raises SealBrokenError."""
        return self._data_key(key_id, wrapped_key, place.encode())

    def rewrap(self, *, key_id: str, wrapped_key: bytes, object_key: str) -> bytes:
        """The data key wrapped with the first key; the object itself stays as it is. Raises SealBrokenError."""
        place = object_key.encode()
        return _encrypt(self._wrappings[self.key_id], self._data_key(key_id, wrapped_key, place), place)

    def _data_key(self, key_id: str, wrapped_key: bytes, place: bytes) -> bytes:
        if not self.holds(key_id):
            raise SealBrokenError
        try:
            return _decrypt(self._wrappings[key_id], wrapped_key, place)
        except (InvalidTag, ValueError):
            raise SealBrokenError from None


def _id_of(key: bytes) -> str:
    return hashlib.sha256(b"xianjin object encryption key" + key).hexdigest()[:16]


def _encrypt(cipher: AESGCM, plain: bytes, place: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, plain, place)


def _decrypt(cipher: AESGCM, sealed: bytes, place: bytes) -> bytes:
    return cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], place)
