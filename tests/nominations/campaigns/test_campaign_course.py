"""A deadline put off reaches cases on their way; a campaign is closed when nothing is open, and its roles end (R43, R112)."""

import asyncio
from datetime import date

import pytest
from sqlalchemy import text

from tests.factories import Office

LATE = "2025-03-01T09:00:00+08:00"
POSTPONED = {"until": "2025-03-06T00:00:00+08:00", "reason": "因大雪，截止时间延后"}
DONE = {"statement": "全市评选推荐工作已结束"}


@pytest.fixture
def city(client) -> Office:
    return Office(client, "tests-postponed")


@pytest.fixture
def ending(client) -> Office:
    return Office(client, "tests-closing")


async def postpone(office: Office, body: dict, username: str = "city-office"):
    return await office.send(username, "POST", f"/v1/campaigns/{office.campaign}/postponements", json=body)


async def second(office: Office, proposed, username: str = "city-hrss"):
    path = f"/v1/campaigns/{office.campaign}/postponements/{proposed.json()['id']}/seconding"
    return await office.send(username, "POST", path)


async def close(office: Office, username: str = "city-office"):
    return await office.send(username, "POST", f"/v1/campaigns/{office.campaign}/closing", json=DONE)


def codes(answer) -> list[str]:
    return [error["code"] for error in answer.json().get("errors", [])]


async def submit(office: Office, case: str):
    return await office.send("wutai-clerk", "POST", f"/v1/nominations/{case}/submissions")


async def test_a_deadline_put_off_reaches_a_case_that_began_before_r112_r113(city):
    await city.set_clock("2025-02-07T09:00:00+08:00")
    case = await city.collective()
    await city.set_clock(LATE)
    too_late = await submit(city, case)
    proposed = await postpone(city, POSTPONED)
    still_too_late = await submit(city, case)
    decided = await second(city, proposed)
    in_time = await submit(city, case)
    shown = (await city.client.get(f"/v1/campaigns/{city.campaign}")).json()["materials_deadline"]
    again = await postpone(city, POSTPONED | {"until": "2025-03-05T00:00:00+08:00"})
    await city.set_clock("2025-02-07T09:00:00+08:00")
    assert (codes(too_late), codes(still_too_late)) == (["deadline_passed"], ["deadline_passed"])
    assert (proposed.json()["seconded_at"], decided.status_code, in_time.status_code) == (None, 201, 201)
    assert (shown[:19], codes(again)) == ("2025-03-05T16:00:00", ["deadline_not_later"])


async def test_only_the_citys_office_puts_a_deadline_off_r112(city):
    assert (await postpone(city, POSTPONED, "wutai-office")).status_code == 403


async def test_nobody_seconds_a_postponement_of_their_own_or_one_that_another_has_overtaken_r97(city):
    await city.set_clock("2025-02-07T09:00:00+08:00")
    bodies = ({"until": f"2025-04-0{day}T00:00:00+08:00", "reason": "因大雪"} for day in (1, 2))
    short, long = [await postpone(city, body) for body in bodies]
    alone = await second(city, short, "city-office")
    longer, twice = await second(city, long), await second(city, long)
    overtaken = await second(city, short)
    elsewhere = Office(city.client, "tests-put-off")
    of_another_campaign = await second(elsewhere, long)
    assert (alone.json()["code"], longer.status_code, twice.json()) == ("second_person_needed", 201, longer.json())
    assert (codes(overtaken), of_another_campaign.status_code) == (["deadline_not_later"], 404)


async def test_everybody_signed_in_sees_why_a_deadline_was_put_off_r97(client):
    office = Office(client, "tests-put-off")
    await office.set_clock("2025-02-07T09:00:00+08:00")
    until = "2025-03-01T08:00:00+08:00"
    await postpone(office, {"until": until, "reason": "系统维护"})
    listed = await office.done("wutai-clerk", "GET", f"/v1/campaigns/{office.campaign}/postponements")
    assert [row["reason"] for row in listed.json()["items"]] == ["系统维护"]


