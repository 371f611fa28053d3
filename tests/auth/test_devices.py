"""Sessions: which run, how they end, and how soon the services hear of it."""

import asyncio
import time
from datetime import timedelta
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy import func, update

from services.auth.domain.roles import Role
from services.auth.tables import SessionRow
from services.common.callers.ended_sessions import feed_over_http, session_mark
from services.common.callers.tokens import TokenVerifier
from services.common.db import Database
from services.common.problems import Unauthenticated, Unavailable
from tests.auth.people import IIT, UNIT, new_person
from tests.auth.steps import bearer, bearer_of, refusal, sign_in


def another_service(client: httpx.AsyncClient, audience: str = "documents") -> TokenVerifier:
    """Verifies as another process would: it knows auth over HTTP only."""

    async def jwks() -> dict[str, Any]:
        return (await client.get("/v1/auth/jwks.json")).json()

    return TokenVerifier(issuer="xianjin", audience=audience, fetch_jwks=jwks, feed=feed_over_http(client))


async def seconds_until_refused(verifier: TokenVerifier, token: str) -> float:
    started = time.monotonic()
    while time.monotonic() - started < 6:
        try:
            await verifier.verify(token)
        except Unauthenticated:
            return time.monotonic() - started
        await asyncio.sleep(0.05)
    raise AssertionError("the token still works")


async def test_the_list_of_devices_marks_the_one_in_hand(client: httpx.AsyncClient, database: Database) -> None:
    _, username = await new_person(database)
    phone, web = await sign_in(client, username), await sign_in(client, username)
    items = (await client.get("/v1/auth/sessions", headers=bearer(web["access_token"]))).json()["items"]
    assert [(item["current"], item["role"]) for item in items] == [(True, "unit_clerk"), (False, "unit_clerk")]
    assert items[0]["ends_at"] == web["session_ends_at"]
    assert phone["required_steps"] == []


async def test_one_device_is_signed_out_and_the_other_goes_on(client: httpx.AsyncClient, database: Database) -> None:
    _, username = await new_person(database)
    lost, held = await sign_in(client, username), await sign_in(client, username)
    headers = bearer(held["access_token"])
    items = (await client.get("/v1/auth/sessions", headers=headers)).json()["items"]
    address = next(f"/v1/auth/sessions/{item['id']}" for item in items if not item["current"])
    answers = [await client.delete(address, headers=headers) for _ in range(2)]
    assert (answers[0].json(), refusal(answers[1])) == ({"ended": True}, (404, "not_found"))
    refreshed = [
        await client.post("/v1/auth/sessions/refreshes", json={"refresh_token": each["refresh_token"]})
        for each in (lost, held)
    ]
    assert [answer.status_code for answer in refreshed] == [401, 201]


async def test_nobody_signs_out_a_device_of_another_person(client: httpx.AsyncClient, database: Database) -> None:
    _, username = await new_person(database)
    theirs = bearer((await sign_in(client, username))["access_token"])
    session_id = (await client.get("/v1/auth/sessions", headers=theirs)).json()["items"][0]["id"]
    mine = await bearer_of(client, "daixian-clerk")
    assert refusal(await client.delete(f"/v1/auth/sessions/{session_id}", headers=mine)) == (404, "not_found")


async def test_after_signing_out_everywhere_no_device_goes_on(client: httpx.AsyncClient, database: Database) -> None:
    _, username = await new_person(database)
    sessions = [await sign_in(client, username) for _ in range(3)]
    ended = await client.delete("/v1/auth/sessions", headers=bearer(sessions[0]["access_token"]))
    refreshed = [
        await client.post("/v1/auth/sessions/refreshes", json={"refresh_token": each["refresh_token"]})
        for each in sessions
    ]
    assert (ended.json(), [answer.status_code for answer in refreshed]) == ({"ended": 3}, [401] * 3)


async def test_all_services_refuse_the_token_of_an_ended_session_within_five_seconds(
    client: httpx.AsyncClient, database: Database
) -> None:
    _, username = await new_person(database)
    token = (await sign_in(client, username))["access_token"]
    verifiers = [another_service(client, audience) for audience in ("documents", "nominations")]
    for verifier in verifiers:
        await verifier.verify(token)
    await client.delete("/v1/auth/sessions/current", headers=bearer(token))
    waited = await asyncio.gather(*(seconds_until_refused(verifier, token) for verifier in verifiers))
    assert max(waited) < 5


async def test_a_service_without_requests_hears_of_it_at_the_next_one(
    client: httpx.AsyncClient, database: Database
) -> None:
    _, username = await new_person(database)
    token = (await sign_in(client, username))["access_token"]
    verifier = another_service(client)
    await verifier.verify(token)
    verifier._ended._asked_at = verifier._ended._heard_at = float("-inf")  # a long pause
    await client.delete("/v1/auth/sessions/current", headers=bearer(token))
    assert await seconds_until_refused(verifier, token) < 0.5


