"""The county's report before it is handed in: proposed, rewritten, thrown away, and every open gate shown (R69, R114)."""

import pytest

from tests.factories import CATEGORY, OPENED, Office

SECTIONS = dict.fromkeys(("organisation", "process", "consultation", "publicity", "recommendation"), "示例")


@pytest.fixture
def county(office) -> Office:
    return Office(office.client, "tests-county-report")


async def report_of(office: Office, report: str):
    return await office.done("wutai-office", "GET", f"/v1/county-reports/{report}")


async def save(office: Office, report: str, body: dict, etag: str):
    headers = {"If-Match": etag}
    return await office.send("wutai-office", "PUT", f"/v1/county-reports/{report}", json=body, headers=headers)


async def test_the_proposal_is_written_from_the_endorsed_cases_r114(county):
    office = Office(county.client, "tests-report-proposal")
    case = await office.endorsed_by_county()
    proposal = (
        await office.done("wutai-office", "GET", f"/v1/campaigns/{office.campaign}/county-report-proposal")
    ).json()
    assert (
        list(proposal["sections"]),
        proposal["ranking"],
        "民主推荐，到会9人，同意8人" in proposal["sections"]["process"],
        [blocker["code"] for gate in proposal["gates"] for blocker in gate["blockers"]],
    ) == (list(SECTIONS), {CATEGORY: [case]}, True, ["opinion_missing"])


async def test_a_report_of_nobody_waits_for_the_declaration_and_not_beyond_the_deadline_r13_r113(county):
    office = Office(county.client, county.campaign, place="hequ")
    await office.set_clock("2025-02-28T18:00:00+08:00")
    report = await office.report()
    path = f"/v1/county-reports/{report}/submissions"
    gates = (await office.done("hequ-office", "GET", f"/v1/county-reports/{report}/gates")).json()
    silent = await office.send("hequ-office", "POST", path)
    for category in (CATEGORY, "advanced_collective"):
        body = {"campaign_key": office.campaign, "category": category, "reason": "没有符合条件的推荐对象"}
        await office.done("hequ-office", "POST", "/v1/zero-declarations", json=body)
    await office.set_clock("2025-03-01T00:00:00+08:00")
    late = await office.send("hequ-office", "POST", path)
    await office.set_clock("2025-02-28T18:00:00+08:00")
    in_time = await office.send("hequ-office", "POST", path)
    refusals = [[error["code"] for error in answer.json()["errors"]] for answer in (silent, late)]
    assert (refusals, in_time.status_code) == ([["zero_not_declared"] * 2, ["deadline_passed"]], 201)
    assert (gates["ready"], [each["code"] for each in gates["blockers"]]) == (False, refusals[0])


async def test_a_report_is_rewritten_and_ranked_anew_before_it_is_handed_in_r64(county):
    first, second = await county.endorsed_by_county(), await county.endorsed_by_county()
    report = await county.report(first, second)
    etag = (await report_of(county, report)).headers["ETag"]
    body = {"sections": SECTIONS | {"process": "改写"}, "ranking": {CATEGORY: [second, first]}}
    saved = (await save(county, report, body, etag)).json()
    await county.done("wutai-office", "DELETE", f"/v1/county-reports/{report}")
    assert (saved["sections"]["process"], saved["ranking"]) == ("改写", {CATEGORY: [second, first]})


async def test_a_case_that_its_own_county_sent_back_goes_with_no_report_that_named_it_before_r64_r114(county):
    cases = first, second, third = [await county.endorsed_by_county() for _ in range(3)]
    report = await county.report(*cases)
    send_back = {"decision": "return", "reason": "请补充", "return_to": "unit"}
    await county.step("hrss", second, "reviews", json=send_back)
    standing = (await report_of(county, report)).json()["ranking"]
    await county.set_clock(OPENED)
    await county.step("clerk", second, "submissions")
    await county.endorse(await county.walk_to_county(second))
    for case in cases:
        await county.with_opinions(case)
    await county.done("wutai-office", "POST", f"/v1/county-reports/{report}/submissions")
    table = (await county.done("wutai-office", "GET", f"/v1/county-reports/{report}/forms/attachment_4")).json()
    bodies = [(await county.done("wutai-office", "GET", f"/v1/nominations/{case}")).json() for case in cases]
    assert (standing, [body["stage"] for body in bodies]) == ({CATEGORY: [first, third]}, ["city", "county", "city"])
    assert [next(iter(row.values())) for row in table["rows"]] == ["1", "2"]


