"""A unit clerk invites nominees of the own unit."""

import json
import re

import httpx
import pytest
from sqlalchemy import select

from services.auth.tables import IdempotencyKeyRow, InvitationRow, RoleAssignmentRow
from services.common.db import Database
from tests.auth.steps import bearer_of, fresh, invite, refusal, sign_in


async def test_an_invitation_makes_a_nominee_of_the_clerks_unit(client: httpx.AsyncClient, database: Database) -> None:
    unit = (await sign_in(client, "wutai-clerk"))["acting_as"]["organisation"]["id"]
    invited = await invite(client, clerk="wutai-clerk")
    async with database.reading() as session:
        held = await session.scalars(
            select(RoleAssignmentRow).where(RoleAssignmentRow.person_id == invited["person_id"])
        )
        assert [(str(row.organisation_id), row.role) for row in held] == [(unit, "nominee")]


async def test_the_code_is_two_groups_of_five(client: httpx.AsyncClient) -> None:
    invited = await invite(client)
    assert re.fullmatch("[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}", invited["invitation_code"])


@pytest.mark.parametrize(
    ("username", "code"),
    [
        ("wutai-hrss", "forbidden"),
        ("admin", "forbidden"),
        ("wutai-office", "not_yours_to_invite"),
        ("city-office", "not_yours_to_invite"),
    ],
)
async def test_only_the_unit_invites_nominees(client: httpx.AsyncClient, username: str, code: str) -> None:
    headers = await bearer_of(client, username)
    response = await client.post("/v1/auth/invitations", json={"full_name": "示例推荐对象"}, headers=headers)
    assert refusal(response) == (403, code)


async def test_the_same_request_twice_with_one_key_invites_once(client: httpx.AsyncClient) -> None:
    headers = await bearer_of(client, "wutai-clerk") | {"Idempotency-Key": fresh("key")}
    first, second = [
        await client.post("/v1/auth/invitations", json={"full_name": "示例推荐对象"}, headers=headers) for _ in range(2)
    ]
    assert (first.status_code, second.status_code, second.json()) == (201, 201, first.json())
    assert second.headers["idempotent-replayed"] == "true"


async def test_one_key_for_another_name_is_refused(client: httpx.AsyncClient) -> None:
    headers = await bearer_of(client, "wutai-clerk") | {"Idempotency-Key": fresh("key")}
    for name in ("示例推荐对象甲", "示例推荐对象乙"):
        response = await client.post("/v1/auth/invitations", json={"full_name": name}, headers=headers)
    assert refusal(response) == (422, "idempotency_key_reused")


async def test_a_code_is_nowhere_in_the_database(client: httpx.AsyncClient, database: Database) -> None:
    headers = await bearer_of(client, "wutai-clerk") | {"Idempotency-Key": fresh("key")}
    response = await client.post("/v1/auth/invitations", json={"full_name": "示例推荐对象"}, headers=headers)
    code = response.json()["invitation_code"]
    async with database.reading() as session:
        remembered = list(await session.scalars(select(IdempotencyKeyRow.answer)))
        hashes = list(await session.scalars(select(InvitationRow.code_hash)))
    assert code not in json.dumps(remembered)
    assert code.replace("-", "").encode() not in b"".join(hashes)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"full_name": "   "}, ("/full_name", "too_short")),
        ({"full_name": "示" * 65}, ("/full_name", "too_long")),
        ({"full_name": "示例", "rank": "unit_head"}, ("/rank", "unknown_field")),
        ({"full_name": "示例", "phone": "12345678901"}, ("/phone", "phone_invalid")),
    ],
)
async def test_a_name_is_asked_for_and_nothing_else(
    client: httpx.AsyncClient, body: dict[str, str], error: tuple[str, str]
) -> None:
    response = await client.post("/v1/auth/invitations", json=body, headers=await bearer_of(client, "wutai-clerk"))
    assert [(each["pointer"], each["code"]) for each in response.json()["errors"]] == [error]
