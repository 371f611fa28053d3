"""The unit: records in their order, publicity for five working days, the head signs."""

import hashlib
import json

import pytest
import rfc8785

from tests.factories import AFTER_PUBLICITY, OPENED, PICTURES, Office

DELIBERATION = {"held_on": "2025-02-07", "form": "ballot", "present": 9, "in_favour": 8}
INSPECTION = {"held_on": "2025-02-07", "inspectors": ["示例甲"], "result": "符合条件"}
MINUTES = (PICTURES / "certificate.jpg").read_bytes()
DECISION = {"held_on": "2025-02-07", "attendance": ["示例甲"], "decision": "同意推荐"}


async def refusal(office: Office, role: str, case: str, noun: str, body: dict):
    answer = await office.send(f"wutai-{role}", "POST", f"/v1/nominations/{case}/{noun}", json=body)
    return answer.status_code, [error["code"] for error in answer.json()["errors"]]


async def name_of(office: Office, username: str) -> str:
    return (await office.done(username, "GET", "/v1/auth/me")).json()["person"]["full_name"]


async def test_a_decision_before_deliberation_and_inspection_names_both_r50_r52(office):
    case = await office.submitted()
    assert await refusal(office, "clerk", case, "leadership-decisions", DECISION) == (
        409,
        ["staff_deliberation_missing", "inspection_missing"],
    )


async def test_an_inspection_before_the_deliberation_is_refused_r51(office):
    case = await office.submitted()
    assert await refusal(office, "clerk", case, "inspections", INSPECTION) == (409, ["staff_deliberation_missing"])


async def test_a_record_of_tomorrow_is_refused(office):
    case = await office.submitted()
    tomorrow = DELIBERATION | {"held_on": "2025-02-08"}
    assert await refusal(office, "clerk", case, "staff-deliberations", tomorrow) == (422, ["date_in_future"])


async def test_more_votes_than_people_are_refused_r50(office):
    case = await office.submitted()
    body = DELIBERATION | {"in_favour": 10}
    assert await refusal(office, "clerk", case, "staff-deliberations", body) == (422, ["more_than_present"])


async def test_an_inspection_before_the_day_of_the_deliberation_is_refused(office):
    case = await office.submitted()
    await office.step("clerk", case, "staff-deliberations", json=DELIBERATION)
    body = INSPECTION | {"held_on": "2025-02-06"}
    assert await refusal(office, "clerk", case, "inspections", body) == (422, ["out_of_order"])


async def test_a_record_made_again_supersedes_the_one_before(office):
    case = await office.submitted()
    await office.step("clerk", case, "staff-deliberations", json=DELIBERATION)
    again = await office.step("clerk", case, "staff-deliberations", json=DELIBERATION | {"present": 10})
    assert [(record["kind"], record["details"]["present"]) for record in again["records"]] == [
        ("staff_deliberation", 10)
    ]


async def test_a_vote_held_anew_is_inspected_anew_before_the_leadership_decides_r50_r52(office):
    case = await office.submitted()
    await office.step("clerk", case, "staff-deliberations", json=DELIBERATION | {"held_on": "2025-02-05"})
    await office.step("clerk", case, "inspections", json=INSPECTION | {"held_on": "2025-02-06"})
    again = await office.step("clerk", case, "staff-deliberations", json=DELIBERATION)
    assert [record["kind"] for record in again["records"]] == ["staff_deliberation"]
    assert await refusal(office, "clerk", case, "leadership-decisions", DECISION) == (409, ["inspection_missing"])


async def test_the_history_holds_the_hash_of_a_decision_and_of_its_minutes_r52(office):
    case = await office.submitted()
    await office.step("clerk", case, "staff-deliberations", json=DELIBERATION)
    await office.step("clerk", case, "inspections", json=INSPECTION)
    files = {"file": ("minutes.jpg", MINUTES, "image/jpeg")}
    data = {"kind": "meeting_minutes", "bundle_id": case}
    minutes = (await office.done("wutai-clerk", "POST", "/v1/documents", files=files, data=data)).json()
    of_nobody = DECISION | {"minutes_document_id": case}
    refused = await refusal(office, "clerk", case, "leadership-decisions", of_nobody)
    body = DECISION | {"minutes_document_id": minutes["id"]}
    decided = await office.step("clerk", case, "leadership-decisions", json=body)
    record = next(each for each in decided["records"] if each["kind"] == "leadership_decision")
    events = (await office.done("wutai-clerk", "GET", f"/v1/nominations/{case}/events")).json()["items"]
    assert (refused, events[-1]["details"]) == (
        (422, ["document_unknown"]),
        {
            "held_on": "2025-02-07",
            "record_hash": hashlib.sha256(rfc8785.dumps(record["details"])).hexdigest(),
            "minutes_sha256": hashlib.sha256(MINUTES).hexdigest(),
        },
    )


