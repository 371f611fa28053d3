"""Correction, erasure, explanation: an office answers by a day, with a reason; nobody answers themselves."""

import asyncio
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from services.auth.domain.roles import OrganisationKind, Place, Role
from services.common.db import Database
from tests.auth.people import UNIT, new_person
from tests.auth.steps import bearer_of, refusal

COUNTY_OFFICE = Place("140922", OrganisationKind.COUNTY_OFFICE)


async def ask(client: httpx.AsyncClient, headers: dict[str, str], **changes: Any) -> dict[str, Any]:
    body = {"kind": "correction", "about": "account", "text": "姓名写错了，应为示例人员丙"} | changes
    answer = await client.post("/v1/auth/me/rights-requests", json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def decide(
    client: httpx.AsyncClient, officer: str | dict[str, str], request: dict[str, Any], **decision: Any
) -> httpx.Response:
    headers = await bearer_of(client, officer) if isinstance(officer, str) else officer
    body = {"outcome": "done", "reason": "经核实，已更正"} | decision
    return await client.post(f"/v1/auth/rights-requests/{request['id']}/decisions", json=body, headers=headers)


async def waiting(client: httpx.AsyncClient, officer: str) -> set[str]:
    page = await client.get(
        "/v1/auth/rights-requests", params={"page_size": 100}, headers=await bearer_of(client, officer)
    )
    return {item["id"] for item in page.json()["items"]}


@pytest.fixture
async def person(client: httpx.AsyncClient, database: Database) -> dict[str, str]:
    _, username = await new_person(database, (Role.UNIT_CLERK, UNIT))
    return await bearer_of(client, username)


async def test_a_name_is_put_right_by_the_countys_office_and_the_person_reads_why(client: httpx.AsyncClient, person):
    request = await ask(client, person)
    assert (request["handler"], request["outcome"]) == ("county", None)
    answer = await decide(client, "wutai-office", request, full_name="示例人员丙")
    assert answer.status_code == 201, answer.text
    own = (await client.get("/v1/auth/me/rights-requests", headers=person)).json()["items"]
    assert [(each["outcome"], each["reason"], each["decided_by_name"]) for each in own] == [
        ("done", "经核实，已更正", "示例评选办经办人（五台县）")
    ]
    me = (await client.get("/v1/auth/me", headers=person)).json()
    assert me["person"]["full_name"] == "示例人员丙"


async def test_what_law_keeps_is_restricted_under_its_name(client: httpx.AsyncClient, person):
    request = await ask(client, person, kind="erasure", about="nomination", text="请删除我的推荐材料")
    unnamed = await decide(client, "wutai-office", request, outcome="restricted", reason="评选材料属于档案")
    assert (unnamed.status_code, unnamed.json()["errors"][0]["pointer"]) == (422, "/ground")
    ground = "《中华人民共和国档案法》第十四条"
    answer = await decide(
        client, "wutai-office", request, outcome="restricted", reason="评选材料属于档案，不再另作使用", ground=ground
    )
    assert (answer.json()["outcome"], answer.json()["ground"]) == ("restricted", ground)


async def test_a_request_is_answered_once(client: httpx.AsyncClient, person):
    request = await ask(client, person)
    await decide(client, "wutai-office", request)
    assert refusal(await decide(client, "wutai-office", request)) == (409, "request_decided")


@pytest.mark.parametrize("officer", ["daixian-office", "city-office"])
async def test_another_office_does_not_see_a_request_that_is_in_time(client: httpx.AsyncClient, person, officer: str):
    request = await ask(client, person)
    assert refusal(await decide(client, officer, request)) == (404, "not_found")
    assert (
        request["id"] in await waiting(client, officer),
        request["id"] in await waiting(client, "wutai-office"),
    ) == (
        False,
        True,
    )


async def test_what_a_county_lets_pass_the_city_answers(client: httpx.AsyncClient, database: Database, person):
    request = await ask(client, person)
    async with database.transaction() as session:
        late = "UPDATE auth.rights_requests SET due_on = current_date - 1 WHERE id = :id"
        await session.execute(text(late), {"id": request["id"]})
    assert request["id"] in await waiting(client, "city-office")
    assert (await decide(client, "city-office", request)).status_code == 201


async def test_an_officer_asks_the_city_and_never_decides_their_own_request(
    client: httpx.AsyncClient, database: Database
):
    _, username = await new_person(
        database,
        (Role.COUNTY_OFFICER, COUNTY_OFFICE),
        (Role.CITY_OFFICER, Place("140900", OrganisationKind.CITY_OFFICE)),
    )
    officer = await bearer_of(client, username)
    request = await ask(client, officer)
    assert request["handler"] == "city"
    me = (await client.get("/v1/auth/me", headers=officer)).json()
    other_role = me["other_assignments"][0]["role_assignment_id"]
    chosen = await client.post("/v1/auth/sessions/acting", json={"role_assignment_id": other_role}, headers=officer)
    as_city = {"Authorization": f"Bearer {chosen.json()['access_token']}"}
    assert refusal(await decide(client, as_city, request)) == (409, "own_request")


async def test_ten_requests_may_be_open_at_a_time(client: httpx.AsyncClient, person):
    for _ in range(10):
        await ask(client, person, kind="explanation", text="请说明为什么需要籍贯")
    body = {"kind": "explanation", "about": "account", "text": "还有一个问题"}
    answer = await client.post("/v1/auth/me/rights-requests", json=body, headers=person)
    assert refusal(answer) == (409, "too_many_open_requests")


async def test_requests_that_come_at_once_are_no_more_than_ten_either(
    client: httpx.AsyncClient, database: Database, person
):
    """None of them is written before the others have come: the log that each is noted in is held meanwhile."""
    for _ in range(9):
        await ask(client, person)
    body = {"kind": "explanation", "about": "account", "text": "还有一个问题"}
    path = "/v1/auth/me/rights-requests"
    async with database.transaction() as session:
        await session.execute(text("SELECT pg_advisory_xact_lock(hashtext('auth security log'))"))
        asked = [asyncio.create_task(client.post(path, json=body, headers=person)) for _ in range(3)]
        await held_up(session, len(asked))
    answers = await asyncio.gather(*asked)
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]