async def test_a_case_that_its_county_rejects_leaves_the_report_on_the_way_and_the_ranks_close_up_r64(county):
    cases = first, second, third = [await county.endorsed_by_county() for _ in range(3)]
    report = await county.report(*cases)
    await county.step("hrss", first, "reviews", json={"decision": "reject", "reason": "不符合条件"})
    standing = (await report_of(county, report)).json()["ranking"]
    draft = (await county.done("wutai-office", "GET", f"/v1/county-reports/{report}/forms/attachment_4")).json()
    for case in (second, third):
        await county.with_opinions(case)
    sent = await county.send("wutai-office", "POST", f"/v1/county-reports/{report}/submissions")
    assert (standing, sent.status_code) == ({CATEGORY: [second, third]}, 201)
    assert [row["rank"] for row in draft["rows"]] == ["1", "2"]


async def test_a_disqualified_case_leaves_its_countys_report_on_the_way_r64_r98(county):
    cases = [await county.endorsed_by_county() for _ in range(2)]
    report = await county.report(*cases)
    path = f"/v1/nominations/{cases[0]}/disqualification"
    await county.done("wutai-office", "PUT", path, json={"ground": "fraud", "finding": "经查实，伪造事迹"})
    await county.second_removal("wutai-hrss", cases[0])
    standing = (await report_of(county, report)).json()["ranking"]
    await county.done("wutai-office", "DELETE", f"/v1/county-reports/{report}")
    assert standing == {CATEGORY: [cases[1]]}


async def test_who_is_not_among_the_recommending_organisations_reports_nothing_r14(county):
    body = {"campaign_key": "sample-craft-2026", "sections": SECTIONS, "ranking": {}}
    answer = await county.send("wutai-office", "POST", "/v1/county-reports", json=body)
    assert (answer.status_code, [error["code"] for error in answer.json()["errors"]]) == (403, ["not_recommending"])


async def test_two_people_do_not_overwrite_each_others_report(county):
    report = await county.report(await county.endorsed_by_county())
    read = await report_of(county, report)
    body = {"sections": SECTIONS, "ranking": read.json()["ranking"]}
    await save(county, report, body, read.headers["ETag"])
    second = await save(county, report, body, read.headers["ETag"])
    await county.done("wutai-office", "DELETE", f"/v1/county-reports/{report}")
    assert (second.status_code, second.json()["code"]) == (412, "version_conflict")


async def test_a_discarded_report_is_gone_and_its_cases_can_be_reported_anew(county):
    case = await county.endorsed_by_county()
    report = await county.report(case)
    await county.done("wutai-office", "DELETE", f"/v1/county-reports/{report}")
    gone = await county.send("wutai-office", "GET", f"/v1/county-reports/{report}")
    again = await county.report(case)
    await county.done("wutai-office", "DELETE", f"/v1/county-reports/{again}")
    assert (gone.status_code, again == report) == (404, False)


async def test_the_gates_of_a_report_name_what_is_missing_case_by_case_r69(county):
    open_case, ready_case = await county.endorsed_by_county(), await county.endorsed_by_county()
    await county.with_opinions(ready_case)
    report = await county.report(open_case, ready_case)
    gates = (await county.done("wutai-office", "GET", f"/v1/county-reports/{report}/gates")).json()
    await county.done("wutai-office", "DELETE", f"/v1/county-reports/{report}")
    found = {item["nomination_id"]: [b["code"] for b in item["blockers"]] for item in gates["items"]}
    assert (gates["ready"], found) == (False, {open_case: ["opinion_missing"], ready_case: []})


async def test_a_report_is_drawn_up_with_the_version_that_the_first_rewriting_names(county):
    case = await county.endorsed_by_county()
    body = {"campaign_key": county.campaign, "sections": SECTIONS, "ranking": {CATEGORY: [case]}}
    drawn = await county.done("wutai-office", "POST", "/v1/county-reports", json=body)
    report = drawn.json()["id"]
    saved = await save(county, report, {"sections": SECTIONS, "ranking": {CATEGORY: [case]}}, drawn.headers["etag"])
    await county.done("wutai-office", "DELETE", f"/v1/county-reports/{report}")
    assert saved.status_code == 200, saved.text


async def test_a_report_that_was_handed_in_is_neither_rewritten_nor_discarded(county):
    case = await county.endorsed_by_county()
    await county.with_opinions(case)
    report = await county.report(case)
    await county.done("wutai-office", "POST", f"/v1/county-reports/{report}/submissions")
    etag = (await report_of(county, report)).headers["ETag"]
    rewritten = await save(county, report, {"sections": SECTIONS, "ranking": {}}, etag)
    discarded = await county.send("wutai-office", "DELETE", f"/v1/county-reports/{report}")
    assert (rewritten.json()["code"], discarded.json()["code"]) == (
        "county_report_submitted",
        "county_report_submitted",
    )
