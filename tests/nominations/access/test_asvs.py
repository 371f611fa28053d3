"""Lines of OWASP ASVS level 2 that hold for all three services alike (docs/security.md)."""

import re

import asyncpg
import pytest

from services.documents.encryption import ObjectCipher, SealBrokenError, SealedObject
from services.documents.settings import DocumentsSettings
from services.embedded.demo_people import PASSWORD
from services.embedded.provision import DATABASE
from tests.the_contract import the_contract

SERVICES = ("auth", "documents", "nominations")
OWN = {
    "auth": "/v1/auth/me",
    "documents": "/v1/documents/me/views",
    "nominations": "/v1/work-items?campaign_key=shanxi-manufacturing-2025",
}
"""A read of each service that needs a token."""
WRONG = {
    "auth": "/v1/auth/invitations?page_size=0",
    "documents": "/v1/documents/me/views?page_size=0",
    "nominations": "/v1/work-items?page_size=0",
}
SAFE = {
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
}
NEVER_CHANGED = ("nominations.nomination_events", *(f"{schema}.audit_events" for schema in SERVICES))


@pytest.fixture
async def superuser(stack, prepared):
    connection = await asyncpg.connect(stack.postgres.superuser_url.rpartition("/")[0] + f"/{DATABASE}", ssl=False)
    yield connection
    await connection.close()


async def token_of(client) -> str:
    signed_in = await client.post("/v1/auth/sessions", json={"username": "wutai-clerk", "password": PASSWORD})
    return signed_in.json()["access_token"]


async def test_each_service_reaches_its_own_schema_alone_v1(superuser):
    reached = {
        (service, schema)
        for service in SERVICES
        for schema in SERVICES
        if await superuser.fetchval("SELECT has_schema_privilege($1, $2, 'USAGE')", f"{service}_app", schema)
    }
    assert reached == {(service, service) for service in SERVICES}


async def test_no_service_may_change_what_was_recorded_v1(superuser):
    may = [
        (table, deed)
        for table in NEVER_CHANGED
        for deed in ("UPDATE", "DELETE", "TRUNCATE")
        if await superuser.fetchval(
            "SELECT has_table_privilege($1, $2, $3)", f"{table.partition('.')[0]}_app", table, deed
        )
    ]
    assert may == []


async def test_passwords_are_kept_by_argon2id_at_the_cost_that_owasp_asks_v2(client, superuser):
    hashes = await superuser.fetch("SELECT password_hash FROM auth.password_credentials")
    costs = {tuple(map(int, re.findall(r"\$m=(\d+),t=(\d+),p=(\d+)\$", row["password_hash"])[0])) for row in hashes}
    assert costs == {(19_456, 2, 1)}


@pytest.mark.parametrize("path", OWN.values(), ids=OWN)
async def test_a_token_is_taken_from_its_header_alone_and_no_cookie_is_set_v3(client, path):
    token = await token_of(client)
    answers = {
        "header": await client.get(path, headers={"Authorization": f"Bearer {token}"}),
        "cookie": await client.get(path, headers={"Cookie": f"access_token={token}; Authorization=Bearer {token}"}),
        "basic": await client.get(path, headers={"Authorization": f"Basic {token}"}),
    }
    opened = [way for way, answer in answers.items() if answer.is_success]
    assert (opened, [way for way, answer in answers.items() if "set-cookie" in answer.headers]) == (["header"], [])


async def test_signing_in_sets_no_cookie_v3(client):
    body = {"username": "wutai-clerk", "password": PASSWORD}
    signed_in = await client.post("/v1/auth/sessions", json=body)
    refreshed = await client.post(
        "/v1/auth/sessions/refreshes", json={"refresh_token": signed_in.json()["refresh_token"]}
    )
    assert [(each.status_code, "set-cookie" in each.headers) for each in (signed_in, refreshed)] == [(201, False)] * 2


def test_what_is_sealed_twice_reads_otherwise_and_opens_in_its_place_alone_v6(prepared):
    cipher, place = ObjectCipher.of(DocumentsSettings()), "sealed/0123456789abcdef"
    first, second = (cipher.seal(b"one and the same", object_key=place) for _ in range(2))
    moved = SealedObject(second.content, first.key_id, first.wrapped_key)
    assert first.content != second.content
    assert first.wrapped_key != second.wrapped_key
    assert cipher.open(first, object_key=place) == b"one and the same"
    for sealed, where in ((first, "sealed/fedcba9876543210"), (moved, place)):
        with pytest.raises(SealBrokenError):
            cipher.open(sealed, object_key=where)


@pytest.mark.parametrize("path", OWN.values(), ids=OWN)
async def test_no_page_of_another_origin_reads_an_answer_v14(client, path):
    """No CORS: front ends stand at the same origin, and mini-programs have none."""
    foreign = {"Origin": "https://attacker.example"}
    asked = {**foreign, "Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization"}
    with_token = foreign | {"Authorization": f"Bearer {await token_of(client)}"}
    answers = [await client.options(path, headers=asked), await client.get(path, headers=with_token)]
    told = [name for answer in answers for name in answer.headers if name.startswith("access-control")]
    assert (answers[0].is_success, told) == (False, [])


async def test_no_address_takes_a_method_that_the_contract_does_not_name_v13(client):
    taken = []
    for path, item in the_contract()["paths"].items():
        address = re.sub(r"\{[^}]+\}", "00000000-0000-7000-8000-000000000000", path)
        for method in ("TRACE", "PATCH"):
            answer = await client.request(method, address)
            allowed = {each.strip() for each in answer.headers.get("allow", "").split(",")}
            if method.lower() in item or answer.status_code != 405 or method in allowed:
                taken.append((method, path, answer.status_code))
    assert taken == []


@pytest.mark.parametrize("service", SERVICES)
async def test_answers_of_every_kind_carry_the_safe_headers_v14(client, service):
    own, token = OWN[service], {"Authorization": f"Bearer {await token_of(client)}"}
    answers = {
        200: await client.get(own, headers=token),
        401: await client.get(own),
        404: await client.get(f"{own.partition('?')[0]}/nowhere/at/all", headers=token),
        405: await client.patch(own, headers=token),
        422: await client.get(WRONG[service], headers=token),
    }
    seen = {
        status: (answer.status_code, {name: answer.headers.get(name) for name in SAFE})
        for status, answer in answers.items()
    }
    expected = {status: (status, SAFE) for status in answers}
    private = {200: (200, SAFE | {"cache-control": answers[200].headers["cache-control"]})}
    assert seen == expected | private
    assert re.fullmatch(r"no-store|private, .*|no-cache.*", answers[200].headers["cache-control"])