async def held_up(session: AsyncSession, requests: int) -> None:
    """Waits until as many wait for a lock."""
    waiting = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    async with asyncio.timeout(20):
        while await session.scalar(waiting) < requests:  # noqa: ASYNC110  only the database knows
            await asyncio.sleep(0.01)


async def test_own_requests_come_page_by_page(client: httpx.AsyncClient, person):
    asked = [(await ask(client, person, text=f"第{turn}项"))["id"] for turn in range(3)]
    first = (await client.get("/v1/auth/me/rights-requests", params={"page_size": 2}, headers=person)).json()
    params = {"page_token": first["next_page_token"]}
    rest = (await client.get("/v1/auth/me/rights-requests", params=params, headers=person)).json()
    assert [each["id"] for each in (*first["items"], *rest["items"])] == asked[::-1]


@pytest.mark.parametrize("username", ["wutai-clerk", "wutai-iit", "admin"])
async def test_whoever_is_no_office_lists_no_requests(client: httpx.AsyncClient, username: str):
    answer = await client.get("/v1/auth/rights-requests", headers=await bearer_of(client, username))
    assert refusal(answer) == (403, "forbidden")


@pytest.mark.parametrize(("campaign_key", "code"), [("", "too_short"), ("nowhere-2025", "campaign_unknown")])
async def test_a_request_about_no_campaign_there_is_is_refused_by_field_for_nothing_would_be_done(
    client: httpx.AsyncClient, person, campaign_key: str, code: str
):
    body = {"kind": "erasure", "about": "documents", "text": "请删除我的材料", "campaign_key": campaign_key}
    answer = await client.post("/v1/auth/me/rights-requests", json=body, headers=person)
    told = [(error["pointer"], error["code"]) for error in answer.json().get("errors", [])]
    assert (answer.status_code, told) == (422, [("/campaign_key", code)])
