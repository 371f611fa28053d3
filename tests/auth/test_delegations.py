"""Standing in for a colleague, and handing a role over for good."""

import asyncio
from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import update

from services.auth.domain.roles import Role
from services.auth.settings import AuthSettings
from services.auth.tables import RoleAssignmentRow
from services.common.db import Database
from tests.auth.people import IIT, UNIT, new_person
from tests.auth.steps import PASSWORD, bearer, bearer_of, fresh, refusal

ROUNDS = 12


@pytest.fixture
async def nominations(client: httpx.AsyncClient, settings: AuthSettings) -> dict[str, str]:
    secret = settings.service_clients["nominations"].get_secret_value()
    body = {"client_id": "nominations", "client_secret": secret}
    return bearer((await client.post("/v1/auth/service-tokens", json=body)).json()["access_token"])


def until(days: int = 7) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


async def stand_in(client: httpx.AsyncClient, giver: dict[str, str], to, **more) -> httpx.Response:
    body = {"to_person_id": str(to), "ends_at": until(), "reason": "外出学习"} | more
    return await client.post("/v1/auth/delegations", json=body, headers=giver)


async def give(client: httpx.AsyncClient, giver: dict[str, str], to) -> httpx.Response:
    return await client.post("/v1/auth/role-hand-overs", json={"to_person_id": str(to)}, headers=giver)


async def head_and_clerk(client: httpx.AsyncClient, database: Database):
    """A head, signed in, and a clerk of the same unit, both of this test's own."""
    _, head = await new_person(database, (Role.UNIT_HEAD, UNIT))
    clerk_id, clerk = await new_person(database, (Role.UNIT_CLERK, UNIT))
    return await bearer_of(client, head), clerk_id, clerk


async def test_a_colleague_chooses_to_act_for_the_head_and_the_token_says_so(client, database):
    giver, clerk_id, clerk = await head_and_clerk(client, database)
    made = (await stand_in(client, giver, clerk_id)).json()
    credentials = {"username": clerk, "password": PASSWORD, "role_assignment_id": made["id"]}
    session = (await client.post("/v1/auth/sessions", json=credentials)).json()
    acting = session["acting_as"]
    assert (acting["role"], acting["acting_for"], session["other_assignments"][0]["acting_for"]) == (
        "unit_head",
        "示例人员乙",
        None,
    )


async def test_either_side_ends_it_and_access_under_it_ends_with_it(client, database):
    giver, clerk_id, clerk = await head_and_clerk(client, database)
    made = (await stand_in(client, giver, clerk_id)).json()
    credentials = {"username": clerk, "password": PASSWORD, "role_assignment_id": made["id"]}
    under = bearer((await client.post("/v1/auth/sessions", json=credentials)).json()["access_token"])
    own = await bearer_of(client, clerk)
    ended = await client.delete(f"/v1/auth/delegations/{made['id']}", headers=own)
    me = await client.get("/v1/auth/me", headers=under)
    left = (await client.get("/v1/auth/delegations", headers=giver)).json()["items"]
    assert (ended.status_code, me.status_code, left) == (200, 401, [])


async def test_a_delegation_to_come_gives_nothing_yet_and_can_be_taken_back(client, database):
    giver, clerk_id, clerk = await head_and_clerk(client, database)
    starts = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    made = (await stand_in(client, giver, clerk_id, starts_at=starts)).json()
    credentials = {"username": clerk, "password": PASSWORD, "role_assignment_id": made["id"]}
    early = await client.post("/v1/auth/sessions", json=credentials)
    back = await client.delete(f"/v1/auth/delegations/{made['id']}", headers=giver)
    assert (early.status_code, back.status_code) == (422, 200)