async def test_verification_asks_nobody_while_what_it_heard_is_fresh(client: httpx.AsyncClient) -> None:
    token = (await sign_in(client, "daixian-clerk"))["access_token"]
    verifier = another_service(client)
    await verifier.verify(token)
    asked_at = verifier._ended._asked_at
    for _ in range(1000):
        await verifier.verify(token)
    assert verifier._ended._asked_at == asked_at


async def test_tokens_stay_in_force_while_auth_is_away(client: httpx.AsyncClient) -> None:
    token = (await sign_in(client, "daixian-clerk"))["access_token"]
    verifier = another_service(client)
    await verifier.verify(token)

    async def away(_since: str) -> Any:
        raise Unavailable

    verifier._ended._fetch, verifier._ended._asked_at = away, float("-inf")
    assert (await verifier.verify(token)).name == "示例办事员（代县）"


async def test_the_feed_names_no_session(client: httpx.AsyncClient, database: Database) -> None:
    _, username = await new_person(database)
    token = (await sign_in(client, username))["access_token"]
    headers = bearer(token)
    session_id = (await client.get("/v1/auth/sessions", headers=headers)).json()["items"][0]["id"]
    await client.delete("/v1/auth/sessions", headers=headers)
    feed = await client.get("/v1/auth/ended-sessions")
    assert (session_mark(session_id) in feed.json()["ended"], session_id in feed.text) == (True, False)
    later = await client.get("/v1/auth/ended-sessions", params={"since": "2990-01-01T00:00:00Z"})
    assert later.json()["ended"] == {}


async def test_who_holds_two_roles_changes_between_them_within_a_session(
    client: httpx.AsyncClient, database: Database, auth_app: FastAPI
) -> None:
    _, username = await new_person(database, (Role.UNIT_CLERK, UNIT), (Role.UNIT_HEAD, UNIT))
    signed_in = await sign_in(client, username)
    wanted = signed_in["other_assignments"][0]["role_assignment_id"]
    answer = await client.post(
        "/v1/auth/sessions/acting", json={"role_assignment_id": wanted}, headers=bearer(signed_in["access_token"])
    )
    caller = await auth_app.state.tokens.verify(answer.json()["access_token"])
    refreshed = await client.post("/v1/auth/sessions/refreshes", json={"refresh_token": signed_in["refresh_token"]})
    assert (caller.roles, refreshed.json()["acting_as"]["role_assignment_id"]) == (frozenset({"unit_head"}), wanted)


async def test_a_session_lasts_no_longer_than_the_role_that_is_chosen_in_it_lets_it(
    client: httpx.AsyncClient, database: Database
) -> None:
    _, username = await new_person(database, (Role.COUNTY_REVIEWER, IIT), (Role.UNIT_CLERK, UNIT))
    signed_in = await sign_in(client, username)
    both = {each["role"]: each for each in (signed_in["acting_as"], *signed_in["other_assignments"])}
    headers, ends_at = bearer(signed_in["access_token"]), [signed_in["session_ends_at"]]

    async def act_as(role: str) -> httpx.Response:
        chosen = {"role_assignment_id": both[role]["role_assignment_id"]}
        return await client.post("/v1/auth/sessions/acting", json=chosen, headers=headers)

    await act_as("unit_clerk")
    refreshed = await client.post("/v1/auth/sessions/refreshes", json={"refresh_token": signed_in["refresh_token"]})
    ends_at.append(refreshed.json()["session_ends_at"])
    await act_as("county_reviewer")
    ends_at.append((await client.get("/v1/auth/sessions", headers=headers)).json()["items"][0]["ends_at"])
    await act_as("unit_clerk")
    async with database.transaction() as session:
        await session.execute(
            update(SessionRow)
            .where(SessionRow.person_id == signed_in["person"]["id"])
            .values(started_at=func.now() - timedelta(days=3))
        )
    assert (refusal(await act_as("county_reviewer")), (await act_as("unit_clerk")).status_code) == (
        (401, "token_invalid"),
        200,
    )
    assert ends_at[0] < ends_at[1] > ends_at[2]


async def test_nobody_acts_under_a_role_of_another_person(client: httpx.AsyncClient) -> None:
    theirs = await sign_in(client, "daixian-head")
    wanted = theirs["acting_as"]["role_assignment_id"]
    answer = await client.post(
        "/v1/auth/sessions/acting",
        json={"role_assignment_id": wanted},
        headers=await bearer_of(client, "daixian-clerk"),
    )
    assert refusal(answer) == (422, "role_assignment_unknown")


async def test_an_official_signs_in_again_sooner_than_a_clerk(client: httpx.AsyncClient, database: Database) -> None:
    _, reviewer = await new_person(database, (Role.COUNTY_REVIEWER, IIT))
    _, clerk = await new_person(database)
    ends = [(await sign_in(client, username))["session_ends_at"] for username in (reviewer, clerk)]
    assert ends[0] < ends[1]
