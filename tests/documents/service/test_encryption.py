"""Sealed objects open with their own key, in their own place, unchanged, or not at all."""

import base64
from dataclasses import replace

import pytest
from pydantic import SecretStr

from services.documents.encryption import ObjectCipher, SealBrokenError

KEY, OTHER = (SecretStr(base64.b64encode(bytes([number]) * 32).decode()) for number in (1, 2))
PLACE = "sealed/0199b3a2"


def test_what_was_sealed_opens_as_it_was() -> None:
    sealed = ObjectCipher(KEY).seal(b"card", object_key=PLACE)
    assert ObjectCipher(KEY).open(sealed, object_key=PLACE) == b"card"


def test_the_same_bytes_are_never_sealed_alike() -> None:
    cipher = ObjectCipher(KEY)
    assert cipher.seal(b"card", object_key=PLACE).content != cipher.seal(b"card", object_key=PLACE).content


def test_another_key_opens_nothing() -> None:
    sealed = ObjectCipher(KEY).seal(b"card", object_key=PLACE)
    with pytest.raises(SealBrokenError):
        ObjectCipher(OTHER).open(sealed, object_key=PLACE)


def test_sealed_bytes_open_in_no_other_place() -> None:
    sealed = ObjectCipher(KEY).seal(b"card", object_key=PLACE)
    with pytest.raises(SealBrokenError):
        ObjectCipher(KEY).open(sealed, object_key="sealed/other")


def test_one_changed_bit_is_seen() -> None:
    sealed = ObjectCipher(KEY).seal(b"card", object_key=PLACE)
    changed = sealed.content[:-1] + bytes([sealed.content[-1] ^ 1])
    with pytest.raises(SealBrokenError):
        ObjectCipher(KEY).open(replace(sealed, content=changed), object_key=PLACE)
