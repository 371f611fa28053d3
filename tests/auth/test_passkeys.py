"""Passkeys end to end: a software authenticator signs for real, over HTTP."""

import asyncio
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import cbor2
import httpx
import pyotp
import pytest
from fastapi import FastAPI
from pydantic import ValidationError
from sqlalchemy import func, select, update

from services.auth.app import create_auth_app
from services.auth.audit_table import AuditEventRow
from services.auth.domain.passkeys import counter_moves_on
from services.auth.domain.roles import Role
from services.auth.second_factors.passkey_tables import PasskeyChallengeRow, PasskeyRow
from services.auth.settings import AuthSettings
from services.common.db import Database
from services.conformance.authenticator import SoftwareAuthenticator
from tests.auth.people import IIT, UNIT, new_person
from tests.auth.steps import PASSWORD, bearer, bearer_of, refusal, sign_in

Signed = dict[str, Any]


async def options(client: httpx.AsyncClient, headers: dict[str, str] | None = None, **body: str) -> dict[str, Any]:
    """Of a registration with headers, else of a sign-in."""
    if headers is None:
        response = await client.post("/v1/auth/passkeys/options")
    else:
        response = await client.post("/v1/auth/me/passkeys/options", json=body, headers=headers)
    assert response.status_code == 201, response.text
    return response.json()["public_key"]


async def register(
    client: httpx.AsyncClient, headers: dict[str, str], authenticator: SoftwareAuthenticator, name: str = "示例电脑"
) -> httpx.Response:
    credential = authenticator.create(await options(client, headers))
    return await client.post("/v1/auth/me/passkeys", json={"name": name, "credential": credential}, headers=headers)


async def by_passkey(client: httpx.AsyncClient, credential: Signed) -> httpx.Response:
    return await client.post("/v1/auth/passkeys/sessions", json={"credential": credential})


async def somebody(
    client: httpx.AsyncClient, database: Database, *, counts: bool = False, role: Any = (Role.UNIT_CLERK, UNIT)
) -> tuple[str, SoftwareAuthenticator]:
    """The username of a new person, and their registered authenticator."""
    _, username = await new_person(database, role)
    authenticator = SoftwareAuthenticator(counts=counts)
    registered = await register(client, await bearer_of(client, username), authenticator)
    assert registered.status_code == 201, registered.text
    return username, authenticator


@pytest.mark.parametrize(
    ("stored", "sent", "moves"), [(0, 0, True), (0, 1, True), (5, 6, True), (5, 5, False), (5, 4, False), (5, 0, False)]
)
def test_a_counter_that_counts_never_stands_still_and_never_goes_back(stored: int, sent: int, moves: bool) -> None:
    assert counter_moves_on(stored, sent) is moves


async def test_who_registered_a_passkey_signs_in_without_name_and_password(
    client: httpx.AsyncClient, database: Database
) -> None:
    username, authenticator = await somebody(client, database)
    asked = await options(client)
    answer = await by_passkey(client, authenticator.sign(asked))
    known = await sign_in(client, username)
    assert (answer.status_code, answer.json()["person"]) == (201, known["person"])
    assert (asked["rpId"], asked["userVerification"], asked["allowCredentials"]) == ("localhost", "required", [])


async def test_a_challenge_is_answered_once_even_by_ten_at_once(client: httpx.AsyncClient, database: Database) -> None:
    _, authenticator = await somebody(client, database)
    signed = authenticator.sign(await options(client))
    answers = await asyncio.gather(*(by_passkey(client, signed) for _ in range(10)))
    codes = sorted(answer.status_code for answer in answers)
    assert (codes, {refusal(each)[1] for each in answers if each.status_code == 401}) == (
        [201] + [401] * 9,
        {"passkey_wrong"},
    )


