"""After the list: awards and their recovery, disqualification by two people, late counties (R98–R104, R107–R109, R113)."""

import pytest

from tests.factories import OPENED, Office, complete_collective

REJECT = {"decision": "reject", "reason": "不符合条件"}
COLLECTIVE = "advanced_collective"
FRAUD = {"ground": "fraud", "finding": "经查实，事迹系伪造。"}
GRANTED = {
    "granted_on": "2025-03-01",
    "decision_number": "示例函〔2025〕1号",
    "serials": {"奖牌": "JP-1", "证书": "ZS-1"},
}


@pytest.fixture(scope="module")
async def reported(client) -> tuple[Office, str, str]:
    """Two cases of one list, reported to the province."""
    office = Office(client, "tests-city")
    return office, *await two_reported(office)


async def two_reported(office: Office) -> tuple[str, str]:
    first, second, _ = [await office.endorsed_by_city() for _ in range(3)]
    await office.set_clock("2025-02-21T09:00:00+08:00")
    body = {"campaign_key": office.campaign, "selection": {COLLECTIVE: [first, second]}}
    city_list = (await office.done("city-office", "POST", "/v1/city-lists", json=body)).json()["id"]
    path = f"/v1/city-lists/{city_list}"
    shown = await office.done("city-office", "POST", f"{path}/publicity-notices")
    await office.set_clock("2025-03-01T09:00:00+08:00")
    ranking = {"ranking": {COLLECTIVE: [first, second]}}
    headers = {"If-Match": shown.headers["etag"]}
    await office.done("city-office", "PUT", f"{path}/ranking", json=ranking, headers=headers)
    await office.done("city-office", "POST", f"{path}/submissions")
    return first, second


async def post(office: Office, case: str, noun: str, body=None, *, username: str = "city-office"):
    return await office.send(username, "POST", f"/v1/nominations/{case}/{noun}", json=body)


async def test_an_award_is_granted_revoked_and_recovered_one_by_one_r103_r104_r107_r108(reported, client):
    office, case, other = reported
    partial = GRANTED | {"serials": {"证书": "ZS-1"}}
    refused = await post(office, case, "award", partial)
    granted = await post(office, case, "award", GRANTED)
    early = await post(office, case, "award/recoveries", {"grant": "证书", "recovered_on": "2026-03-02"})
    revoked = await post(office, case, "award/revocation", {"reason": "发生违纪违法行为"})
    ahead = await post(office, case, "award/recoveries", {"grant": "证书", "recovered_on": "2025-03-02"})
    back = await post(office, case, "award/recoveries", {"grant": "证书", "recovered_on": "2025-03-01"})
    shown = (await client.get("/v1/awards", params={"campaign_key": office.campaign})).json()["items"]
    not_granted = await post(office, other, "no-award", {"reason": "省级差额未入选"})
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/serials/奖牌"]
    assert (granted.status_code, early.status_code, revoked.json()["to_recover"], back.json()["to_recover"]) == (
        201,
        422,
        ["奖牌", "证书"],
        ["奖牌"],
    )
    assert [(award["status"], award["decision_number"]) for award in shown] == [("revoked", "示例函〔2025〕1号")]
    assert not_granted.json()["status"] == "not_awarded"
    assert [(e["pointer"], e["code"]) for e in ahead.json()["errors"]] == [("/recovered_on", "date_in_future")]


async def test_whoever_signed_for_a_case_at_any_level_finds_its_result_in_their_notices(client, jobs):
    office = Office(client, "tests-signers")
    awarded, not_awarded = await two_reported(office)
    await post(office, awarded, "award", GRANTED)
    await post(office, not_awarded, "no-award", {"reason": "省级差额未入选"})
    await jobs()
    results = {awarded: "award_recorded", not_awarded: "no_award_recorded"}
    heard = []
    for who in ("wutai-clerk", "wutai-head", "wutai-hrss", "wutai-iit", "city-hrss", "city-iit"):
        answer = await office.done(who, "GET", "/v1/notifications", params={"page_size": 100})
        told = {(each["nomination_id"], each["kind"]) for each in answer.json()["items"]}
        heard.append((who, [case for case, kind in results.items() if (case, kind) in told]))
    assert [who for who, cases in heard if cases != [awarded, not_awarded]] == []


