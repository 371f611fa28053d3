"""Two people at one case in the same moment: one order of the two stands, never a mixture (real concurrency)."""

import asyncio

import pytest

from tests.factories import ENDORSE, Office


@pytest.fixture
def crowd(office) -> Office:
    return Office(office.client, "tests-at-once")


async def events(office: Office, case: str) -> list[str]:
    history = (await office.done("wutai-clerk", "GET", f"/v1/nominations/{case}/events")).json()
    assert history["intact"]
    return [event["event"] for event in history["items"]]


async def test_a_signature_and_a_return_at_once_leave_no_signature_in_force_r4(crowd):
    case = await crowd.at_county()
    await crowd.token("wutai-iit")
    answers = await asyncio.gather(
        crowd.send("wutai-hrss", "POST", f"/v1/nominations/{case}/reviews", json=ENDORSE),
        crowd.send(
            "wutai-iit", "POST", f"/v1/nominations/{case}/reviews", json={"decision": "return", "reason": "补充"}
        ),
    )
    read = (await crowd.done("wutai-hrss", "GET", f"/v1/nominations/{case}")).json()
    assert (answers[1].status_code, answers[0].status_code in (201, 409), read["status"], read["signatures"]) == (
        201,
        True,
        "returned",
        [],
    )


async def test_an_objection_and_the_heads_signature_at_once_are_both_kept_and_the_case_stops_r63(crowd):
    case = await crowd.in_publicity()
    notice = (await crowd.done("wutai-clerk", "GET", f"/v1/nominations/{case}")).json()["publicity"]["id"]
    await crowd.set_clock("2025-02-14T00:00:00+08:00")
    await crowd.set_up()
    me = (await crowd.done("wutai-head", "GET", "/v1/auth/me")).json()["person"]["full_name"]
    objection, signature = await asyncio.gather(
        crowd.client.post(f"/v1/publicity-notices/{notice}/objections", json={"content": "事迹与事实不符，请核实"}),
        crowd.send("wutai-head", "POST", f"/v1/nominations/{case}/unit-signatures", json={"signer_name": me}),
    )
    forward = "sign_for_unit" if signature.status_code == 409 else "endorse"
    who = "wutai-head" if signature.status_code == 409 else "wutai-hrss"
    actions = (await crowd.done(who, "GET", f"/v1/nominations/{case}")).json()["actions"]
    codes = [b["code"] for a in actions if a["action"] == forward for b in a["blockers"]]
    assert (objection.status_code, "objection_open" in codes) == (201, True)


async def test_a_report_and_a_return_at_once_never_report_a_returned_case_r59(crowd):
    case = await crowd.endorsed_by_county()
    await crowd.with_opinions(case)
    report = await crowd.report(case)
    handed_in, returned = await asyncio.gather(
        crowd.send("wutai-office", "POST", f"/v1/county-reports/{report}/submissions"),
        crowd.send(
            "wutai-hrss", "POST", f"/v1/nominations/{case}/reviews", json={"decision": "return", "reason": "补充"}
        ),
    )
    read = (await crowd.done("wutai-hrss", "GET", f"/v1/nominations/{case}")).json()
    outcome = (handed_in.is_success, returned.is_success, read["stage"], read["status"])
    assert outcome in {(True, False, "city", "under_review"), (False, True, "unit", "returned")}


async def test_a_report_and_a_withdrawal_at_once_leave_one_of_them_r13_r59(client):
    office = Office(client, "tests-withdrawing")
    case = await office.collective_at_county()
    await office.endorse(case)
    await office.with_opinions(case)
    report = await office.report(case, category="advanced_collective")
    await asyncio.gather(
        office.send("wutai-office", "POST", f"/v1/county-reports/{report}/submissions"),
        office.send("wutai-clerk", "POST", f"/v1/nominations/{case}/withdrawal", json={"reason": "本单位放弃"}),
    )
    await office.send("wutai-office", "DELETE", f"/v1/county-reports/{report}")  # where it was not handed in
    read = (await office.done("wutai-clerk", "GET", f"/v1/nominations/{case}")).json()
    accounts = (await office.done("wutai-office", "GET", f"/v1/campaigns/{office.campaign}/quota-accounts")).json()
    account = next(each for each in accounts["items"] if each["category"] == "advanced_collective")
    history = [event["event"] for event in (await history_of(office, case))["items"]]
    place = (read["stage"], read["status"], account["reserved"], account["consumed"])
    reported = "nomination_reported" in history
    assert place in {("county", "withdrawn", 0, 0), ("city", "withdrawn", 0, 1)}
    assert (place[0] == "city", history[-1]) == (reported, "nomination_withdrawn")


async def history_of(office: Office, case: str) -> dict:
    history = (await office.done("wutai-clerk", "GET", f"/v1/nominations/{case}/events")).json()
    assert history["intact"]
    return history


async def test_two_who_rank_the_citys_list_at_once_and_two_who_report_it_leave_one_order_r64(client):
    office = Office(client, "tests-withdrawing")
    first, second, _ = [await office.endorsed_by_city() for _ in range(3)]
    await office.set_clock("2025-02-21T09:00:00+08:00")
    body = {"campaign_key": office.campaign, "selection": {"advanced_collective": [first, second]}}
    path = f"/v1/city-lists/{(await office.done('city-office', 'POST', '/v1/city-lists', json=body)).json()['id']}"
    shown = await office.done("city-office", "POST", f"{path}/publicity-notices")
    await office.set_clock("2025-03-01T09:00:00+08:00")
    headers = {"If-Match": shown.headers["etag"]}

    async def rank(*order: str):
        ranking = {"ranking": {"advanced_collective": list(order)}}
        return await office.send("city-office", "PUT", f"{path}/ranking", json=ranking, headers=headers)

    one, other = await asyncio.gather(rank(first, second), rank(second, first))
    kept = one if one.is_success else other
    ranks = {item["nomination_id"]: item["rank"] for item in kept.json()["selection"]["advanced_collective"]}
    stands = (await office.done("city-office", "GET", path)).json()["selection"]["advanced_collective"]
    reports = await asyncio.gather(*(office.send("city-office", "POST", f"{path}/submissions") for _ in range(3)))
    assert sorted([one.status_code, other.status_code]) == [200, 412]
    assert ({item["nomination_id"]: item["rank"] for item in stands}, sorted(ranks.values())) == (ranks, [1, 2])
    assert sorted(answer.status_code for answer in reports) == [201, 409, 409]


async def test_ten_corrections_of_one_version_at_once_are_one_r48(crowd):
    case = await crowd.in_publicity()
    read = await crowd.done("wutai-clerk", "GET", f"/v1/nominations/{case}")
    body = {"form": read.json()["form"] | {"employer_contact_name": "示例丙"}, "reason": "更正联系人"}
    headers = {"If-Match": read.headers["ETag"]}
    path = f"/v1/nominations/{case}/corrections"
    answers = await asyncio.gather(
        *(crowd.send("wutai-clerk", "POST", path, json=body, headers=headers) for _ in range(10))
    )
    codes = sorted(answer.status_code for answer in answers)
    assert (codes, (await events(crowd, case)).count("publicity_corrected")) == (
        [201, *[412] * 9],
        1,
    )
