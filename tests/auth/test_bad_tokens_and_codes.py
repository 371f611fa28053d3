"""What somebody with bad intent sends, beyond the forgeries of test_token_refusals: one rule each."""

import base64
import json
import time
import zlib
from datetime import UTC, datetime
from urllib.parse import quote

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jose import jwk, jwt
from sqlalchemy import select, update

from services.auth.audit_table import AuditEventRow
from services.auth.domain.roles import Role
from services.auth.tables import PersonRow, RoleAssignmentRow
from services.common.asgi import RequestShell
from services.common.callers.tokens import MAX_TOKEN_BYTES
from tests.auth.people import CITY, UNIT, new_person
from tests.auth.steps import PASSWORD, bearer, by_wechat, fresh, invite, refusal, sign_in
from tests.auth.test_limits import at_address
from tests.auth.test_second_factor import enrolled
from tests.auth.test_token_refusals import FOREIGN_KEY, by_hand, hmac, signed


def part(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def jwe_bomb(_key, _claims, _jwk):
    """2 MB of zeros in some 2 KB: a reader that inflates before it looks at `alg` would pay for them."""
    packer = zlib.compressobj(9, wbits=-15)
    bomb = packer.compress(bytes(2_000_000)) + packer.flush()
    header = json.dumps({"alg": "dir", "enc": "A256GCM", "zip": "DEF", "kid": _key.kid}).encode()
    token = f"{part(header)}..{part(bytes(12))}.{part(bomb)}.{part(bytes(16))}"
    assert len(token) < MAX_TOKEN_BYTES
    return token


def hs256_with_the_pem(key, claims, jwk_of_key):
    numbers = [int.from_bytes(base64.urlsafe_b64decode(jwk_of_key[axis] + "=="), "big") for axis in ("x", "y")]
    public = ec.EllipticCurvePublicNumbers(*numbers, ec.SECP256R1()).public_key()
    secret = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return by_hand({"alg": "HS256", "kid": key.kid}, claims, lambda message: hmac.digest(secret, message, "sha256"))


def own_key_in_the_header(key, claims, _jwk):
    own = {name: str(value) for name, value in jwk.construct(FOREIGN_KEY, "ES256").public_key().to_dict().items()}
    header = {"kid": key.kid, "jwk": own, "jku": "https://attacker.example/keys.json"}
    return jwt.encode(claims, FOREIGN_KEY, algorithm="ES256", headers=header)


TOKENS = {
    "JWE bomb": jwe_bomb,
    "HS256 with the public key as PEM": hs256_with_the_pem,
    "a key of their own in the header": own_key_in_the_header,
    "made in the future": lambda key, claims, _: signed(
        key.private, claims | {"iat": time.time() + 3600, "exp": time.time() + 4500}, key.kid
    ),
    "running for years": lambda key, claims, _: signed(key.private, claims | {"exp": time.time() + 10**8}, key.kid),
    "a kid that is a path": lambda key, claims, _: signed(key.private, claims, "../../etc/passwd"),
    "a kid that is SQL": lambda key, claims, _: signed(key.private, claims, "' OR 1=1 --"),
    "a kid that is no text": lambda key, claims, _: by_hand({"alg": "ES256", "kid": [key.kid]}, claims, lambda _: b"0"),
    "roles that are no list": lambda key, claims, _: signed(key.private, claims | {"roles": 7}, key.kid),
    "a megabyte": lambda *_: "e" * 1_000_000,
    "a header of a thousand brackets": lambda *_: part(b"[" * 1000) + ".e30.e30",
}


@pytest.mark.parametrize("kind", TOKENS)
async def test_a_token_is_refused_and_nothing_told_when_it_is(client, auth_app, kind):
    claims = jwt.get_unverified_claims((await sign_in(client))["access_token"])
    published = (await client.get("/v1/auth/jwks.json")).json()["keys"][0]
    token = TOKENS[kind](auth_app.state.resources.access_tokens.key, claims, published)
    assert refusal(await client.get("/v1/auth/me", headers=bearer(token))) == (401, "token_invalid")


async def test_a_token_bomb_is_refused_at_once(client, auth_app):
    token = jwe_bomb(auth_app.state.resources.access_tokens.key, {}, {})
    await client.get("/v1/auth/me", headers=bearer(token))
    began = time.process_time()
    for _ in range(20):
        await client.get("/v1/auth/me", headers=bearer(token))
    assert time.process_time() - began < 1.0  # inflating 20 times would not fit


async def test_a_refresh_from_a_second_device_ends_the_first_and_the_log_names_it(client, database):
    person_id, username = await new_person(database)
    phone = await sign_in(client, username)
    body = {"refresh_token": phone["refresh_token"]}
    await client.post("/v1/auth/sessions/refreshes", json=body, headers={"User-Agent": "phone"})
    stolen = await client.post("/v1/auth/sessions/refreshes", json=body, headers={"User-Agent": "thief"})
    me = await client.get("/v1/auth/me", headers=bearer(phone["access_token"]))
    async with database.reading() as session:
        reused = select(AuditEventRow.entry).where(
            AuditEventRow.person_id == person_id, AuditEventRow.action == "refresh_reused"
        )
        devices = [json.loads(entry)["device"] for entry in await session.scalars(reused)]
    assert (refusal(stolen), refusal(me), devices) == (
        (401, "refresh_token_reused"),
        (401, "token_invalid"),
        ["thief"],
    )


async def test_an_invitation_redeemed_on_the_web_is_not_redeemed_again(client):
    code = (await invite(client))["invitation_code"]
    first, second = await redeem(client, code), await redeem(client, code)
    assert (first.status_code, refusal(second)) == (201, (422, "invitation_invalid"))


async def redeem(client, code):
    body = {"invitation_code": code, "username": fresh("web"), "password": "Sunny-Valley-29"}
    return await client.post("/v1/auth/invitations/redemptions", json=body)


async def test_an_invitation_redeemed_on_the_web_binds_no_phone_afterwards(client, wechat, appid):
    code = (await invite(client))["invitation_code"]
    await redeem(client, code)
    phone = await by_wechat(client, appid, wechat.knows(fresh("code"), fresh("openid")), invitation_code=code)
    assert refusal(phone) == (422, "invitation_invalid")


async def test_guessing_invitations_on_the_web_is_slowed_down_before_a_right_code_helps(client, auth_app):
    code = (await invite(client))["invitation_code"]
    async with at_address(auth_app, "198.51.100.201") as guesser:
        answers = [refusal(await redeem(guesser, f"22222-{guess:05}".replace("0", "Z"))) for guess in range(31)]
        right = await redeem(guesser, code)
    assert answers == [(422, "invitation_invalid")] * 30 + [(429, "too_many_requests")]
    assert refusal(right) == (429, "too_many_requests")


async def suspended(client, database):
    person_id, username = await new_person(database)
    async with database.transaction() as session:
        leaving = {"suspended_at": datetime.now(UTC), "suspension_reason": "示例"}
        await session.execute(update(PersonRow).where(PersonRow.id == person_id).values(leaving))
    return username


async def without_a_role(client, database):
    person_id, username = await new_person(database)
    async with database.transaction() as session:
        held = update(RoleAssignmentRow).where(RoleAssignmentRow.person_id == person_id)
        await session.execute(held.values(ends_at=datetime.now(UTC)))
    return username


async def with_a_second_factor(client, database):
    _, username = await new_person(database)
    await enrolled(client, username)
    return username


async def whose_password_is_due(client, database):
    return (await new_person(database, must_change=True))[1]


async def an_administrator(client, database):
    return (await new_person(database, (Role.SYSTEM_ADMIN, CITY)))[1]


@pytest.mark.parametrize(
    "somebody", [suspended, without_a_role, with_a_second_factor, whose_password_is_due, an_administrator]
)
async def test_a_wrong_password_tells_nothing_about(client, database, somebody):
    guesses = [await somebody(client, database), fresh("nobody")]
    answers = [
        await client.post("/v1/auth/sessions", json={"username": name, "password": f"not {PASSWORD}"})
        for name in guesses
    ]
    told, untold = ({**each.json(), "trace_id": ""} for each in answers)
    assert (answers[0].status_code, told) == (401, untold)


@pytest.mark.parametrize("unknown", ["K7Q2M-9XHDR", "22222-22222", "ZZZZZ-ZZZZZ"])
async def test_an_invitation_that_never_was_reads_as_one_that_was_used(client, unknown):
    code = (await invite(client))["invitation_code"]
    await redeem(client, code)
    used, never = await redeem(client, code), await redeem(client, unknown)
    assert {**used.json(), "trace_id": ""} == {**never.json(), "trace_id": ""}


ELSEWHERE = "https://attacker.example/"


@pytest.mark.parametrize(
    "path",
    [
        "//attacker.example/v1/auth/me",
        f"/v1/auth/me?next={quote(ELSEWHERE)}",
        f"/v1/auth/sessions?redirect_uri={quote(ELSEWHERE)}",
        "/v1/auth/jwks.json/",
        "/v1/auth//attacker.example/%2e%2e",
        "/\\attacker.example",
    ],
)
async def test_no_address_leads_elsewhere(client, path):
    request = client.build_request("GET", "/", headers={"Host": "attacker.example", "X-Forwarded-Host": "a.example"})
    request.url = httpx.URL(f"http://auth{path}")
    answer = await client.send(request)
    assert (answer.is_redirect, answer.headers.get("location")) == (False, None)


@pytest.mark.parametrize("name", ["X-Request-Id", "Idempotency-Key", "Accept-Language", "User-Agent"])
async def test_a_header_sent_with_line_ends_makes_no_header_of_the_answer(auth_app, name):
    sent = {name.lower().encode(): b"zh-CN\r\nSet-Cookie: role=system_admin"}
    transport = httpx.ASGITransport(app=RequestShell(auth_app), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://auth") as client:
        answer = await client.post("/v1/auth/sessions", json={"username": "a", "password": "b"}, headers=sent)
    values = " ".join(answer.headers.values())
    assert ("set-cookie" in answer.headers, "\n" in values, "system_admin" in values) == (False, False, False)


@pytest.mark.parametrize("field", ["username", "password"])
async def test_line_ends_in_a_field_are_refused_by_its_name(client, field):
    body = {"username": "a", "password": "b"} | {field: "a\x00\x1b"}
    answer = await client.post("/v1/auth/sessions", json=body)
    assert (answer.status_code, [error["pointer"] for error in answer.json()["errors"]]) == (422, [f"/{field}"])


async def test_a_role_that_ends_with_its_campaign_stops_work_under_it_at_once_r43(client, database, settings):
    person_id, username = await new_person(database, (Role.UNIT_CLERK, UNIT))
    campaign = fresh("campaign")
    async with database.transaction() as session:
        held = update(RoleAssignmentRow).where(RoleAssignmentRow.person_id == person_id)
        await session.execute(held.values(campaign_key=campaign))
    working = await sign_in(client, username)
    machine, secret = next(iter(settings.service_clients.items()))
    body = {"client_id": machine, "client_secret": secret.get_secret_value()}
    service = bearer((await client.post("/v1/auth/service-tokens", json=body)).json()["access_token"])
    before = await client.get("/v1/auth/me", headers=bearer(working["access_token"]))
    await client.put(f"/v1/auth/campaigns/{campaign}/role-ending", headers=service)
    after = await client.get("/v1/auth/me", headers=bearer(working["access_token"]))
    assert (before.status_code, refusal(after)) == (200, (401, "token_invalid"))