async def test_closing_names_everything_that_is_open_and_then_ends_the_campaign_for_good_r43(ending):
    case = await ending.endorsed_by_city()
    other = await ending.endorsed_by_city()
    await ending.set_clock("2025-02-21T09:00:00+08:00")
    zero = {"campaign_key": ending.campaign, "category": "advanced_collective", "reason": "没有符合条件的推荐对象"}
    declared = (await ending.done("hequ-office", "POST", "/v1/zero-declarations", json=zero)).json()["id"]
    body = {"campaign_key": ending.campaign, "selection": {"advanced_collective": [case]}}
    city_list = (await ending.done("city-office", "POST", "/v1/city-lists", json=body)).json()["id"]
    early = await close(ending)
    await ending.set_clock("2025-03-03T09:00:00+08:00")
    await ending.done(
        "city-office", "POST", f"/v1/city-lists/{city_list}/removals", json={"nomination_id": case, "reason": "测试"}
    )
    await ending.client.post(
        f"/v1/publicity-notices/{await notice_of(ending, other)}/objections", json={"content": "请核实其事迹。"}
    )
    with_objection = await close(ending)
    await conclude_objections(ending)
    closed, twice = await close(ending), await close(ending)
    shown = (await ending.client.get(f"/v1/campaigns/{ending.campaign}")).json()["closed_at"]
    back = {"decision": "return", "return_to": "unit", "reason": "请补充"}
    review = await ending.send("city-hrss", "POST", f"/v1/nominations/{case}/reviews", json=back)
    draft = await ending.send(
        "wutai-clerk",
        "POST",
        "/v1/nominations",
        json={"campaign_key": ending.campaign, "category": "advanced_collective", "form": {}},
    )
    path, body = f"/v1/zero-declarations/{declared}/revocation", {"reason": "有人选了"}
    revoked = await ending.send("hequ-office", "POST", path, json=body)
    assert codes(early) == ["deadline_ahead", "list_not_reported", "results_missing"]
    assert codes(with_objection) == ["objection_open"]
    assert (closed.status_code, twice.json()["code"], shown is not None) == (201, "campaign_closed", True)
    assert (codes(review), draft.json()["code"]) == (["campaign_closed"], "campaign_closed")
    assert (revoked.status_code, revoked.json().get("code")) == (409, "campaign_closed")


async def notice_of(office: Office, case: str) -> str:
    notice: str = (await office.done("city-office", "GET", f"/v1/nominations/{case}")).json()["publicity"]["id"]
    return notice


async def conclude_objections(office: Office) -> None:
    params = {"campaign_key": office.campaign, "page_size": 100}
    for item in (await office.done("wutai-office", "GET", "/v1/objections", params=params)).json()["items"]:
        body = {"outcome": "unsubstantiated", "finding": "经核查，属实。"}
        await office.done("wutai-office", "POST", f"/v1/objections/{item['id']}/conclusions", json=body)


async def test_a_closed_campaign_ends_the_roles_given_for_it_and_starts_the_retention_of_its_papers_r43(
    client, jobs, dispatcher
):
    office = Office(client, "tests-ended")
    invited = await office.done(
        "city-office",
        "POST",
        "/v1/auth/invitations",
        json={"full_name": "示例借调人员", "role": "city_officer", "campaign_key": office.campaign},
    )
    credentials = {"username": "city-on-loan", "password": "a long word of the tests 7"}
    redeemed = await client.post(
        "/v1/auth/invitations/redemptions",
        json={"invitation_code": invited.json()["invitation_code"], **credentials},
    )
    await office.set_clock(LATE)
    assert (await close(office)).status_code == 201
    await jobs()
    me = await client.get("/v1/auth/me", headers={"Authorization": f"Bearer {redeemed.json()['access_token']}"})
    again = await client.post("/v1/auth/sessions", json=credentials)
    kept = await retention_of(dispatcher.services["documents"], office.campaign)
    await office.set_clock("2025-02-07T09:00:00+08:00")
    assert (redeemed.status_code, me.status_code, again.json()["code"]) == (201, 401, "no_role")
    assert kept == [("campaign_closed", date(2025, 3, 1))]


async def retention_of(documents, key: str) -> list[tuple[str, date]]:
    async with documents.state.resources.database.reading() as session:
        query = text("SELECT event, happened_on FROM documents.campaign_events WHERE campaign_key = :key")
        return [tuple(row) for row in await session.execute(query, {"key": key})]


async def test_two_who_close_at_once_close_it_once_r43(client):
    office = Office(client, "tests-closed-once")
    await office.set_clock(LATE)
    answers = await asyncio.gather(*(close(office) for _ in range(4)))
    await office.set_clock("2025-02-07T09:00:00+08:00")
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]


@pytest.mark.parametrize("noun", ["quota-accounts", "local-criteria", "seals", "postponements", "reopenings"])
async def test_of_a_campaign_that_is_not_there_nothing_is_listed(office, noun):
    answer = await office.send("city-office", "GET", f"/v1/campaigns/no-such-campaign/{noun}")
    assert (answer.status_code, answer.json()["code"]) == (404, "campaign_not_found")
