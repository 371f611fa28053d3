"""Typical stories: nobody is told about in public without saying yes (R106)."""

import pytest

from tests.factories import OPENED, Office, complete_collective, complete_form

STORY = {"title": "扎根一线的示例班长", "text": "他带领班组改进工艺，废品率大幅下降。（示例文字）"}


async def post(office: Office, username: str, case: str, noun: str):
    return await office.send(username, "POST", f"/v1/nominations/{case}/story/{noun}")


async def told(office: Office, case: str) -> str:
    await office.done("wutai-clerk", "PUT", f"/v1/nominations/{case}/story", json=STORY)
    return case


async def collective(office: Office) -> str:
    return await told(office, await office.collective(complete_collective()))


async def collective_at_the_city(office: Office) -> str:
    await office.set_clock(OPENED)
    case = await office.collective(complete_collective())
    await office.step("clerk", case, "submissions")
    await office.to_the_city(case)
    return await told(office, case)


async def published_titles(client, office: Office, name: str) -> list[str]:
    items = (await client.get("/v1/stories", params={"campaign_key": office.campaign, "page_size": 100})).json()[
        "items"
    ]
    return [item["title"] for item in items if item["name"] == name]


async def test_without_consent_nothing_is_published_r106(office):
    case = await collective_at_the_city(office)
    answer = await post(office, "city-office", case, "publication")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "consent_missing")


async def test_a_person_consents_in_person_r106(office):
    case = (await office.draft(complete_form())).json()["id"]
    code = (await office.step("clerk", case, "hand-over-codes"))["code"]
    await office.done("wutai-nominee", "POST", "/v1/hand-overs", json={"code": code})
    await told(office, case)
    answers = [await post(office, name, case, "consent") for name in ("wutai-clerk", "wutai-head", "wutai-nominee")]
    assert [answer.status_code for answer in answers] == [403, 403, 201]


async def test_for_a_collective_the_head_of_its_unit_consents_r106(office):
    answer = await post(office, "wutai-head", await collective(office), "consent")
    assert (answer.status_code, answer.json()["consented_at"] is not None) == (201, True)


async def test_other_words_need_another_consent_r106(office):
    case = await collective(office)
    await post(office, "wutai-head", case, "consent")
    rewritten = STORY | {"text": "完全不同的另一段文字。（示例文字）"}
    answer = await office.done("wutai-clerk", "PUT", f"/v1/nominations/{case}/story", json=rewritten)
    assert answer.json()["consented_at"] is None


async def test_only_the_city_publishes_r106(office):
    case = await collective(office)
    await post(office, "wutai-head", case, "consent")
    assert (await post(office, "wutai-office", case, "publication")).status_code == 403


async def test_a_story_is_read_by_anybody_from_publication_to_removal_r106(office, client):
    case = await collective_at_the_city(office)
    name = (await office.done("wutai-head", "GET", f"/v1/nominations/{case}")).json()["name"]
    await post(office, "wutai-head", case, "consent")
    before = await published_titles(client, office, name)
    await post(office, "city-office", case, "publication")
    during = await published_titles(client, office, name)
    await post(office, "wutai-head", case, "removal")
    assert (before, during, await published_titles(client, office, name)) == ([], [STORY["title"]], [])


async def test_who_takes_a_story_down_withdraws_the_consent_r106(office):
    case = await collective(office)
    await post(office, "wutai-head", case, "consent")
    assert (await post(office, "wutai-head", case, "removal")).json()["consented_at"] is None


@pytest.mark.parametrize("username", ["dingxiang-clerk", "dingxiang-hrss"])
async def test_a_story_of_another_unit_does_not_exist(office, username):
    case = await collective(office)
    assert (await office.send(username, "GET", f"/v1/nominations/{case}/story")).status_code == 404


async def test_a_case_without_a_story_has_none(office):
    case = (await office.draft()).json()["id"]
    assert (await office.send("wutai-clerk", "GET", f"/v1/nominations/{case}/story")).status_code == 404


async def test_nothing_is_told_of_who_was_withdrawn_or_disqualified_r98_r106(office, client):
    case = await collective_at_the_city(office)
    name = (await office.done("wutai-head", "GET", f"/v1/nominations/{case}")).json()["name"]
    await post(office, "wutai-head", case, "consent")
    await post(office, "city-office", case, "publication")
    path = f"/v1/nominations/{case}/disqualification"
    await office.done("city-office", "PUT", path, json={"ground": "fraud", "finding": "经查实，事迹系伪造。"})
    await office.second_removal("city-hrss", case)
    again = await post(office, "city-office", case, "publication")
    assert await published_titles(client, office, name) == []
    assert (again.status_code, [e["code"] for e in again.json()["errors"]]) == (409, ["case_over"])


async def test_a_story_told_of_one_collective_is_not_told_of_another_r106(office, client):
    """A returned case that is passed on: what was consented to was said of somebody else."""
    other = "山西省忻州市五台县示例接替制造有限公司"
    case = await collective_at_the_city(office)
    await post(office, "wutai-head", case, "consent")
    await post(office, "city-office", case, "publication")
    await office.step("city-hrss", case, "reviews", json={"decision": "return", "reason": "数据有误"})
    await office.pass_on(case, other)
    story = (await office.done("wutai-clerk", "GET", f"/v1/nominations/{case}/story")).json()
    assert (await published_titles(client, office, other), story["consented_at"]) == ([], None)


async def test_a_county_takes_no_story_down_and_the_clerk_withdraws_no_consent_r106(office, client):
    case = await collective_at_the_city(office)
    name = (await office.done("wutai-head", "GET", f"/v1/nominations/{case}")).json()["name"]
    await post(office, "wutai-head", case, "consent")
    await post(office, "city-office", case, "publication")
    refused = await post(office, "wutai-office", case, "removal")
    shown = await published_titles(client, office, name)
    by_clerk = await post(office, "wutai-clerk", case, "removal")
    assert (refused.status_code, shown, await published_titles(client, office, name)) == (403, [STORY["title"]], [])
    assert by_clerk.json()["consented_at"] is not None
