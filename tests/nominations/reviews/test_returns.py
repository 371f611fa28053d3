"""A case goes back with the fields that it goes back for, to the unit or to the nominee (R57, A30)."""

from tests.factories import ON_BEHALF, OPENED, Office, complete_form, new_identity
from tests.nominations.cases.test_warnings import GAP, REASON

DEEDS = {"pointer": "/form/deeds", "message": "请补充近三年的产值数据"}
RETURN = {"decision": "return", "reason": "事迹材料不够具体", "fields": [DEEDS]}


async def send_back(office: Office, case: str, **changes):
    return await office.send("wutai-hrss", "POST", f"/v1/nominations/{case}/reviews", json=RETURN | changes)


async def test_the_unit_reads_which_fields_the_county_asks_about_r57(office):
    case = await office.at_county()
    await send_back(office, case)
    returned = (await office.done("wutai-clerk", "GET", f"/v1/nominations/{case}")).json()["returned"]
    assert {key: returned[key] for key in ("stage", "addressee", "reason", "fields")} == {
        "stage": "county",
        "addressee": "unit",
        "reason": "事迹材料不够具体",
        "fields": [DEEDS],
    }


async def test_a_case_goes_back_to_the_nominee_for_what_the_nominee_fills_r57(office):
    case = await office.at_county()
    body = (await send_back(office, case, return_to="nominee")).json()
    assert (body["status"], body["returned"]["addressee"]) == ("returned", "nominee")


async def test_a_case_does_not_go_back_to_the_nominee_for_what_the_unit_fills_r57(office):
    case = await office.at_county()
    fields = [DEEDS, {"pointer": "/form/employer_address", "message": "请核对"}]
    problem = (await send_back(office, case, return_to="nominee", fields=fields)).json()
    assert [(e["pointer"], e["code"]) for e in problem["errors"]] == [("/fields/1/pointer", "field_of_the_unit")]


async def test_a_field_that_the_form_does_not_have_is_refused_r57(office):
    case = await office.at_county()
    problem = (await send_back(office, case, fields=[{"pointer": "/form/no_such", "message": "请核对"}])).json()
    assert [(e["pointer"], e["code"]) for e in problem["errors"]] == [("/fields/0/pointer", "unknown_field")]


async def test_a_document_may_be_asked_for_again_r57(office):
    case = await office.at_county()
    fields = [{"pointer": "/documents/portrait", "message": "照片与本人不符"}]
    assert (await send_back(office, case, fields=fields)).json()["returned"]["fields"] == fields


async def test_a_return_without_a_reason_is_refused_r97(office):
    case = await office.at_county()
    problem = (await send_back(office, case, reason=" ")).json()
    assert [error["pointer"] for error in problem["errors"]] == ["/reason"]


async def test_submitting_again_answers_the_return_r57(office):
    case = await office.at_county()
    await send_back(office, case)
    await office.step("clerk", case, "submissions")
    body = (await office.done("wutai-clerk", "GET", f"/v1/nominations/{case}")).json()
    assert (body["status"], body["returned"]) == ("deliberation", None)


async def put(office: Office, case: str, **changes):
    answer = await office.save(case, **changes)
    assert answer.is_success, answer.text
    await office.step("clerk", case, "confirmations", json=ON_BEHALF)


async def saved(office: Office, case: str, **changes):
    await put(office, case, **changes)
    return (await office.done("wutai-office", "GET", f"/v1/nominations/{case}")).json()


async def test_what_was_said_of_one_person_is_not_said_of_another_r50_r58_r77_r80(office):
    case = await office.at_county()
    await office.with_opinions(case)
    await send_back(office, case)
    corrected = await saved(office, case, full_name="示例更名")
    number, month = new_identity()
    replaced = await saved(office, case, resident_id_number=number, birth_month=month)
    said = [
        ([r["kind"] for r in each["records"]], [o["authority"] for o in each["opinions"]])
        for each in (corrected, replaced)
    ]
    assert said == [
        (["staff_deliberation", "inspection", "leadership_decision", "self_review"], ["public_security"]),
        ([], []),
    ]


async def test_another_person_is_voted_on_anew_before_the_leadership_decides_r50(office):
    case = await office.at_county()
    await send_back(office, case)
    number, month = new_identity()
    await saved(office, case, resident_id_number=number, birth_month=month)
    await office.step("clerk", case, "submissions")
    decision = {"held_on": "2025-02-14", "attendance": ["示例甲"], "decision": "同意推荐"}
    answer = await office.send("wutai-clerk", "POST", f"/v1/nominations/{case}/leadership-decisions", json=decision)
    assert [error["code"] for error in answer.json()["errors"]] == ["staff_deliberation_missing", "inspection_missing"]


async def test_nobody_takes_the_seat_of_somebody_whose_disqualification_is_proposed_r98_r99(office):
    case = await office.at_county()
    path = f"/v1/nominations/{case}/disqualification"
    found = {"ground": "fraud", "finding": "经查实，事迹系伪造。"}
    proposed = (await office.done("wutai-office", "PUT", path, json=found)).json()
    await send_back(office, case)
    number, month = new_identity()
    refused = await office.save(case, resident_id_number=number, birth_month=month)
    named = {"proposed_at": proposed["proposed_at"]}
    seconded = await office.send("wutai-hrss", "POST", f"{path}/seconding", json=named)
    assert [error["code"] for error in refused.json()["errors"]] == ["removal_pending"]
    assert seconded.json()["status"] == "disqualified"


async def test_once_a_finding_is_taken_back_the_case_may_pass_to_somebody_else_r98(office):
    case = await office.at_county()
    path = f"/v1/nominations/{case}/disqualification"
    await office.done("wutai-office", "PUT", path, json={"ground": "fraud", "finding": "经查，尚不属实。"})
    await send_back(office, case)
    await office.done("wutai-office", "DELETE", path)
    number, month = new_identity()
    await saved(office, case, resident_id_number=number, birth_month=month)
    assert (await office.send("wutai-office", "GET", path)).status_code == 404


async def test_a_finding_stands_over_a_return_of_the_same_person_r98(office):
    case = await office.at_county()
    path = f"/v1/nominations/{case}/disqualification"
    await office.done("wutai-office", "PUT", path, json={"ground": "fraud", "finding": "经查实，事迹系伪造。"})
    await send_back(office, case)
    await saved(office, case, full_name="示例更名")
    assert (await office.second_removal("wutai-hrss", case)).json()["status"] == "disqualified"


async def test_a_reason_given_for_one_person_is_none_for_another_r97(office):
    await office.set_clock(OPENED)
    case = await office.ready(complete_form(resume=GAP))
    await office.step("clerk", case, "submissions", json={"explanations": [REASON]})
    await office.step("clerk", case, "reviews", json={"decision": "return", "reason": "更换推荐对象"})
    number, month = new_identity()
    await put(office, case, resident_id_number=number, birth_month=month)
    again = await office.send("wutai-clerk", "POST", f"/v1/nominations/{case}/submissions")
    assert [(e["pointer"], e["code"]) for e in again.json()["errors"]] == [(REASON["pointer"], "reason_required")]