def test_individuals_are_granted_a_certificate_and_a_bonus_r107_r109():
    from tests.domain.the_campaign import the_campaign  # noqa: PLC0415  a fact of the campaign, read here only

    assert the_campaign().category("advanced_individual").grants == ("证书", "一次性奖金")


async def seats(office: Office) -> tuple[int, int]:
    """Reserved and forfeited seats of 五台县 for collectives."""
    answer = await office.done("wutai-office", "GET", f"/v1/campaigns/{office.campaign}/quota-accounts")
    account = next(item for item in answer.json()["items"] if item["category"] == COLLECTIVE)
    return account["reserved"], account["forfeited"]


async def disqualify(office: Office, case: str, *, first: str, second: str):
    path = f"/v1/nominations/{case}/disqualification"
    await office.done(first, "PUT", path, json=FRAUD)
    return await office.second_removal(second, case)


async def at_the_county(office: Office) -> str:
    case = await office.submitted_collective()
    await office.decide(case)
    await office.step("clerk", case, "publicity-notices")
    return await office.sign(case)


async def test_fraud_takes_the_seat_with_it_and_two_people_decide_r98_r99(client):
    office = Office(client, "tests-fraud")
    case = await at_the_county(office)
    before = await seats(office)
    alone = await disqualify(office, case, first="wutai-office", second="wutai-office")
    unchanged = await seats(office)
    decided = await disqualify(office, case, first="wutai-office", second="wutai-hrss")
    assert (before, alone.status_code, alone.json()["code"], unchanged) == ((1, 0), 409, "second_person_needed", (1, 0))
    assert (decided.json()["status"], await seats(office)) == ("disqualified", (0, 1))


async def test_nobody_disqualifies_by_a_finding_that_they_never_read_r97_r98(client):
    office = Office(client, "tests-fraud")
    case = await at_the_county(office)
    path = f"/v1/nominations/{case}/disqualification"
    mild = {"ground": "procedure", "finding": "未按规定程序公示。"}
    read = (await office.done("wutai-office", "PUT", path, json=mild)).json()["proposed_at"]
    harsh = (await office.done("wutai-office", "PUT", path, json=FRAUD)).json()["proposed_at"]
    seconding = f"{path}/seconding"
    unread = await office.send("wutai-hrss", "POST", seconding, json={"proposed_at": read})
    unnamed = await office.send("wutai-hrss", "POST", seconding, json={})
    status = (await office.done("wutai-office", "GET", f"/v1/nominations/{case}")).json()["status"]
    decided = await office.send("wutai-hrss", "POST", seconding, json={"proposed_at": harsh})
    assert (unread.status_code, unread.json()["code"]) == (409, "proposal_changed")
    assert (unnamed.status_code, unnamed.json()["errors"][0]["pointer"], status) == (
        422,
        "/proposed_at",
        "under_review",
    )
    assert (decided.status_code, decided.json()["status"]) == (201, "disqualified")


async def proposed(office: Office) -> str:
    """A case at the county whose disqualification one person has proposed."""
    case = await at_the_county(office)
    await office.done("wutai-office", "PUT", f"/v1/nominations/{case}/disqualification", json=FRAUD)
    return case


def codes(answer) -> list[str]:
    return [error["code"] for error in answer.json().get("errors", [])]


