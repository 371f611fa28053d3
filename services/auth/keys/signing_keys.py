"""The keys that sign access tokens: ES256, sealed at rest, public halves published as a JWKS (RFC 7517)."""

import base64
import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jose import jwk
from jose.backends.base import Key
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.auth.keys.sealing import CannotOpenError, Vault
from services.auth.queries import keys_in_force
from services.auth.tables import SigningKeyRow
from services.common.callers.tokens import ALGORITHM
from services.common.db import Database

LOCK = "auth signing keys"
RELOAD_SECONDS = 30


@dataclass(frozen=True, slots=True)
class SigningKey:
    kid: str
    private: Key


class KeyRing:
    """The keys that sign, now and next. Read again every half minute, so that a rotation reaches every replica."""

    def __init__(self, vault: Vault, keys: Sequence[tuple[datetime, SigningKey]]) -> None:
        self._vault = vault
        self._keys = list(keys)
        self._read_at = time.monotonic()

    def key_at(self, now: datetime) -> SigningKey:
        """The one that began to sign last; on a clock that is behind, the first."""
        begun = [key for signs_from, key in self._keys if signs_from <= now]
        return begun[-1] if begun else self._keys[0][1]

    async def keep_up(self, session: AsyncSession) -> None:
        if time.monotonic() - self._read_at < RELOAD_SECONDS:
            return
        self._read_at = time.monotonic()
        known = {key.kid: key for _, key in self._keys}
        rows = await keys_in_force(session, datetime.now(UTC))
        if rows:
            self._keys = [(row.signs_from, known.get(row.kid) or open_key(row, self._vault)) for row in rows]


async def load_key_ring(database: Database, vault: Vault) -> KeyRing:
    """On the very first start it makes a key. Raises RuntimeError when the key encryption key is another."""
    now = datetime.now(UTC)
    async with database.transaction() as session:
        # Replicas that start together wait here: the second finds the key of the first.
        await session.execute(select(func.pg_advisory_xact_lock(func.hashtext(LOCK))))
        rows = list(await keys_in_force(session, now))
        if not rows:
            rows = [new_key(vault, now=now, signs_from=now)]
            session.add_all(rows)
    return KeyRing(vault, [(row.signs_from, open_key(row, vault)) for row in rows])


def open_key(row: SigningKeyRow, vault: Vault) -> SigningKey:
    try:
        pem = vault.open(row.sealed_private_key, purpose=row.kid)
    except CannotOpenError:
        raise RuntimeError("AUTH_KEY_ENCRYPTION_KEY does not open the signing keys stored in this database") from None
    return SigningKey(row.kid, jwk.construct(pem.decode(), algorithm=ALGORITHM))


async def published_keys(database: Database) -> dict[str, list[dict[str, Any]]]:
    """The next key, the present one, and those before until the last token they signed has expired."""
    async with database.reading() as session:
        return {"keys": [row.public_jwk for row in await keys_in_force(session, datetime.now(UTC))]}


def new_key(vault: Vault, *, now: datetime, signs_from: datetime) -> SigningKeyRow:
    private = ec.generate_private_key(ec.SECP256R1())
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = _public_jwk(private.public_key())
    return SigningKeyRow(
        kid=public["kid"],
        public_jwk=public,
        sealed_private_key=vault.seal(pem, purpose=public["kid"]),
        created_at=now,
        signs_from=signs_from,
    )


def _public_jwk(key: ec.EllipticCurvePublicKey) -> dict[str, str]:
    point = key.public_numbers()
    required = {"crv": "P-256", "kty": "EC", "x": _base64url(point.x), "y": _base64url(point.y)}
    thumbprint = hashlib.sha256(json.dumps(required, separators=(",", ":"), sort_keys=True).encode())  # RFC 7638
    kid = base64.urlsafe_b64encode(thumbprint.digest()).decode().rstrip("=")
    return {**required, "kid": kid, "use": "sig", "alg": ALGORITHM}


def _base64url(coordinate: int) -> str:
    return base64.urlsafe_b64encode(coordinate.to_bytes(32, "big")).decode().rstrip("=")
