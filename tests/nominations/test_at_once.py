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