async def test_a_unit_does_not_save_its_seat_by_withdrawing_before_fraud_is_decided_r98_r99(client):
    office = Office(client, "tests-fraud")
    case = await proposed(office)
    before = await seats(office)
    reason = {"reason": "单位自行撤回"}
    withdrawn = await office.send("wutai-clerk", "POST", f"/v1/nominations/{case}/withdrawal", json=reason)
    rejected = await office.send("wutai-hrss", "POST", f"/v1/nominations/{case}/reviews", json=REJECT)
    items = {"items": [{"nomination_id": case} | reason]}
    many = await office.send("wutai-clerk", "POST", "/v1/nomination-withdrawals", json=items)
    reviews = {"items": [{"nomination_id": case} | REJECT]}
    reviewed = await office.send("wutai-hrss", "POST", "/v1/nomination-reviews", json=reviews)
    assert (codes(withdrawn), codes(rejected)) == (["removal_pending"], ["removal_pending"])
    for bulk in (many, reviewed):
        (item,) = bulk.json()["items"]
        assert [error["code"] for error in item["problem"]["errors"]] == ["removal_pending"]
    await office.second_removal("wutai-hrss", case)
    assert await seats(office) == (before[0] - 1, before[1] + 1)


@pytest.mark.parametrize("username", ["wutai-office", "wutai-hrss"])
async def test_a_proposal_taken_back_or_declined_frees_the_case_r98(client, username):
    office = Office(client, "tests-fraud")
    case = await proposed(office)
    path = f"/v1/nominations/{case}/disqualification"
    dropped, again = [await office.send(username, "DELETE", path) for _ in range(2)]
    withdrawn = await office.send("wutai-clerk", "POST", f"/v1/nominations/{case}/withdrawal", json={"reason": "另荐"})
    assert (dropped.status_code, again.status_code, withdrawn.status_code) == (200, 404, 201)


@pytest.mark.parametrize(("username", "status"), [("wutai-clerk", 403), ("dingxiang-office", 404)])
async def test_no_unit_and_no_other_county_drops_what_was_proposed_r98(client, username, status):
    office = Office(client, "tests-fraud")
    case = await proposed(office)
    answer = await office.send(username, "DELETE", f"/v1/nominations/{case}/disqualification")
    await office.done("wutai-office", "DELETE", f"/v1/nominations/{case}/disqualification")
    assert answer.status_code == status


async def test_what_was_decided_is_not_taken_back_r98(client):
    office = Office(client, "tests-fraud")
    case = await at_the_county(office)
    await disqualify(office, case, first="wutai-office", second="wutai-hrss")
    answer = await office.send("wutai-office", "DELETE", f"/v1/nominations/{case}/disqualification")
    assert (answer.status_code, codes(answer)) == (409, ["wrong_status"])


async def test_who_was_disqualified_is_not_nominated_again_r98_r101(client):
    office = Office(client, "tests-fraud")
    case = await at_the_county(office)
    name = (await office.done("wutai-clerk", "GET", f"/v1/nominations/{case}")).json()["name"]
    await disqualify(office, case, first="wutai-office", second="wutai-iit")
    await office.set_clock(OPENED)
    again = await office.collective(complete_collective(collective_name=name))
    answer = await office.send("wutai-clerk", "POST", f"/v1/nominations/{again}/submissions")
    assert (answer.status_code, answer.json()["code"]) == (409, "already_nominated")


@pytest.mark.parametrize("username", ["wutai-clerk", "wutai-head"])
async def test_no_unit_disqualifies_r98(client, username):
    office = Office(client, "tests-fraud")
    await office.set_clock(OPENED)
    case = await office.collective()
    answer = await office.send(username, "PUT", f"/v1/nominations/{case}/disqualification", json=FRAUD)
    assert answer.status_code == 403


