"""Refresh tokens rotate, and one used twice ends the session."""

import asyncio

import httpx
from sqlalchemy import select
from uuid_utils import uuid7

from services.auth.tables import IdempotencyKeyRow
from tests.auth.steps import bearer, refusal, sign_in


async def refresh(client: httpx.AsyncClient, refresh_token: str, *, key: str = "") -> httpx.Response:
    headers = {"Idempotency-Key": key} if key else {}
    return await client.post("/v1/auth/sessions/refreshes", json={"refresh_token": refresh_token}, headers=headers)


async def test_a_refresh_gives_a_new_pair_for_the_same_session(client: httpx.AsyncClient) -> None:
    first = await sign_in(client, "wutai-head")
    second = (await refresh(client, first["refresh_token"])).json()
    me = await client.get("/v1/auth/me", headers=bearer(second["access_token"]))
    assert (second["person"], me.status_code) == (first["person"], 200)
    assert second["refresh_token"] != first["refresh_token"]


async def test_a_rotated_token_refreshes_in_its_turn(client: httpx.AsyncClient) -> None:
    token = (await sign_in(client))["refresh_token"]
    for _ in range(3):
        response = await refresh(client, token)
        token = response.json()["refresh_token"]
    assert response.status_code == 201


async def test_a_token_used_twice_ends_the_session_for_thief_and_owner(client: httpx.AsyncClient) -> None:
    stolen = (await sign_in(client))["refresh_token"]
    newest = (await refresh(client, stolen)).json()
    assert refusal(await refresh(client, stolen)) == (401, "refresh_token_reused")
    assert refusal(await refresh(client, newest["refresh_token"])) == (401, "refresh_token_invalid")
    me = await client.get("/v1/auth/me", headers=bearer(newest["access_token"]))
    assert refusal(me) == (401, "token_invalid")


async def test_reuse_ends_that_session_and_no_other(client: httpx.AsyncClient) -> None:
    phone, web = await sign_in(client), await sign_in(client)
    await refresh(client, phone["refresh_token"])
    await refresh(client, phone["refresh_token"])
    assert (await refresh(client, web["refresh_token"])).status_code == 201


async def test_of_20_refreshes_with_one_token_exactly_one_wins(client: httpx.AsyncClient) -> None:
    token = (await sign_in(client))["refresh_token"]
    responses = await asyncio.gather(*(refresh(client, token) for _ in range(20)))
    lost = [response.json()["code"] for response in responses if response.status_code != 201]
    assert lost == ["refresh_token_reused"] * 19


async def test_an_unknown_token_is_invalid(client: httpx.AsyncClient) -> None:
    assert refusal(await refresh(client, "made-up")) == (401, "refresh_token_invalid")


async def test_a_phone_that_lost_the_answer_has_the_same_pair_again_by_its_key(client: httpx.AsyncClient) -> None:
    token, key = (await sign_in(client))["refresh_token"], str(uuid7())
    lost, again = [await refresh(client, token, key=key) for _ in range(2)]
    newest = again.json()["refresh_token"]
    assert (again.json(), (await refresh(client, newest)).status_code) == (lost.json(), 201)


async def test_whoever_has_the_token_and_not_the_key_still_ends_the_session(client: httpx.AsyncClient) -> None:
    token = (await sign_in(client))["refresh_token"]
    mine = (await refresh(client, token, key=str(uuid7()))).json()
    assert refusal(await refresh(client, token, key=str(uuid7()))) == (401, "refresh_token_reused")
    assert refusal(await refresh(client, mine["refresh_token"])) == (401, "refresh_token_invalid")


async def test_the_tokens_that_are_kept_for_repetition_lie_sealed(client: httpx.AsyncClient, database) -> None:
    key = str(uuid7())
    mine = (await refresh(client, (await sign_in(client))["refresh_token"], key=key)).json()
    async with database.reading() as session:
        kept = str(await session.scalar(select(IdempotencyKeyRow.answer).where(IdempotencyKeyRow.key == key)))
    assert (mine["refresh_token"] in kept, mine["access_token"] in kept) == (False, False)
