"""Credentials of bodies' own systems: made, scoped, shown once, ended; and the OAuth shapes that they speak."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from jose import jwt
from sqlalchemy import func, select, update
from uuid_utils import uuid7

from services.auth.domain.roles import Role
from services.auth.machines.credential_tables import ServiceCredentialRow
from services.auth.organisations.ending_roles import end_roles_of_campaign
from services.auth.tables import RoleAssignmentRow
from services.common.db import Database
from services.contract import contract_of
from tests.auth.people import CITY, new_person
from tests.auth.steps import PASSWORD, bearer, bearer_of, refusal
from tests.auth.test_changing_bodies import new_unit
from tests.auth.test_devices import another_service, seconds_until_refused

OFFICE = "wutai-office"
READ, EXPORTS, HOOKS = "nominations:read", "exports:read", "webhooks:manage"


async def made(client: httpx.AsyncClient, *scopes: str, by: str = OFFICE, days: int = 30) -> dict[str, Any]:
    body = {"name": "示例数据平台", "scopes": list(scopes or (READ,)), "valid_days": days}
    response = await client.post("/v1/auth/service-credentials", json=body, headers=await bearer_of(client, by))
    assert response.status_code == 201, response.text
    return response.json()


async def token(client: httpx.AsyncClient, credential: dict[str, Any], **more: str) -> httpx.Response:
    form = {"client_id": credential["id"], "client_secret": credential["client_secret"], **more}
    return await client.post("/v1/auth/token", data={"grant_type": "client_credentials", **form})


async def test_a_machine_gets_a_short_token_for_its_body_that_says_its_scopes(client: httpx.AsyncClient) -> None:
    credential = await made(client, READ, HOOKS)
    answer = (await token(client, credential)).json()
    claims = jwt.get_unverified_claims(answer.pop("access_token"))
    assert answer == {
        "token_type": "Bearer",
        "expires_in": 900,
        "scope": f"{READ} {HOOKS}",
        "refresh_token": None,
    }
    assert (claims["sub"], claims["sid"], claims["org"], claims["jur"], claims["roles"], claims["scope"]) == (
        f"client:{credential['id']}",
        credential["id"],
        credential["organisation_id"],
        "140922",
        ["county_officer"],
        f"{READ} {HOOKS}",
    )
    assert claims["exp"] - claims["iat"] <= 900


async def test_fewer_scopes_can_be_asked_for_and_never_more(client: httpx.AsyncClient) -> None:
    credential = await made(client, READ, HOOKS)
    fewer, more = (
        await token(client, credential, scope=READ),
        await token(client, credential, scope=f"{READ} {EXPORTS}"),
    )
    assert fewer.json()["scope"] == READ
    assert (refusal(more), more.json()["error"]) == ((400, "invalid_scope"), "invalid_scope")


async def test_the_secret_is_shown_once_and_stands_nowhere(client: httpx.AsyncClient, database: Database) -> None:
    credential = await made(client)
    listed = await client.get("/v1/auth/service-credentials", headers=await bearer_of(client, OFFICE))
    async with database.reading() as session:
        kept = await session.scalar(
            select(func.cast(ServiceCredentialRow.secret_hash, ServiceCredentialRow.name.type)).where(
                ServiceCredentialRow.name == "示例数据平台"
            )
        )
    assert credential["client_secret"] not in listed.text
    assert credential["client_secret"] not in str(kept)


async def test_wrong_unknown_expired_and_revoked_are_one_answer(client: httpx.AsyncClient, database: Database) -> None:
    good, old, dead = [await made(client) for _ in range(3)]
    async with database.transaction() as session:
        past = datetime.now(UTC) - timedelta(days=3)
        changes = {"created_at": past, "expires_at": past + timedelta(days=1)}
        await session.execute(
            update(ServiceCredentialRow).where(ServiceCredentialRow.id == old["id"]).values(**changes)
        )
    headers = await bearer_of(client, OFFICE)
    for _ in range(2):
        assert (await client.delete(f"/v1/auth/service-credentials/{dead['id']}", headers=headers)).status_code == 200
    wrong, unknown = {**good, "client_secret": "xjs_wrong"}, {**good, "id": good["id"][:-4] + "0000"}
    answers = [await token(client, each) for each in (wrong, unknown, {**good, "id": "nobody"}, old, dead)]
    bodies = [{**answer.json(), "trace_id": ""} for answer in answers]
    assert bodies == [bodies[0]] * 5
    assert (answers[0].status_code, bodies[0]["code"], bodies[0]["error"]) == (401, "invalid_client", "invalid_client")
    assert answers[0].headers["www-authenticate"] == 'Basic realm="xianjin"'
    assert bodies[0]["error_description"].isascii()


async def test_the_client_is_named_by_basic_or_in_the_form_and_never_twice(client: httpx.AsyncClient) -> None:
    credential = await made(client)
    basic = httpx.BasicAuth(credential["id"], credential["client_secret"])
    form = {"grant_type": "client_credentials"}
    by_basic = await client.post("/v1/auth/token", data=form, auth=basic)
    twice = await client.post("/v1/auth/token", data={**form, "client_secret": "x"}, auth=basic)
    odd = [
        await client.post("/v1/auth/token", data=form, headers={"Authorization": f"Basic {value}"})
        for value in ("", "not base64!", "bm9jb2xvbg==", "/w==")
    ]
    assert (by_basic.status_code, refusal(twice)) == (200, (400, "invalid_request"))
    assert [refusal(answer) for answer in odd] == [(401, "invalid_client")] * 4


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({}, "invalid_request"),
        ({"grant_type": "authorization_code"}, "unsupported_grant_type"),
        ({"grant_type": "refresh_token"}, "unsupported_grant_type"),
        ({"grant_type": "password"}, "invalid_request"),
        ({"grant_type": "password", "username": "x\x00", "password": "x"}, "invalid_request"),
        ({"grant_type": "password", "username": "x" * 65, "password": "x"}, "invalid_request"),
        ({"grant_type": "password", "username": "wutai-clerk", "password": "wrong"}, "invalid_grant"),
    ],
)
async def test_what_is_not_granted_says_so_as_oauth_clients_read_it(
    client: httpx.AsyncClient, form: dict[str, str], error: str
) -> None:
    answer = await client.post("/v1/auth/token", data=form)
    assert (answer.status_code, answer.json()["error"], answer.json()["code"]) == (400, error, error)


async def test_json_at_the_token_endpoint_is_a_request_without_parameters(client: httpx.AsyncClient) -> None:
    assert refusal(await client.post("/v1/auth/token", json={"grant_type": "password"})) == (400, "invalid_request")


async def test_the_authorize_button_opens_a_session_that_refreshes(client: httpx.AsyncClient) -> None:
    form = {"grant_type": "password", "username": "daixian-head", "password": PASSWORD}
    answer = await client.post("/v1/auth/token", data=form)
    me = await client.get("/v1/auth/me", headers=bearer(answer.json()["access_token"]))
    body = {"refresh_token": answer.json()["refresh_token"]}
    refreshed = await client.post("/v1/auth/sessions/refreshes", json=body)
    assert (me.json()["acting_as"]["role"], refreshed.status_code) == ("unit_head", 201)


async def test_a_body_sees_and_revokes_its_own_and_the_administrator_everybodys(client: httpx.AsyncClient) -> None:
    credential = await made(client)
    address = f"/v1/auth/service-credentials/{credential['id']}"
    other, admin = await bearer_of(client, "daixian-office"), await bearer_of(client, "admin")
    theirs = await client.get("/v1/auth/service-credentials", headers=other)
    everybodys = await client.get("/v1/auth/service-credentials?page_size=100", headers=admin)
    assert credential["id"] not in theirs.text
    assert credential["id"] in everybodys.text
    assert refusal(await client.delete(address, headers=other)) == (404, "not_found")
    assert (await client.delete(address, headers=admin)).json() == {"revoked": True}


@pytest.mark.parametrize("username", ["wutai-head", "wutai-iit", "admin", "audit", "city-hrss"])
async def test_only_who_runs_a_bodys_systems_makes_one(client: httpx.AsyncClient, username: str) -> None:
    body = {"name": "示例数据平台", "scopes": [READ]}
    answer = await client.post("/v1/auth/service-credentials", json=body, headers=await bearer_of(client, username))
    assert refusal(answer) == (403, "forbidden")


@pytest.mark.parametrize(
    "wrong", [{"scopes": []}, {"scopes": ["everything"]}, {"valid_days": 366}, {"valid_days": 0}, {"name": ""}]
)
async def test_a_credential_opens_something_known_for_a_year_at_most(
    client: httpx.AsyncClient, wrong: dict[str, Any]
) -> None:
    body = {"name": "示例数据平台", "scopes": [READ], **wrong}
    answer = await client.post("/v1/auth/service-credentials", json=body, headers=await bearer_of(client, OFFICE))
    assert refusal(answer) == (422, "validation_failed")


async def test_a_body_has_twenty_at_most(client: httpx.AsyncClient, database: Database) -> None:
    _, username = await new_person(database, (Role.CITY_OFFICER, CITY))
    async with database.reading() as session:
        held = await session.scalar(select(func.count()).where(ServiceCredentialRow.role == Role.CITY_OFFICER))
    headers, body = await bearer_of(client, username), {"name": "示例数据平台", "scopes": [READ]}
    for _ in range(20 - (held or 0)):
        assert (await client.post("/v1/auth/service-credentials", json=body, headers=headers)).status_code == 201
    late = await client.post("/v1/auth/service-credentials", json=body, headers=headers)
    async with database.transaction() as session:
        await session.execute(
            update(ServiceCredentialRow)
            .where(ServiceCredentialRow.role == Role.CITY_OFFICER)
            .values(revoked_at=datetime.now(UTC))
        )
    assert refusal(late) == (409, "too_many_credentials")


async def test_its_last_use_is_shown(client: httpx.AsyncClient) -> None:
    credential = await made(client)
    await token(client, credential)
    listed = await client.get("/v1/auth/service-credentials?page_size=100", headers=await bearer_of(client, OFFICE))
    shown = next(each for each in listed.json()["items"] if each["id"] == credential["id"])
    assert (credential["last_used_at"], shown["last_used_at"] is None) == (None, False)


async def test_revoking_it_ends_its_tokens_at_every_service_within_five_seconds(client: httpx.AsyncClient) -> None:
    credential = await made(client)
    granted = (await token(client, credential)).json()["access_token"]
    verifier = another_service(client, "nominations")
    await verifier.verify(granted)
    address = f"/v1/auth/service-credentials/{credential['id']}"
    await client.delete(address, headers=await bearer_of(client, OFFICE))
    assert await seconds_until_refused(verifier, granted) < 5


async def test_when_its_maker_is_suspended_it_opens_nothing_any_more(
    client: httpx.AsyncClient, database: Database
) -> None:
    person_id, username = await new_person(database, (Role.CITY_OFFICER, CITY))
    credential = await made(client, by=username)
    address, admin = f"/v1/auth/persons/{person_id}/suspension", await bearer_of(client, "admin")
    suspended = await client.put(address, json={"reason": "示例原因"}, headers=admin)
    answer = await token(client, credential)
    reinstated = await client.delete(address, headers=admin)
    assert (suspended.status_code, refusal(answer), reinstated.status_code) == (200, (401, "invalid_client"), 200)
    assert refusal(await token(client, credential)) == (401, "invalid_client")


async def test_when_nobody_at_its_body_holds_its_role_any_more_it_opens_nothing_r43(
    client: httpx.AsyncClient, database: Database
) -> None:
    mark = uuid7().hex[-8:]
    await new_unit(
        database, f"五台县示例{mark}厂", (Role.UNIT_CLERK, f"alone-{mark}"), (Role.UNIT_HEAD, f"head-{mark}")
    )
    credential = await made(client, by=f"alone-{mark}")
    before = await token(client, credential)
    async with database.transaction() as session:
        held = update(RoleAssignmentRow).where(RoleAssignmentRow.role == Role.UNIT_CLERK)
        at_body = RoleAssignmentRow.organisation_id == UUID(credential["organisation_id"])
        await session.execute(held.where(at_body).values(campaign_key=f"campaign-{mark}"))
        await end_roles_of_campaign(session, f"campaign-{mark}")
    assert (before.status_code, refusal(await token(client, credential))) == (200, (401, "invalid_client"))


async def test_no_route_of_auth_is_open_to_a_bodys_system(client: httpx.AsyncClient, auth_app: FastAPI) -> None:
    granted = (await token(client, await made(client, READ, EXPORTS, HOOKS))).json()["access_token"]
    nothing = "00000000-0000-0000-0000-000000000000"
    opened = {}
    for address, item in contract_of(auth_app)["paths"].items():
        path = "/".join(nothing if part.startswith("{") else part for part in address.split("/"))
        for method, operation in item.items():
            if operation["x-audience"]["roles"] != ["public"]:
                answer = await client.request(method.upper(), path, json={}, headers=bearer(granted))
                opened[operation["operationId"]] = refusal(answer)
    assert len(opened) > 30
    assert {name: told for name, told in opened.items() if told != (403, "scope_missing")} == {}


async def test_a_secret_that_was_lost_on_the_way_is_told_again_under_its_key(client: httpx.AsyncClient) -> None:
    mine = await bearer_of(client, OFFICE) | {"Idempotency-Key": str(uuid7())}
    body = {"name": "示例数据平台", "scopes": [READ], "valid_days": 30}
    first, second = [await client.post("/v1/auth/service-credentials", json=body, headers=mine) for _ in range(2)]
    replayed = second.headers["idempotent-replayed"]
    assert (second.json(), replayed, (await token(client, second.json())).status_code) == (first.json(), "true", 200)
