"""Many cases in one call: each is done or refused by itself, by the same rules, with the same history as if done singly."""

import asyncio

import pytest

from tests.factories import ENDORSE, Office

REVIEWS = "/v1/nomination-reviews"


@pytest.fixture
async def county(client) -> Office:
    return Office(client, "tests-bulk")


async def two_at_the_county(office: Office) -> list[str]:
    return [await office.collective_at_county() for _ in range(2)]


def endorsing(*cases: str, **more) -> dict:
    return {"items": [{"nomination_id": case, **ENDORSE} for case in cases], **more}


async def review(office: Office, body: dict, *, who: str = "wutai-hrss", **more):
    return await office.send(who, "POST", REVIEWS, json=body, **more)


async def events_of(office: Office, case: str) -> list[str]:
    items = (await office.done("wutai-office", "GET", f"/v1/nominations/{case}/events")).json()["items"]
    return [item["event"] for item in items]


def outcomes(answer) -> list[tuple[str, str | None]]:
    return [(item["outcome"], (item["problem"] or {}).get("code")) for item in answer.json()["items"]]


async def test_one_call_signs_many_cases_and_each_history_reads_as_if_it_were_alone_r4(county):
    one, two, singly = [*await two_at_the_county(county), await county.collective_at_county()]
    answer = await review(county, endorsing(one, two))
    await county.step("hrss", singly, "reviews", json=ENDORSE)
    assert (answer.status_code, answer.json()["done"], outcomes(answer)) == (200, 2, [("done", None), ("done", None)])
    histories = [await events_of(county, case) for case in (one, two, singly)]
    assert histories[0] == histories[1] == histories[2]


async def test_a_case_that_is_refused_stops_no_other_and_says_what_the_single_call_says(county):
    fine, signed = await two_at_the_county(county)
    await county.step("hrss", signed, "reviews", json=ENDORSE)
    foreign = "0199b3a2-c5d8-7e10-a1b2-c3d4e5f60718"
    alone = (await county.send("wutai-hrss", "POST", f"/v1/nominations/{signed}/reviews", json=ENDORSE)).json()
    answer = await review(county, endorsing(signed, foreign, fine))
    said = answer.json()["items"][0]["problem"]
    assert outcomes(answer) == [("refused", alone["code"]), ("refused", "not_found"), ("done", None)]
    assert [error["code"] for error in said["errors"]] == [error["code"] for error in alone["errors"]]


async def test_a_row_of_every_list_carries_the_etag_that_guards_a_bulk_action(county):
    case = await county.collective_at_county()
    read = (await county.done("wutai-hrss", "GET", f"/v1/nominations/{case}")).headers["etag"]
    params = {"campaign_key": county.campaign, "page_size": 100}
    name = {"campaign_key": county.campaign, "name_starts": "山西省忻州市五台县", "page_size": 100}
    pages = [
        (await county.done("wutai-hrss", "GET", "/v1/nominations", params=params)).json(),
        (await county.done("wutai-hrss", "GET", "/v1/work-items", params=params)).json(),
        (await county.done("wutai-hrss", "POST", "/v1/nominations/searches", json=name)).json(),
    ]
    assert [row["etag"] for page in pages for row in page["items"] if row["id"] == case] == [read] * 3


async def test_a_dry_run_says_what_would_come_of_each_and_changes_nothing(county):
    one, two = await two_at_the_county(county)
    await county.step("hrss", two, "reviews", json=ENDORSE)
    before = [await events_of(county, case) for case in (one, two)]
    rehearsed = await review(county, endorsing(one, two, dry_run=True))
    assert [await events_of(county, case) for case in (one, two)] == before
    done = await review(county, endorsing(one, two))
    assert (rehearsed.json()["dry_run"], outcomes(rehearsed)) == (True, outcomes(done))