async def test_a_challenge_is_stored_as_a_hash_and_expires(client: httpx.AsyncClient, database: Database) -> None:
    _, authenticator = await somebody(client, database)
    signed = authenticator.sign(await options(client))
    async with database.transaction() as session:
        await session.execute(
            update(PasskeyChallengeRow).values(expires_at=PasskeyChallengeRow.expires_at - timedelta(minutes=5))
        )
    assert refusal(await by_passkey(client, signed)) == (401, "passkey_wrong")
    await options(client)
    async with database.reading() as session:
        left = await session.scalar(
            select(func.count()).select_from(PasskeyChallengeRow).where(PasskeyChallengeRow.expires_at < func.now())
        )
    assert left == 0


async def test_a_challenge_of_one_session_registers_nothing_in_another(
    client: httpx.AsyncClient, database: Database
) -> None:
    _, username = await new_person(database)
    mine, other = await bearer_of(client, username), await bearer_of(client, username)
    credential = SoftwareAuthenticator().create(await options(client, mine))
    body = {"name": "示例电脑", "credential": credential}
    answers = [await client.post("/v1/auth/me/passkeys", json=body, headers=headers) for headers in (other, mine)]
    assert (refusal(answers[0]), answers[1].status_code) == ((422, "passkey_refused"), 201)


async def test_a_challenge_for_registering_signs_nobody_in(client: httpx.AsyncClient, database: Database) -> None:
    username, authenticator = await somebody(client, database)
    asked = await options(client, await bearer_of(client, username))
    assert refusal(await by_passkey(client, authenticator.sign(asked))) == (401, "passkey_wrong")


async def test_a_counter_that_goes_back_is_refused_and_the_log_says_so(
    client: httpx.AsyncClient, database: Database
) -> None:
    _, authenticator = await somebody(client, database, counts=True)
    first = await by_passkey(client, authenticator.sign(await options(client)))
    authenticator.count = 0
    copied = await by_passkey(client, authenticator.sign(await options(client)))
    authenticator.count = 7
    later = await by_passkey(client, authenticator.sign(await options(client)))
    async with database.reading() as session:
        entry = await session.scalar(
            select(AuditEventRow.entry).where(AuditEventRow.entry.contains("passkey_copied")).limit(1)
        )
    assert (first.status_code, refusal(copied), later.status_code) == (201, (401, "passkey_copied"), 201)
    assert entry is not None
    assert "passkey_sign_in" in entry


def _foreign_origin(a: SoftwareAuthenticator) -> None:
    a.origin = "https://xianjin.example.com"


def _foreign_domain(a: SoftwareAuthenticator) -> None:
    a.domain = "example.com"


def _unverified(a: SoftwareAuthenticator) -> None:
    a.verifies = False


def _another_key(a: SoftwareAuthenticator) -> None:
    a.key = SoftwareAuthenticator().key


def _another_person(a: SoftwareAuthenticator) -> None:
    a.user_handle = uuid4().bytes


def _unknown_credential(a: SoftwareAuthenticator) -> None:
    a.credential_id = bytes(32)


@pytest.mark.parametrize(
    "fault", [_foreign_origin, _foreign_domain, _unverified, _another_key, _another_person, _unknown_credential]
)
async def test_a_passkey_signs_nobody_in_with(
    client: httpx.AsyncClient, database: Database, fault: Callable[[SoftwareAuthenticator], None]
) -> None:
    _, authenticator = await somebody(client, database)
    fault(authenticator)
    assert refusal(await by_passkey(client, authenticator.sign(await options(client)))) == (401, "passkey_wrong")


@pytest.mark.parametrize("fault", [_foreign_origin, _foreign_domain, _unverified])
async def test_nothing_is_registered_with(
    client: httpx.AsyncClient, database: Database, fault: Callable[[SoftwareAuthenticator], None]
) -> None:
    _, username = await new_person(database)
    authenticator, headers = SoftwareAuthenticator(), await bearer_of(client, username)
    fault(authenticator)
    assert refusal(await register(client, headers, authenticator)) == (422, "passkey_refused")
    assert (await client.get("/v1/auth/me/passkeys", headers=headers)).json() == {"items": []}


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


