"""Access tokens that are not ours, not ours any more, or not meant for us."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from fastapi import FastAPI
from jose import jwt

from services.auth.keys.access_tokens import AUDIENCES
from services.auth.keys.signing_keys import SigningKey
from tests.auth.steps import bearer, refusal, sign_in

FOREIGN_KEY = (
    ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
)
Forge = Callable[[SigningKey, dict[str, Any], dict[str, Any]], str]


def signed(key: Any, claims: dict[str, Any], kid: str) -> str:
    return jwt.encode(claims, key, algorithm="ES256", headers={"kid": kid})


def by_hand(header: dict[str, Any], claims: dict[str, Any], sign: Callable[[bytes], bytes]) -> str:
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (header, claims)]
    signature = base64.urlsafe_b64encode(sign(b".".join(parts))).rstrip(b"=")
    return b".".join([*parts, signature]).decode()


def hmac_with_public_key(key: SigningKey, claims: dict[str, Any], jwk: dict[str, Any]) -> str:
    secret = json.dumps(jwk).encode()
    header = {"alg": "HS256", "kid": key.kid}
    return by_hand(header, claims, lambda message: hmac.digest(secret, message, hashlib.sha256))


def flipped(key: SigningKey, claims: dict[str, Any], _jwk: dict[str, Any]) -> str:
    header, _, signature = signed(key.private, claims, key.kid).split(".")
    promoted = base64.urlsafe_b64encode(json.dumps({**claims, "roles": ["system_admin"]}).encode()).rstrip(b"=")
    return f"{header}.{promoted.decode()}.{signature}"


FORGERIES: dict[str, Forge] = {
    "signed with another key": lambda key, claims, _: signed(FOREIGN_KEY, claims, key.kid),
    "claims changed after signing": flipped,
    "alg none": lambda key, claims, _: by_hand({"alg": "none", "kid": key.kid}, claims, lambda _: b""),
    "HS256 with the public key": hmac_with_public_key,
    "unknown kid": lambda key, claims, _: signed(key.private, claims, "another"),
    "no kid": lambda key, claims, _: jwt.encode(claims, key.private, algorithm="ES256"),
    "another audience": lambda key, claims, _: signed(key.private, claims | {"aud": ["payroll"]}, key.kid),
    "no audience": lambda key, claims, _: signed(
        key.private, {name: value for name, value in claims.items() if name != "aud"}, key.kid
    ),
    "another issuer": lambda key, claims, _: signed(key.private, claims | {"iss": "elsewhere"}, key.kid),
    "no expiry": lambda key, claims, _: signed(
        key.private, {name: value for name, value in claims.items() if name != "exp"}, key.kid
    ),
    "not yet valid": lambda key, claims, _: signed(key.private, claims | {"nbf": time.time() + 900}, key.kid),
    "no roles": lambda key, claims, _: signed(
        key.private, {name: value for name, value in claims.items() if name != "roles"}, key.kid
    ),
    "5 KB": lambda key, claims, _: signed(key.private, claims | {"name": "x" * 5000}, key.kid),
    "not a token": lambda *_: "eyJhbGciOiJFUzI1NiJ9",
    "five parts (JWE)": lambda *_: "a.b.c.d.e",
}


@pytest.mark.parametrize("forgery", FORGERIES)
async def test_a_token_is_refused_without_a_reason_when(
    client: httpx.AsyncClient, auth_app: FastAPI, forgery: str
) -> None:
    key = auth_app.state.resources.access_tokens.key
    claims = jwt.get_unverified_claims((await sign_in(client))["access_token"])
    jwk = (await client.get("/v1/auth/jwks.json")).json()["keys"][0]
    token = FORGERIES[forgery](key, claims, jwk)
    assert refusal(await client.get("/v1/auth/me", headers=bearer(token))) == (401, "token_invalid")


async def test_an_expired_token_says_so(client: httpx.AsyncClient, auth_app: FastAPI) -> None:
    key = auth_app.state.resources.access_tokens.key
    claims = jwt.get_unverified_claims((await sign_in(client))["access_token"])
    token = signed(key.private, claims | {"iat": time.time() - 1000, "exp": time.time() - 100}, key.kid)
    assert refusal(await client.get("/v1/auth/me", headers=bearer(token))) == (401, "token_expired")


async def test_no_token_asks_to_sign_in(client: httpx.AsyncClient) -> None:
    assert refusal(await client.get("/v1/auth/me")) == (401, "token_missing")


async def test_a_token_says_who_acts_for_whom_and_nothing_more(client: httpx.AsyncClient, auth_app: FastAPI) -> None:
    signed_in = await sign_in(client, "wutai-iit")
    claims = jwt.get_unverified_claims(signed_in["access_token"])
    organisation = signed_in["acting_as"]["organisation"]
    for varying in ("jti", "iat", "sid"):
        claims.pop(varying)
    assert claims.pop("exp") - time.time() == pytest.approx(900, abs=5)
    assert claims == {
        "iss": auth_app.state.resources.settings.issuer,
        "aud": list(AUDIENCES),
        "sub": signed_in["person"]["id"],
        "name": signed_in["person"]["full_name"],
        "org": organisation["id"],
        "org_name": "五台县工业和信息化局",
        "org_kind": "county_bureau",
        "jur": "140922",
        "bureau": "iit",
        "roles": ["county_reviewer"],
    }


async def test_the_published_keys_hold_no_private_part(client: httpx.AsyncClient) -> None:
    response = await client.get("/v1/auth/jwks.json")
    assert response.headers["cache-control"] == "public, max-age=300"
    assert [set(key) for key in response.json()["keys"]] == [{"kty", "crv", "x", "y", "kid", "use", "alg"}]