async def test_publicity_needs_the_decision_first_r53(office):
    case = await office.submitted()
    answer = await office.send("wutai-clerk", "POST", f"/v1/nominations/{case}/publicity-notices")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "wrong_status")


async def test_a_notice_opened_on_february_7_runs_to_the_end_of_february_13_r49(office):
    case = await office.decided()
    opened = (await office.step("clerk", case, "publicity-notices"))["publicity"]
    assert (opened["opened_on"], opened["closes_on"], opened["provisional"]) == ("2025-02-07", "2025-02-13", False)


async def test_the_head_signs_on_february_14_and_not_before_r49(office):
    case = await office.in_publicity()
    signature = {"signer_name": await name_of(office, "wutai-head")}
    await office.set_clock("2025-02-13T23:59:00+08:00")
    early = await office.send("wutai-head", "POST", f"/v1/nominations/{case}/unit-signatures", json=signature)
    await office.set_clock("2025-02-14T00:00:00+08:00")
    signed = await office.step("head", case, "unit-signatures", json=signature)
    await office.set_clock(OPENED)
    assert (early.status_code, early.json()["available_on"]) == (409, "2025-02-14")
    assert (signed["stage"], signed["status"], signed["signatures"][0]["box"]) == (
        "county",
        "under_review",
        "opinion_unit",
    )


async def test_the_head_signs_with_their_own_name_r167(office):
    case = await office.in_publicity()
    await office.set_clock(AFTER_PUBLICITY)
    assert await refusal(office, "head", case, "unit-signatures", {"signer_name": "他人"}) == (
        422,
        ["signer_is_not_you"],
    )


async def test_the_clerk_does_not_sign_for_the_head_r167(office):
    case = await office.in_publicity()
    await office.set_clock(AFTER_PUBLICITY)
    body = {"signer_name": await name_of(office, "wutai-clerk")}
    assert await refusal(office, "clerk", case, "unit-signatures", body) == (403, ["role_not_allowed"])


async def test_the_public_reads_the_notice_without_signing_in_and_nothing_private_r48(office, client):
    case = await office.in_publicity()
    notice_id = (await office.done("wutai-clerk", "GET", f"/v1/nominations/{case}")).json()["publicity"]["id"]
    notice = (await client.get(f"/v1/publicity-notices/{notice_id}")).json()
    private = {
        "resident_id_number",
        "mobile_phone",
        "employer_contact_phone",
        "employer_address",
        "birth_month",
        "resume",
    }
    assert (notice["content"]["full_name"], "deeds" in notice["content"], private & set(notice["content"])) == (
        "示例员工",
        True,
        set(),
    )


async def test_a_notice_stands_in_the_public_list(office, client):
    case = await office.in_publicity()
    notice_id = (await office.done("wutai-clerk", "GET", f"/v1/nominations/{case}")).json()["publicity"]["id"]
    page = await client.get("/v1/publicity-notices", params={"campaign_key": office.campaign, "page_size": 100})
    assert notice_id in {item["id"] for item in page.json()["items"]}


@pytest.mark.parametrize("role", ["clerk", "head"])
async def test_buttons_promise_what_the_server_does(office, role):
    """Every action is shown allowed or with the very reasons for which the command is refused (R69)."""
    case = await office.in_publicity()
    await office.set_clock(OPENED)
    shown = (await office.done(f"wutai-{role}", "GET", f"/v1/nominations/{case}")).json()["actions"]
    nouns = {
        "submit": ("submissions", None),
        "record_inspection": ("inspections", INSPECTION),
        "record_leadership_decision": ("leadership-decisions", DECISION),
        "open_publicity": ("publicity-notices", None),
        "sign_for_unit": ("unit-signatures", {"signer_name": await name_of(office, "wutai-head")}),
    }
    for state in shown:
        if state["action"] in nouns:
            noun, body = nouns[state["action"]]
            _, codes = await refusal(office, role, case, noun, body)
            assert (state["allowed"], [blocker["code"] for blocker in state["blockers"]]) == (False, codes)


async def test_a_returned_case_is_edited_and_goes_through_decision_and_publicity_again(office):
    case = await office.in_publicity()
    returned = await office.step("clerk", case, "reviews", json={"decision": "return", "reason": "事迹有误"})
    again = await office.step("clerk", case, "submissions")
    assert (returned["status"], returned["publicity"], again["status"]) == ("returned", None, "deliberation")


async def test_what_was_handed_in_is_fixed_by_its_hashes(office):
    case = await office.submitted()
    history = (await office.done("wutai-clerk", "GET", f"/v1/nominations/{case}/events")).json()["items"]
    submitted = next(item for item in history if item["event"] == "nomination_submitted")
    kinds = sorted(document["kind"] for document in submitted["details"]["documents"])
    assert (kinds, "sha256" in json.dumps(submitted)) == (
        ["id_card_back", "id_card_front", "portrait", "professional_title_certificate"],
        True,
    )