_NESTED = b"\x81" * 6000 + b"\x00"
ODD_ATTESTATIONS = [
    b"\x00",
    b"\xff" * 100,
    _NESTED,
    cbor2.dumps({"fmt": "none"}),
    cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": b"short"}),
    cbor2.dumps(
        {"fmt": "packed", "attStmt": {"alg": -7, "sig": b"", "x5c": [b"no certificate"]}, "authData": b"x" * 200}
    ),
    cbor2.dumps({"fmt": "tpm", "attStmt": {"ver": "2.0"}, "authData": b"x" * 200}),
    cbor2.dumps([1, 2, 3]),
    cbor2.dumps({"fmt": 7, "attStmt": 7, "authData": 7}),
]


async def test_bytes_that_no_authenticator_wrote_are_refused(client: httpx.AsyncClient, database: Database) -> None:
    username, authenticator = await somebody(client, database)
    headers, refused = await bearer_of(client, username), []
    for odd in ODD_ATTESTATIONS:
        credential = SoftwareAuthenticator().create(await options(client, headers))
        credential["response"]["attestationObject"] = _text(odd)
        body = {"name": "示例电脑", "credential": credential}
        refused.append(refusal(await client.post("/v1/auth/me/passkeys", json=body, headers=headers)))
    for member, odd_bytes in (
        ("authenticatorData", b"x"),
        ("signature", b"x"),
        ("clientDataJSON", b"[1"),
        ("clientDataJSON", b"7"),
    ):
        credential = authenticator.sign(await options(client))
        credential["response"][member] = _text(odd_bytes)
        refused.append(refusal(await by_passkey(client, credential)))
    assert refused == [(422, "passkey_refused")] * len(ODD_ATTESTATIONS) + [(401, "passkey_wrong")] * 4


async def test_passkeys_are_listed_named_and_removed_by_their_owner_alone(
    client: httpx.AsyncClient, database: Database
) -> None:
    username, authenticator = await somebody(client, database)
    mine, theirs = await bearer_of(client, username), await bearer_of(client, "daixian-clerk")
    listed = (await client.get("/v1/auth/me/passkeys", headers=mine)).json()["items"]
    address = f"/v1/auth/me/passkeys/{listed[0]['id']}"
    strangers = [
        await client.put(address, json={"name": "别人的"}, headers=theirs),
        await client.post(f"{address}/removals", json={}, headers=theirs),
    ]
    renamed = await client.put(address, json={"name": "办公室电脑"}, headers=mine)
    removed = await client.post(f"{address}/removals", json={}, headers=mine)
    assert [refusal(answer) for answer in strangers] == [(404, "not_found")] * 2
    assert (listed[0]["synced"], listed[0]["name"], renamed.json()["name"]) == (True, "示例电脑", "办公室电脑")
    assert (removed.json(), refusal(await by_passkey(client, authenticator.sign(await options(client))))) == (
        {"removed": True},
        (401, "passkey_wrong"),
    )


async def test_one_authenticator_is_registered_once(client: httpx.AsyncClient, database: Database) -> None:
    username, authenticator = await somebody(client, database)
    headers = await bearer_of(client, username)
    asked = await options(client, headers)
    again = await client.post(
        "/v1/auth/me/passkeys", json={"name": "又一次", "credential": authenticator.create(asked)}, headers=headers
    )
    assert ([each["id"] for each in asked["excludeCredentials"]], refusal(again)) == (
        [_text(authenticator.credential_id)],
        (409, "passkey_known"),
    )