async def test_a_late_county_reports_only_where_the_city_opens_again_r113(client):
    office = Office(client, "tests-late")
    await office.set_clock(OPENED)
    case = await office.collective()
    await office.set_clock("2025-03-01T00:00:00+08:00")
    path = f"/v1/nominations/{case}/submissions"
    late = await office.send("wutai-clerk", "POST", path)
    body = {"quota_unit": "140922", "until": "2025-03-03T18:00:00+08:00", "reason": "大雪封路，材料延误"}
    reopenings = f"/v1/campaigns/{office.campaign}/reopenings"
    opened = await office.send("city-office", "POST", reopenings, json=body)
    seconding = f"{reopenings}/{opened.json()['id']}/seconding"
    alone = await office.send("city-office", "POST", seconding)
    by_one = await office.send("wutai-clerk", "POST", path)
    seconded = await office.send("city-hrss", "POST", seconding)
    again = await office.send("wutai-clerk", "POST", path)
    assert [[error["code"] for error in answer.json()["errors"]] for answer in (late, by_one)] == [
        ["deadline_passed"],
        ["deadline_passed"],
    ]
    assert (opened.status_code, alone.json()["code"]) == (201, "second_person_needed")
    assert (seconded.status_code, again.status_code) == (201, 201)


async def test_what_came_in_time_and_the_city_returns_later_is_not_late_r113(client):
    office = Office(client, "tests-late")
    case = await office.submitted_collective()
    await office.to_the_city(case)
    await office.set_clock("2025-03-03T09:00:00+08:00")
    await office.step("city-hrss", case, "reviews", json={"decision": "return", "reason": "数据有误"})
    answer = await office.send("wutai-clerk", "POST", f"/v1/nominations/{case}/submissions")
    assert answer.status_code == 201, answer.text


async def test_nobody_else_gets_in_behind_who_came_in_time_r112_r113(client):
    office = Office(client, "tests-late")
    case = await office.submitted_collective()
    await office.to_the_city(case)
    await office.set_clock("2025-03-05T09:00:00+08:00")
    await office.step("city-hrss", case, "reviews", json={"decision": "return", "reason": "数据有误"})
    await office.pass_on(case, "山西省忻州市五台县示例另一制造有限公司")
    answer = await office.send("wutai-clerk", "POST", f"/v1/nominations/{case}/submissions")
    assert [error["code"] for error in answer.json()["errors"]] == ["deadline_passed"]


async def test_who_took_another_place_in_time_is_not_late_when_the_city_returns_it_again_r113(client):
    office = Office(client, "tests-late")
    case = await office.submitted_collective()
    await office.to_the_city(case)
    await office.step("city-hrss", case, "reviews", json={"decision": "return", "reason": "数据有误"})
    await office.set_clock(OPENED)
    await office.pass_on(case, "山西省忻州市五台县示例又一制造有限公司")
    await office.step("clerk", case, "submissions")
    await office.to_the_city(case)
    await office.set_clock("2025-03-05T09:00:00+08:00")
    await office.step("city-hrss", case, "reviews", json={"decision": "return", "reason": "数据有误"})
    answer = await office.send("wutai-clerk", "POST", f"/v1/nominations/{case}/submissions")
    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize(("username", "status"), [("wutai-office", 403), ("city-hrss", 403)])
async def test_only_the_citys_office_opens_again_r113(client, username, status):
    office = Office(client, "tests-late")
    body = {"quota_unit": "140922", "until": "2030-03-03T18:00:00+08:00", "reason": "测试"}
    answer = await office.send(username, "POST", f"/v1/campaigns/{office.campaign}/reopenings", json=body)
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("change", "pointer"), [({"quota_unit": "999999"}, "/quota_unit"), ({"until": "2020-01-01T00:00:00Z"}, "/until")]
)
async def test_a_reopening_names_a_county_and_a_time_to_come_r113(client, change, pointer):
    office = Office(client, "tests-late")
    body = {"quota_unit": "140922", "until": "2030-03-03T18:00:00+08:00", "reason": "测试"} | change
    answer = await office.send("city-office", "POST", f"/v1/campaigns/{office.campaign}/reopenings", json=body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
