"""A seal: who signed which root when. Ed25519 over canonical JSON (RFC 8785); the suite is named, so that another can follow."""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from services.evidence.merkle import leaf_hash, root_of

SUITE = "ed25519-sha256"


@dataclass(frozen=True, slots=True)
class Head:
    """Where the history of one case ended when the seal was made."""

    case_id: str
    sequence: int
    hash: str

    @property
    def leaf(self) -> bytes:
        return leaf_hash(rfc8785.dumps({"case": self.case_id, "sequence": self.sequence, "hash": self.hash}))


@dataclass(frozen=True, slots=True)
class Seal:
    """The statement's very bytes, and what signs them."""

    statement: bytes
    signature: bytes

    @property
    def facts(self) -> dict[str, Any]:
        facts: dict[str, Any] = json.loads(self.statement)
        return facts

    @property
    def hash(self) -> str:
        return hashlib.sha256(self.statement).hexdigest()


class SealingKey:
    """Holds the private key; knows its public half and the name by which it goes."""

    def __init__(self, seed: str) -> None:
        """`seed`: base64 of 32 bytes. Raises ValueError."""
        self._private = Ed25519PrivateKey.from_private_bytes(base64.b64decode(seed, validate=True))
        self.public = self._private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.key_id = key_id_of(self.public)

    def sign(self, content: bytes) -> bytes:
        return self._private.sign(content)


def key_id_of(public: bytes) -> str:
    """The first 16 hex digits of the public key's SHA-256: short enough to read out, and to print on paper."""
    return hashlib.sha256(public).hexdigest()[:16]


def make_seal(key: SealingKey, *, campaign: str, heads: Sequence[Head], at: datetime, previous: str) -> Seal:
    """Over the heads in their order. `previous` is the hash of the seal before: seals form a chain of their own."""
    statement = rfc8785.dumps(
        {
            "suite": SUITE,
            "campaign": campaign,
            "sealed_at": at.isoformat(),
            "tree_size": len(heads),
            "root": root_of([head.leaf for head in heads]),
            "previous": previous,
            "key_id": key.key_id,
        }
    )
    return Seal(statement, key.sign(statement))


def is_signed(content: bytes, signature: bytes, public: bytes) -> bool:
    """Whether this key signed these bytes. Whatever is no key and no signature did not."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, content)
    except (InvalidSignature, ValueError):
        return False
    return True


def decoded(text: object) -> bytes:
    """Base64 as it stands in a file; empty for anything else."""
    try:
        return base64.b64decode(text, validate=True) if isinstance(text, str) else b""
    except (binascii.Error, ValueError):
        return b""


def encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def public_keys(listed: Mapping[str, object]) -> dict[str, bytes]:
    """Key id → public key, only where the id is the key's own."""
    keys = {name: decoded(text) for name, text in listed.items()}
    return {name: public for name, public in keys.items() if public and key_id_of(public) == name}