async def test_a_person_has_ten_passkeys_at_most(client: httpx.AsyncClient, database: Database) -> None:
    username, _ = await somebody(client, database)
    headers = await bearer_of(client, username)
    early = SoftwareAuthenticator().create(await options(client, headers))
    limited = [f"个人{number}" for number in range(9)]
    async with database.transaction() as session:
        person_id = await session.scalar(select(PasskeyRow.person_id).order_by(PasskeyRow.created_at.desc()).limit(1))
        session.add_all(
            PasskeyRow(
                person_id=person_id,
                credential_id=SoftwareAuthenticator().credential_id,
                public_key=b"",
                sign_count=0,
                name=name,
                synced=False,
                created_at=datetime.now(UTC),
            )
            for name in limited
        )
    late = [
        await client.post("/v1/auth/me/passkeys/options", json={}, headers=headers),
        await client.post("/v1/auth/me/passkeys", json={"name": "第十一个", "credential": early}, headers=headers),
    ]
    assert [refusal(answer) for answer in late] == [(409, "too_many_passkeys")] * 2


async def test_who_has_one_time_codes_sends_one_to_register_a_passkey(
    client: httpx.AsyncClient, database: Database
) -> None:
    _, username = await new_person(database)
    headers = await bearer_of(client, username)
    secret = (await client.post("/v1/auth/me/second-factor", headers=headers)).json()["secret"]
    enrolled = await client.post(
        "/v1/auth/me/second-factor/confirmations", json={"one_time_code": pyotp.TOTP(secret).now()}, headers=headers
    )
    bare = await client.post("/v1/auth/me/passkeys/options", json={}, headers=headers)
    recovery = enrolled.json()["recovery_codes"][0]
    proved = await client.post("/v1/auth/me/passkeys/options", json={"one_time_code": recovery}, headers=headers)
    assert (refusal(bare), proved.status_code) == ((401, "second_factor_required"), 201)


async def test_for_a_role_that_needs_two_factors_the_passkey_is_both_and_the_password_alone_is_none(
    settings: AuthSettings, database: Database, auth_app: FastAPI
) -> None:
    strict = create_auth_app(settings.model_copy(update={"second_factor_roles": [Role.COUNTY_REVIEWER]}))
    async with strict.router.lifespan_context(strict):
        transport = httpx.ASGITransport(app=strict, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://auth") as client:
            username, authenticator = await somebody(client, database, role=(Role.COUNTY_REVIEWER, IIT))
            signed_in = await by_passkey(client, authenticator.sign(await options(client)))
            body = {"username": username, "password": PASSWORD}
            by_password = await client.post("/v1/auth/sessions", json=body)
            headers = bearer(signed_in.json()["access_token"])
            allowed = await client.get("/v1/auth/organisations", headers=headers)
            person_id = signed_in.json()["person"]["id"]
            address = f"/v1/auth/persons/{person_id}/second-factor"
            freed = await client.delete(address, headers=await bearer_of(client, "admin"))
            after = await client.post("/v1/auth/sessions", json=body)
    assert (signed_in.json()["required_steps"], allowed.status_code) == ([], 200)
    assert refusal(by_password) == (401, "passkey_required")
    assert (freed.status_code, after.json()["required_steps"]) == (200, ["enrol_second_factor"])


async def test_without_a_domain_there_are_no_passkeys(settings: AuthSettings, database: Database) -> None:
    bare = create_auth_app(settings.model_copy(update={"passkey_domain": "", "passkey_origins": []}))
    async with bare.router.lifespan_context(bare):
        transport = httpx.ASGITransport(app=bare, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://auth") as client:
            assert refusal(await client.post("/v1/auth/passkeys/options")) == (503, "passkeys_off")


@pytest.mark.parametrize(
    "origin", ["http://xianjin.example.gov.cn", "https://example.gov.cn", "https://xianjin.example.gov.cn/page"]
)
def test_an_origin_that_is_not_the_domains_own_is_refused_at_the_start(
    environment: None, monkeypatch: pytest.MonkeyPatch, origin: str
) -> None:
    monkeypatch.setenv("AUTH_PASSKEY_DOMAIN", "xianjin.example.gov.cn")
    monkeypatch.setenv("AUTH_PASSKEY_ORIGINS", f'["{origin}"]')
    with pytest.raises(ValidationError, match="AUTH_PASSKEY_ORIGINS"):
        AuthSettings()
