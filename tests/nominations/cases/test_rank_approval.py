"""副处级 and above stands on no list before the city has agreed to it (R74); whoever stands in for another says so."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from services.nominations.review_tables import RankApproval
from tests.factories import Office

HIGH = {"collective_rank": "副处级", "rank_reason": "长期在一线，实绩突出"}
AGREED = {"reason": "经专班研究，同意推荐。"}


@pytest.fixture
def city(client) -> Office:
    return Office(client, "tests-rank")


async def draw_up(office: Office, case: str):
    body = {"campaign_key": office.campaign, "selection": {"advanced_collective": [case]}, "no_choice_reason": "测试"}
    return await office.send("city-office", "POST", "/v1/city-lists", json=body)


async def agree(office: Office, case: str, username: str = "city-iit"):
    return await office.send(username, "POST", f"/v1/nominations/{case}/rank-approvals", json=AGREED)


async def second(office: Office, case: str, username: str = "city-hrss"):
    """As somebody who has read the history: it says when it was proposed, and why."""
    path, read = f"/v1/nominations/{case}/rank-approvals/seconding", {"proposed_at": await proposed_at(office, case)}
    return await office.send(username, "POST", path, json=read)


async def proposed_at(office: Office, case: str) -> str:
    events = (await office.done("city-hrss", "GET", f"/v1/nominations/{case}/events")).json()["items"]
    times = [event["recorded_at"] for event in events if event["event"] == "rank_approval_proposed"]
    return times[-1] if times else "2025-01-01T00:00:00Z"


def codes(answer) -> list[str]:
    return [error["code"] for error in answer.json().get("errors", [])]


async def test_the_city_agrees_to_a_high_rank_before_the_case_is_listed_r74(city):
    case = await city.endorsed_by_city(**HIGH)
    before = await draw_up(city, case)
    by_office, by_county = await agree(city, case, "city-office"), await agree(city, case, "wutai-iit")
    early = await second(city, case)
    agreed, again = await agree(city, case), await agree(city, case)
    by_one = await draw_up(city, case)
    by_the_same, seconded, twice = (
        await second(city, case, "city-iit"),
        await second(city, case),
        await second(city, case),
    )
    listed = await draw_up(city, case)
    events = (await city.done("city-office", "GET", f"/v1/nominations/{case}/events")).json()["items"]
    body = {"nomination_id": case, "reason": "测试结束"}
    await city.done("city-office", "POST", f"/v1/city-lists/{listed.json()['id']}/removals", json=body)
    assert (codes(before), by_office.status_code, by_county.status_code) == (["rank_not_approved"], 403, 403)
    assert (agreed.status_code, codes(again), codes(by_one)) == (201, ["rank_approval_proposed"], ["rank_not_approved"])
    assert (by_the_same.status_code, seconded.status_code, listed.status_code) == (403, 201, 201)
    assert (codes(early), codes(twice)) == (["rank_approval_not_proposed"], ["rank_not_in_question"])
    assert [(e["event"], e["reason"]) for e in events if e["event"].startswith("rank_appro")] == [
        ("rank_approval_proposed", "经专班研究，同意推荐。"),
        ("rank_approved", "经专班研究，同意推荐。"),
    ]


async def test_nobody_agrees_to_a_rank_for_a_reason_that_they_never_read_r74_r97(city):
    case = await city.endorsed_by_city(**HIGH)
    told = (await agree(city, case)).json()["proposed_at"]
    path = f"/v1/nominations/{case}/rank-approvals/seconding"
    another = (datetime.fromisoformat(told) - timedelta(microseconds=1)).isoformat()
    refused = await city.send("city-hrss", "POST", path, json={"proposed_at": another})
    agreed = await city.send("city-hrss", "POST", path, json={"proposed_at": told})
    assert (refused.status_code, refused.json()["code"], agreed.status_code) == (409, "proposal_changed", 201)


async def test_a_case_that_went_back_needs_the_citys_word_anew_r74(city, context):
    case = await city.endorsed_by_city(**HIGH)
    await agree(city, case)
    back = {"decision": "return", "return_to": "unit", "reason": "请补充材料"}
    await city.step("city-hrss", case, "reviews", json=back)
    async with context.database.reading() as session:
        query = select(RankApproval).where(RankApproval.nomination_id == UUID(case))
        (approval,) = (await session.scalars(query)).all()
    assert approval.superseded_at is not None


async def test_an_acting_head_signs_in_their_own_name_and_the_history_says_for_whom(client):
    office = Office(client, "tests-standing-in")
    case = await office.walk_to_publicity(await office.submitted_collective())
    clerk = (await office.done("wutai-clerk", "GET", "/v1/auth/me")).json()["person"]
    body = {
        "to_person_id": clerk["id"],
        "ends_at": (datetime.now(UTC) + timedelta(days=1)).isoformat(),
        "reason": "外出学习",
    }
    delegation = (await office.done("wutai-head", "POST", "/v1/auth/delegations", json=body)).json()
    head = (await office.done("wutai-head", "GET", "/v1/auth/me")).json()["person"]["full_name"]
    signed = await office.sign_acting("wutai-clerk", delegation["id"], case, clerk["full_name"])
    await office.done("wutai-head", "DELETE", f"/v1/auth/delegations/{delegation['id']}")
    events = (await office.done("wutai-clerk", "GET", f"/v1/nominations/{case}/events")).json()["items"]
    (actor,) = [event["actor"] for event in events if event["event"] == "unit_signed"]
    assert (signed.status_code, actor["name"], actor["acting_for"], actor["roles"]) == (
        201,
        clerk["full_name"],
        head,
        ["unit_head"],
    )