async def test_a_call_sent_again_under_its_key_is_done_once_and_answered_again(county):
    one, two = await two_at_the_county(county)
    key = {"Idempotency-Key": f"bulk-{one}"}
    first, again = [await review(county, endorsing(one, two), headers=key) for _ in range(2)]
    other = await review(county, endorsing(one), headers=key)
    signed = [(await events_of(county, case)).count("review_endorsed") for case in (one, two)]
    assert (again.json(), signed, other.json()["code"]) == (first.json(), [1, 1], "idempotency_key_reused")


async def test_a_call_that_was_cut_off_goes_on_where_it_was(county):
    """Its first half was done; sent again, that half is answered and the rest is done."""
    one, two = await two_at_the_county(county)
    key = {"Idempotency-Key": f"bulk-cut-{one}"}
    answers = await asyncio.gather(*(review(county, endorsing(one, two), headers=key) for _ in range(3)))
    assert [answer.json()["done"] for answer in answers] == [2, 2, 2]


async def test_a_case_that_changed_since_it_was_looked_at_is_refused_with_both_versions(county):
    case = await county.collective_at_county()
    seen = (await county.done("wutai-hrss", "GET", f"/v1/nominations/{case}")).headers["etag"]
    await county.step("iit", case, "reviews", json=ENDORSE)
    answer = await review(county, {"items": [{"nomination_id": case, "etag": seen, **ENDORSE}]})
    assert outcomes(answer) == [("refused", "version_conflict")]


async def test_cases_are_returned_each_with_its_own_reason_r168(county):
    one, two = await two_at_the_county(county)
    back = [
        {"nomination_id": case, "decision": "return", "reason": f"第{n}件须补充"} for n, case in enumerate((one, two))
    ]
    answer = await review(county, {"items": back})
    reasons = [
        (await county.done("wutai-clerk", "GET", f"/v1/nominations/{case}")).json()["returned"]["reason"]
        for case in (one, two)
    ]
    assert (answer.json()["done"], reasons) == (2, ["第0件须补充", "第1件须补充"])


async def test_a_case_stands_in_a_call_once(county):
    case = await county.collective_at_county()
    answer = await review(county, endorsing(case, case))
    errors = [(error["pointer"], error["code"]) for error in answer.json()["errors"]]
    assert (answer.status_code, errors) == (422, [("/items/1", "listed_twice")])


@pytest.mark.parametrize("number", [0, 201])
async def test_a_call_holds_between_one_and_two_hundred_cases(county, number):
    items = [{"nomination_id": f"0199b3a2-c5d8-7e10-a1b2-{n:012d}", **ENDORSE} for n in range(number)]
    assert (await review(county, {"items": items})).status_code == 422


async def test_who_reviews_nothing_is_refused_once(county):
    answer = await review(county, endorsing("0199b3a2-c5d8-7e10-a1b2-c3d4e5f60718"), who="wutai-head")
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


async def test_the_head_signs_many_cases_and_each_goes_up_r167(county):
    cases = [await county.walk_to_publicity(await county.submitted_collective()) for _ in range(2)]
    await county.set_clock("2025-02-14T09:00:00+08:00")
    me = (await county.done("wutai-head", "GET", "/v1/auth/me")).json()["person"]["full_name"]
    body = {"signer_name": me, "items": [{"nomination_id": case} for case in cases]}
    rehearsed = await county.done("wutai-head", "POST", "/v1/nomination-signatures", json=body | {"dry_run": True})
    answer = await county.done("wutai-head", "POST", "/v1/nomination-signatures", json=body)
    places = [(item["stage"], item["status"]) for item in answer.json()["items"]]
    assert (outcomes(rehearsed), places) == (outcomes(answer), [("county", "under_review")] * 2)


async def test_a_unit_takes_many_cases_back_and_every_seat_is_free_again(county):
    cases = [await county.submitted_collective() for _ in range(2)]
    body = {"items": [{"nomination_id": case, "reason": "材料不齐"} for case in cases]}
    answer = await county.done("wutai-clerk", "POST", "/v1/nomination-withdrawals", json=body)
    assert [item["status"] for item in answer.json()["items"]] == ["withdrawn", "withdrawn"]
