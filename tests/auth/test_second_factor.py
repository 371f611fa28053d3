"""One-time codes: the RFC's vectors, enrolment, sign-in, recovery."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Any

import httpx
import pyotp
import pytest
from fastapi import FastAPI

from services.auth.app import create_auth_app
from services.auth.domain.roles import Role
from services.auth.second_factors.one_time_codes import step_of
from services.auth.settings import AuthSettings
from services.common.db import Database
from tests.auth.people import IIT, new_person
from tests.auth.steps import PASSWORD, bearer, bearer_of, refusal, sign_in

RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # the ASCII text 12345678901234567890


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_the_vectors_of_rfc_6238_are_accepted(seconds: int, code: str) -> None:
    now = datetime.fromtimestamp(seconds, UTC)
    assert step_of(RFC_SECRET, code, now=now, digits=8) == seconds // 30


@pytest.mark.parametrize(("offset", "accepted"), [(-60, False), (-30, True), (30, True), (60, False)])
def test_a_clock_may_be_off_by_half_a_minute(offset: int, accepted: bool) -> None:
    code = pyotp.TOTP(RFC_SECRET).at(1_700_000_010 + offset)
    found = step_of(RFC_SECRET, code, now=datetime.fromtimestamp(1_700_000_010, UTC))
    assert (found is not None) is accepted


async def enrolled(client: httpx.AsyncClient, username: str) -> tuple[str, list[str]]:
    """Enrols with the code of the half minute before, so that the present one is still to be used."""
    headers = bearer((await sign_in(client, username))["access_token"])
    secret = (await client.post("/v1/auth/me/second-factor", headers=headers)).json()["secret"]
    code = pyotp.TOTP(secret).at(int(time.time()) - 30)
    body = {"one_time_code": code}
    confirmed = await client.post("/v1/auth/me/second-factor/confirmations", json=body, headers=headers)
    assert confirmed.status_code == 201, confirmed.text
    return secret, confirmed.json()["recovery_codes"]


async def attempt(client: httpx.AsyncClient, username: str, code: str | None = None) -> httpx.Response:
    body: dict[str, Any] = {"username": username, "password": PASSWORD} | ({"one_time_code": code} if code else {})
    return await client.post("/v1/auth/sessions", json=body)


async def test_after_enrolment_a_sign_in_needs_a_code_and_takes_each_once(
    client: httpx.AsyncClient, database: Database
) -> None:
    _, username = await new_person(database)
    secret, _ = await enrolled(client, username)
    code = pyotp.TOTP(secret).now()
    answers = [await attempt(client, username, given) for given in (None, "000000", code, code)]
    assert [answer.status_code for answer in answers] == [401, 422, 201, 422]
    assert [refusal(answer)[1] for answer in answers if answer.status_code != 201] == [
        "second_factor_required",
        "second_factor_wrong",
        "second_factor_wrong",
    ]


async def test_of_ten_sign_ins_with_one_code_one_succeeds(client: httpx.AsyncClient, database: Database) -> None:
    _, username = await new_person(database)
    secret, _ = await enrolled(client, username)
    code = pyotp.TOTP(secret).now()
    answers = await asyncio.gather(*(attempt(client, username, code) for _ in range(10)))
    assert [answer.status_code for answer in answers].count(201) == 1


async def test_wrong_codes_make_one_wait_as_wrong_passwords_do(client: httpx.AsyncClient, database: Database) -> None:
    _, username = await new_person(database)
    await enrolled(client, username)
    codes = [refusal(await attempt(client, username, "000000"))[1] for _ in range(6)]
    assert codes == ["second_factor_wrong"] * 5 + ["sign_in_delayed"]


async def test_a_recovery_code_works_once(client: httpx.AsyncClient, database: Database) -> None:
    _, username = await new_person(database)
    _, recovery = await enrolled(client, username)
    answers = [await attempt(client, username, recovery[0].lower()) for _ in range(2)]
    assert ([answer.status_code for answer in answers], len(set(recovery))) == ([201, 422], 10)


async def test_who_lost_the_phone_is_freed_by_the_administrator(client: httpx.AsyncClient, database: Database) -> None:
    person_id, username = await new_person(database)
    await enrolled(client, username)
    address = f"/v1/auth/persons/{person_id}/second-factor"
    removed = await client.delete(address, headers=await bearer_of(client, "admin"))
    assert (removed.json(), (await attempt(client, username)).status_code) == ({"removed": True}, 201)


async def test_one_removes_it_with_a_code(client: httpx.AsyncClient, database: Database) -> None:
    _, username = await new_person(database)
    secret, recovery = await enrolled(client, username)
    headers = bearer((await attempt(client, username, pyotp.TOTP(secret).now())).json()["access_token"])
    again = await client.post("/v1/auth/me/second-factor", headers=headers)
    answers = [
        await client.post("/v1/auth/me/second-factor/removals", json={"one_time_code": code}, headers=headers)
        for code in ("000000", recovery[0])
    ]
    assert refusal(again) == (409, "second_factor_enrolled")
    assert [answer.status_code for answer in answers] == [422, 200]


async def test_a_role_that_requires_it_can_do_nothing_before_enrolment(
    settings: AuthSettings, database: Database, auth_app: FastAPI
) -> None:
    _, username = await new_person(database, (Role.COUNTY_REVIEWER, IIT))
    strict = create_auth_app(settings.model_copy(update={"second_factor_roles": [Role.COUNTY_REVIEWER]}))
    async with strict.router.lifespan_context(strict):
        transport = httpx.ASGITransport(app=strict, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://auth") as client:
            signed_in = await sign_in(client, username)
            headers = bearer(signed_in["access_token"])
            refused = await client.get("/v1/auth/organisations", headers=headers)
            await enrolled(client, username)
            body = {"refresh_token": signed_in["refresh_token"]}
            refreshed = (await client.post("/v1/auth/sessions/refreshes", json=body)).json()
            allowed = await client.get("/v1/auth/organisations", headers=bearer(refreshed["access_token"]))
    assert signed_in["required_steps"] == ["enrol_second_factor"]
    assert (refusal(refused), refreshed["required_steps"], allowed.status_code) == ((403, "step_required"), [], 200)
