"""The keys that sign access tokens: ES256, sealed at rest, public halves published as a JWKS (RFC 7517)."""

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jose import jwk
from jose.backends.base import Key
from sqlalchemy import func, select

from services.auth.queries import newest_signing_key, public_keys
from services.auth.sealing import CannotOpenError, Vault
from services.auth.tables import SigningKeyRow
from services.common.db import Database
from services.common.tokens import ALGORITHM


@dataclass(frozen=True, slots=True)
class SigningKey:
    kid: str
    private: Key


async def load_signing_key(database: Database, vault: Vault) -> SigningKey:
    """The newest key; on the very first start a new one. Raises RuntimeError when the key encryption key is another."""
    async with database.transaction() as session:
        # Replicas that start together wait here: the second finds the key of the first.
        await session.execute(select(func.pg_advisory_xact_lock(func.hashtext("auth signing keys"))))
        row = await newest_signing_key(session)
        if row is None:
            row = _new_key(vault)
            session.add(row)
    try:
        pem = vault.open(row.sealed_private_key, purpose=row.kid)
    except CannotOpenError:
        raise RuntimeError("AUTH_KEY_ENCRYPTION_KEY does not open the signing keys stored in this database") from None
    return SigningKey(row.kid, jwk.construct(pem.decode(), algorithm=ALGORITHM))


async def published_keys(database: Database) -> dict[str, list[dict[str, Any]]]:
    async with database.reading() as session:
        return {"keys": await public_keys(session)}


def _new_key(vault: Vault) -> SigningKeyRow:
    private = ec.generate_private_key(ec.SECP256R1())
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = _public_jwk(private.public_key())
    return SigningKeyRow(
        kid=public["kid"],
        public_jwk=public,
        sealed_private_key=vault.seal(pem, purpose=public["kid"]),
        created_at=datetime.now(UTC),
    )


def _public_jwk(key: ec.EllipticCurvePublicKey) -> dict[str, str]:
    point = key.public_numbers()
    required = {"crv": "P-256", "kty": "EC", "x": _base64url(point.x), "y": _base64url(point.y)}
    thumbprint = hashlib.sha256(json.dumps(required, separators=(",", ":"), sort_keys=True).encode())  # RFC 7638
    kid = base64.urlsafe_b64encode(thumbprint.digest()).decode().rstrip("=")
    return {**required, "kid": kid, "use": "sig", "alg": ALGORITHM}


def _base64url(coordinate: int) -> str:
    return base64.urlsafe_b64encode(coordinate.to_bytes(32, "big")).decode().rstrip("=")