async def test_of_both_sides_taking_it_back_at_once_one_does_and_the_other_finds_it_gone(client, database):
    giver, clerk_id, _ = await head_and_clerk(client, database)
    starts = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    made = (await stand_in(client, giver, clerk_id, starts_at=starts)).json()
    address = f"/v1/auth/delegations/{made['id']}"
    answers = await asyncio.gather(*(client.delete(address, headers=giver) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 404, 404, 404]


async def test_a_delegation_to_come_is_taken_back_also_when_the_colleague_got_a_new_code_meanwhile(client, database):
    giver, clerk_id, _ = await head_and_clerk(client, database)
    starts = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    made = (await stand_in(client, giver, clerk_id, starts_at=starts)).json()
    office = await bearer_of(client, "wutai-office")
    invited = await client.post(f"/v1/auth/persons/{clerk_id}/invitations", headers=office)
    back = await client.delete(f"/v1/auth/delegations/{made['id']}", headers=giver)
    assert (invited.status_code, back.status_code) == (201, 200)


async def under_delegation(client: httpx.AsyncClient, giver: dict[str, str], to, username: str) -> dict[str, str]:
    """The colleague, signed in and acting for the giver."""
    made = (await stand_in(client, giver, to)).json()
    credentials = {"username": username, "password": PASSWORD, "role_assignment_id": made["id"]}
    return bearer((await client.post("/v1/auth/sessions", json=credentials)).json()["access_token"])


async def test_whoever_stands_in_for_a_role_of_the_campaign_stops_with_it_r43(
    client: httpx.AsyncClient, database: Database, nominations
):
    head_id, head = await new_person(database, (Role.UNIT_HEAD, UNIT))
    clerk_id, clerk = await new_person(database, (Role.UNIT_CLERK, UNIT))
    campaign = fresh("campaign")
    async with database.transaction() as session:
        held = update(RoleAssignmentRow).where(RoleAssignmentRow.person_id == head_id)
        await session.execute(held.values(campaign_key=campaign))
    acting = await under_delegation(client, await bearer_of(client, head), clerk_id, clerk)
    before = await client.get("/v1/auth/me", headers=acting)
    await client.put(f"/v1/auth/campaigns/{campaign}/role-ending", headers=nominations)
    after = await client.get("/v1/auth/me", headers=acting)
    own = (await client.get("/v1/auth/me", headers=await bearer_of(client, clerk))).json()
    left = [each["role"] for each in (own["acting_as"], *own["other_assignments"])]
    assert (before.status_code, refusal(after), left) == (200, (401, "token_invalid"), ["unit_clerk"])


async def test_whoever_stands_in_stops_when_the_role_is_handed_over_to_somebody_else(client, database):
    giver, clerk_id, clerk = await head_and_clerk(client, database)
    successor_id, _ = await new_person(database, (Role.UNIT_CLERK, UNIT))
    acting = await under_delegation(client, giver, clerk_id, clerk)
    before = await client.get("/v1/auth/me", headers=acting)
    body = {"to_person_id": str(successor_id)}
    given = await client.post("/v1/auth/role-hand-overs", json=body, headers=giver)
    after = await client.get("/v1/auth/me", headers=acting)
    assert (before.status_code, given.status_code, refusal(after)) == (200, 201, (401, "token_invalid"))


async def test_somebody_of_another_body_is_no_colleague_and_is_not_listed(client, database):
    giver, clerk_id, _ = await head_and_clerk(client, database)
    stranger, _ = await new_person(database, (Role.COUNTY_REVIEWER, IIT))
    refused = await stand_in(client, giver, stranger)
    colleagues = {
        each["person_id"] for each in (await client.get("/v1/auth/colleagues", headers=giver)).json()["items"]
    }
    assert [error["code"] for error in refused.json()["errors"]] == ["no_colleague"]
    assert (str(clerk_id) in colleagues, str(stranger) in colleagues) == (True, False)


async def test_somebody_elses_delegation_does_not_exist(client, database):
    giver, clerk_id, _ = await head_and_clerk(client, database)
    made = (await stand_in(client, giver, clerk_id)).json()
    other, _, _ = await head_and_clerk(client, database)
    assert refusal(await client.delete(f"/v1/auth/delegations/{made['id']}", headers=other)) == (404, "not_found")


async def test_of_many_delegations_at_once_for_one_time_one_is_made(client, database):
    giver, clerk_id, _ = await head_and_clerk(client, database)
    made = await asyncio.gather(*(stand_in(client, giver, clerk_id) for _ in range(5)))
    assert sorted(answer.status_code for answer in made) == [201, 409, 409, 409, 409]


async def test_a_role_handed_over_leaves_the_giver_at_once_and_is_the_colleagues_from_then_on(client, database):
    _, head = await new_person(database, (Role.UNIT_HEAD, UNIT), (Role.UNIT_CLERK, UNIT))
    clerk_id, clerk = await new_person(database, (Role.UNIT_CLERK, UNIT))
    giver = await bearer_of(client, head)
    given = await client.post("/v1/auth/role-hand-overs", json={"to_person_id": str(clerk_id)}, headers=giver)
    gone = await client.get("/v1/auth/me", headers=giver)
    credentials = {"username": clerk, "password": PASSWORD, "role_assignment_id": given.json()["role_assignment_id"]}
    successor = (await client.post("/v1/auth/sessions", json=credentials)).json()
    left = (await client.post("/v1/auth/sessions", json={"username": head, "password": PASSWORD})).json()
    roles = (successor["acting_as"]["role"], successor["acting_as"]["acting_for"], left["acting_as"]["role"])
    assert (given.status_code, gone.status_code, roles) == (201, 401, ("unit_head", None, "unit_clerk"))


async def test_a_role_is_not_handed_to_whoever_holds_it_already_and_stays_with_the_giver(client, database):
    _, giver = await new_person(database, (Role.UNIT_CLERK, UNIT))
    other_id, _ = await new_person(database, (Role.UNIT_CLERK, UNIT))
    token = await bearer_of(client, giver)
    refused = await client.post("/v1/auth/role-hand-overs", json={"to_person_id": str(other_id)}, headers=token)
    still = await client.get("/v1/auth/me", headers=token)
    codes = [(error["pointer"], error["code"]) for error in refused.json()["errors"]]
    assert (refused.status_code, codes, still.status_code) == (409, [("/to_person_id", "holds_it_already")], 200)


async def test_a_nominee_hands_nothing_to_anybody(client, database):
    _, nominee = await new_person(database, (Role.NOMINEE, UNIT))
    clerk_id, _ = await new_person(database)
    assert refusal(await stand_in(client, await bearer_of(client, nominee), clerk_id)) == (403, "forbidden")


async def both_at_once(one: Awaitable[httpx.Response], other: Awaitable[httpx.Response]) -> tuple[int, int]:
    first, second = await asyncio.gather(one, other)
    return first.status_code, second.status_code


async def test_of_two_hand_overs_of_one_role_at_once_one_is_done_and_the_other_finds_the_role_gone(client, database):
    answers = []
    for _ in range(ROUNDS):
        giver, clerk_id, _ = await head_and_clerk(client, database)
        other_id, _ = await new_person(database, (Role.UNIT_CLERK, UNIT))
        answers.append(sorted(await both_at_once(give(client, giver, clerk_id), give(client, giver, other_id))))
    assert answers == [[201, 401]] * ROUNDS


async def test_nobody_stands_in_for_whoever_hands_the_role_over_at_that_moment(client, database):
    left = []
    for _ in range(ROUNDS):
        giver, clerk_id, clerk = await head_and_clerk(client, database)
        other_id, _ = await new_person(database, (Role.UNIT_CLERK, UNIT))
        await both_at_once(give(client, giver, other_id), stand_in(client, giver, clerk_id))
        left.append((await client.get("/v1/auth/delegations", headers=await bearer_of(client, clerk))).json()["items"])
    assert left == [[]] * ROUNDS


async def test_no_role_that_is_handed_over_as_its_campaign_ends_outlives_it_r43(client, database, nominations):
    open_terms = []
    for _ in range(ROUNDS):
        head_id, head = await new_person(database, (Role.UNIT_HEAD, UNIT))
        clerk_id, _ = await new_person(database, (Role.UNIT_CLERK, UNIT))
        campaign, giver = fresh("campaign"), await bearer_of(client, head)
        async with database.transaction() as session:
            held = update(RoleAssignmentRow).where(RoleAssignmentRow.person_id == head_id)
            await session.execute(held.values(campaign_key=campaign))
        ending = client.put(f"/v1/auth/campaigns/{campaign}/role-ending", headers=nominations)
        await both_at_once(give(client, giver, clerk_id), ending)
        query = "SELECT role FROM auth.role_assignments WHERE campaign_key = $1 AND ends_at IS NULL"
        open_terms.append(await database.fetch(query, campaign))
    assert open_terms == [[]] * ROUNDS
