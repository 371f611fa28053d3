"""A warning asks for a reason, and the reason stays with the case (R16, R74, R97); eligibility explains itself."""

from datetime import date

import pytest

from services.nominations.cases.checking import content_findings
from tests.domain.sample_forms import complete_collective_form
from tests.domain.the_campaign import the_campaign
from tests.factories import OPENED, Office, complete_collective, complete_form

GAP = [
    {"from": "2008-07", "to": "2015-06", "organisation": "五台县示例铸造有限公司", "post": "技术员"},
    {"from": "2016-03", "organisation": "五台县示例铸造有限公司", "post": "车间主任"},
]
REASON = {"pointer": "/form/resume/1/from", "code": "resume_gap", "reason": "其间脱产进修"}


async def submit(office: Office, case: str, *explanations):
    body = {"explanations": list(explanations)}
    return await office.send("wutai-clerk", "POST", f"/v1/nominations/{case}/submissions", json=body)


async def test_a_warning_without_a_reason_stops_the_submission_and_is_named_r190(office):
    await office.set_clock(OPENED)
    answer = await submit(office, await office.ready(complete_form(resume=GAP)))
    assert (answer.status_code, [(e["pointer"], e["code"]) for e in answer.json()["errors"]]) == (
        422,
        [("/form/resume/1/from", "reason_required")],
    )


async def test_with_its_reason_the_case_goes_on_and_reviewers_read_the_reason_r97(office):
    await office.set_clock(OPENED)
    case = await office.ready(complete_form(resume=GAP))
    submitted = (await submit(office, case, REASON)).json()
    (explained,) = submitted["explanations"]
    assert (submitted["status"], {key: explained[key] for key in REASON}) == ("deliberation", REASON)


async def test_a_reason_for_another_place_explains_nothing(office):
    await office.set_clock(OPENED)
    case = await office.ready(complete_form(resume=GAP))
    answer = await submit(office, case, REASON | {"pointer": "/form/resume/0/from"})
    assert answer.status_code == 422


async def test_a_reason_given_once_is_not_asked_again_after_a_return_r97(office):
    await office.set_clock(OPENED)
    case = await office.ready(complete_form(resume=GAP))
    await submit(office, case, REASON)
    await office.step("clerk", case, "reviews", json={"decision": "return", "reason": "补充材料"})
    check = await office.step("clerk", case, "checks")
    assert (check["ready"], [warning["reason"] for warning in check["warnings"]]) == (True, ["其间脱产进修"])


async def test_a_collective_that_is_no_manufacturer_needs_a_reason_r16(office):
    await office.set_clock(OPENED)
    bureau = {"collective_nature": "government_body", "scope": "supporting_organisation"}
    case = await office.collective(complete_collective(**bureau))
    refused = await submit(office, case)
    reason = {"pointer": "/form/is_manufacturing", "code": "not_preferred", "reason": "本地无符合条件的制造业企业"}
    assert ([e["requirement"] for e in refused.json()["errors"]], (await submit(office, case, reason)).status_code) == (
        ["R16"],
        201,
    )


@pytest.mark.parametrize("changes", [{"collective_nature": "government_body"}, {"is_manufacturing": False}])
async def test_what_is_no_manufacturer_is_not_submitted_as_one_r9(office, changes):
    await office.set_clock(OPENED)
    case = await office.collective(complete_collective(**changes))
    reason = {"pointer": "/form/is_manufacturing", "code": "not_preferred", "reason": "本地无符合条件的制造业企业"}
    refused = await submit(office, case, reason)
    assert [(e["pointer"], e["code"], e["requirement"]) for e in refused.json()["errors"]] == [
        ("/form/scope", "scope_does_not_fit", "R9")
    ]


def test_what_a_form_no_longer_asks_speaks_neither_for_nor_against_r9_r16():
    bureau = {"collective_nature": "government_body", "scope": "supporting_organisation"}
    values = complete_collective_form() | bureau | {"credit_code": "91110000600037341L"}
    found = content_findings(the_campaign(), "advanced_collective", values, quota_unit="140922", today=date(2025, 2, 7))
    assert [(finding.pointer, finding.code) for finding in found] == [("/form/is_manufacturing", "not_preferred")]


async def test_a_high_rank_is_a_notice_once_its_reason_is_written_r74(office):
    await office.set_clock(OPENED)
    form = complete_form(administrative_rank="副处级", rank_reason="长期在一线，贡献突出。")
    check = await office.step("clerk", await office.ready(form), "checks")
    codes = [notice["code"] for notice in check["notices"]]
    assert (check["ready"], codes[0], set(codes[1:])) == (True, "rank_needs_city_approval", {"document_for_a_person"})


async def test_the_dry_run_explains_every_criterion_r44(office):
    await office.set_clock(OPENED)
    check = await office.step("clerk", await office.ready(), "checks")
    outcomes = {each["key"]: each["outcome"] for each in check["eligibility"]}
    assert (set(outcomes.values()), outcomes["years_of_work"]) == ({"met"}, "met")


async def test_counting_is_an_endpoint_and_needs_no_account_r131(client):
    answer = await client.post("/v1/character-counts", json={"text": "他2024年获奖3项。AI、CNC", "limit": 1500})
    assert answer.json() == {"count": 11, "code_points": 17, "limit": 1500}


async def test_each_answer_counts_its_deeds_r131(office):
    body = (await office.draft({"deeds": "扎根一线。"})).json()
    assert body["character_counts"] == {"deeds": {"count": 5, "code_points": 5, "limit": 1500}}
