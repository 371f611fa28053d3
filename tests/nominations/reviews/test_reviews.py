"""County and city: two co-equal bureaus, opinions, the report, and what each may see."""

import asyncio

import pytest

from services.nominations.context import Context
from services.nominations.tables import QuotaAccount
from tests.factories import CATEGORY, ENDORSE, HEAD_OF_FIRM, OPENED, Office, complete_form

OPINION = {"result": "favourable", "text": "同意", "signer_name": "示例", "signed_on": "2025-02-14"}


async def review(office: Office, username: str, case: str, body: dict | None = None):
    return await office.send(username, "POST", f"/v1/nominations/{case}/reviews", json=body or ENDORSE)


async def read(office: Office, username: str, case: str) -> dict:
    return (await office.done(username, "GET", f"/v1/nominations/{case}")).json()


async def hand_in(office: Office, report: str):
    return await office.send("wutai-office", "POST", f"/v1/county-reports/{report}/submissions")


async def seats(context: Context, campaign: str) -> tuple[int, int]:
    """Reserved and consumed."""
    async with context.database.reading() as session:
        account = await session.get(QuotaAccount, (campaign, "140922", CATEGORY))
    return account.reserved, account.consumed


async def reported(office: Office, **more) -> str:
    case = await office.endorsed_by_county(**more)
    await office.with_opinions(case)
    answer = await hand_in(office, await office.report(case, **more))
    assert answer.is_success, answer.text
    return case


async def test_one_bureau_alone_leaves_the_case_under_review_r4(office):
    case = await office.at_county()
    assert (await office.step("hrss", case, "reviews", json=ENDORSE))["status"] == "under_review"


async def test_both_bureaus_endorse_the_case_r4(office):
    case = await office.endorsed_by_county()
    case_read = await read(office, "wutai-hrss", case)
    boxes = [signature["box"] for signature in case_read["signatures"]]
    assert (case_read["status"], boxes) == ("endorsed", ["opinion_unit", "opinion_county_hrss", "opinion_county_iit"])


async def test_a_bureau_signs_once_r4(office):
    case = await office.at_county()
    await office.step("hrss", case, "reviews", json=ENDORSE)
    answer = await review(office, "wutai-hrss", case)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "already_signed")


async def test_two_signatures_of_one_bureau_at_once_are_one_r4(office):
    case = await office.at_county()
    answers = await asyncio.gather(*(review(office, "wutai-iit", case) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]


async def test_both_bureaus_at_once_endorse_the_case(office):
    case = await office.at_county()
    await asyncio.gather(review(office, "wutai-hrss", case), review(office, "wutai-iit", case))
    assert (await read(office, "wutai-hrss", case))["status"] == "endorsed"


@pytest.mark.parametrize("decision", ["return", "reject"])
async def test_returning_and_rejecting_need_a_reason(office, decision):
    case = await office.at_county()
    answer = await review(office, "wutai-hrss", case, {"decision": decision, "reason": " "})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/reason")


async def test_a_returned_case_is_back_at_its_unit_and_its_signatures_are_superseded(office):
    case = await office.at_county()
    await office.step("hrss", case, "reviews", json=ENDORSE)
    await office.step("iit", case, "reviews", json={"decision": "return", "reason": "事迹须补充"})
    case_read = await read(office, "wutai-clerk", case)
    assert (case_read["stage"], case_read["status"], case_read["signatures"]) == ("unit", "returned", [])


async def test_the_history_keeps_what_was_returned_and_why(office):
    case = await office.at_county()
    await office.step("iit", case, "reviews", json={"decision": "return", "reason": "事迹须补充"})
    history = (await office.done("wutai-clerk", "GET", f"/v1/nominations/{case}/events")).json()
    assert (history["items"][-1]["event"], history["items"][-1]["reason"]) == ("review_returned", "事迹须补充")


async def test_a_reviewer_still_sees_a_case_that_went_back(office):
    case = await office.at_county()
    await office.step("iit", case, "reviews", json={"decision": "return", "reason": "事迹须补充"})
    assert (await read(office, "wutai-iit", case))["status"] == "returned"


async def test_a_rejected_case_gives_its_seat_back(office, context):
    before = await seats(context, office.campaign)
    case = await office.at_county()
    await office.step("hrss", case, "reviews", json={"decision": "reject", "reason": "不符合条件"})
    assert await seats(context, office.campaign) == before


@pytest.mark.parametrize("username", ["dingxiang-hrss", "city-hrss", "dingxiang-clerk"])
async def test_a_case_at_the_county_does_not_exist_elsewhere(office, username):
    case = await office.at_county()
    answers = [await review(office, username, case), await office.send(username, "GET", f"/v1/nominations/{case}")]
    assert [answer.status_code for answer in answers] == [404, 404]


async def test_a_county_sees_nothing_before_the_unit_hands_over(office):
    case = await office.in_publicity()
    answer = await office.send("wutai-hrss", "GET", f"/v1/nominations/{case}")
    await office.set_clock(OPENED)
    assert answer.status_code == 404


async def test_the_unit_never_sees_what_departments_said(office):
    case = await office.endorsed_by_county()
    await office.with_opinions(case)
    unit, county = await read(office, "wutai-clerk", case), await read(office, "wutai-office", case)
    assert (unit["opinions"], unit["required_opinions"], len(county["opinions"])) == ([], [], 1)


async def test_an_authority_that_need_not_be_asked_is_not_found(office):
    case = await office.at_county()
    answer = await office.send("wutai-office", "PUT", f"/v1/nominations/{case}/opinions/taxation", json=OPINION)
    assert answer.status_code == 404


async def test_an_opinion_of_tomorrow_is_refused(office):
    case = await office.at_county()
    body = OPINION | {"signed_on": "2025-02-15"}
    path = f"/v1/nominations/{case}/opinions/public_security"
    answer = await office.send("wutai-office", "PUT", path, json=body)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "date_in_future")


async def test_a_reviewer_does_not_enter_opinions_r58(office):
    case = await office.at_county()
    path = f"/v1/nominations/{case}/opinions/public_security"
    answer = await office.send("wutai-hrss", "PUT", path, json=OPINION)
    assert (answer.status_code, answer.json()["code"]) == (403, "action_forbidden")


async def test_an_enterprise_head_needs_six_opinions_and_each_missing_one_is_named_r82(office):
    case = await office.endorsed_by_county()
    head = await office.endorsed_by_county(form=complete_form(**HEAD_OF_FIRM))
    answer = await hand_in(office, await office.report(case, head))
    missing = [(error["pointer"], error["code"]) for error in answer.json()["errors"]]
    first, second = (f"/ranking/{CATEGORY}/{place}" for place in (0, 1))
    assert (answer.status_code, missing) == (
        409,
        [(first, "opinion_missing"), *[(second, "opinion_missing")] * 6],
    )
    await finish_open_report(office, answer, [case, head])


async def finish_open_report(office: Office, refused, cases: list[str]) -> None:
    """An organisation has one open report: what a test opened it also hands in."""
    for case in cases:
        await office.with_opinions(case)
    report = str(refused.request.url).rsplit("/", 2)[1]
    assert (await hand_in(office, report)).is_success


async def test_an_adverse_opinion_bars_the_report_with_its_reason_r83(office):
    case = await office.endorsed_by_county()
    path = f"/v1/nominations/{case}/opinions/public_security"
    await office.done("wutai-office", "PUT", path, json=OPINION | {"result": "unfavourable"})
    answer = await hand_in(office, await office.report(case))
    await finish_open_report(office, answer, [case])
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "opinion_adverse")


async def test_a_report_moves_its_cases_to_the_city_and_consumes_their_seats(office, context):
    before = await seats(context, office.campaign)
    case = await reported(office)
    after = await seats(context, office.campaign)
    assert ((await read(office, "city-hrss", case))["stage"], after) == ("city", (before[0], before[1] + 1))


async def test_a_report_is_handed_in_once(office):
    case = await office.endorsed_by_county()
    await office.with_opinions(case)
    report = await office.report(case)
    answers = await asyncio.gather(*(hand_in(office, report) for _ in range(3)))
    codes = sorted((answer.status_code, answer.json().get("code", "")) for answer in answers)
    assert codes == [(201, ""), (409, "county_report_submitted"), (409, "county_report_submitted")]


async def test_an_organisation_has_one_open_report(office):
    case = await office.endorsed_by_county()
    await office.with_opinions(case)
    report = await office.report(case)
    body = {"campaign_key": office.campaign, "sections": SECTIONS, "ranking": {}}
    second = await office.send("wutai-office", "POST", "/v1/county-reports", json=body)
    await hand_in(office, report)
    assert (second.status_code, second.json()["code"]) == (409, "county_report_exists")


SECTIONS = dict.fromkeys(("organisation", "process", "consultation", "publicity", "recommendation"), "示例")


async def test_a_report_without_a_section_is_refused_by_its_name_r114(office):
    sections = {key: text for key, text in SECTIONS.items() if key != "publicity"}
    body = {"campaign_key": office.campaign, "sections": sections, "ranking": {}}
    answer = await office.send("wutai-office", "POST", "/v1/county-reports", json=body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/sections/publicity")


async def test_a_case_is_ranked_once_r64(office):
    case = await office.endorsed_by_county()
    body = {"campaign_key": office.campaign, "sections": SECTIONS, "ranking": {CATEGORY: [case, case]}}
    answer = await office.send("wutai-office", "POST", "/v1/county-reports", json=body)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "ranked_twice")


async def test_a_unit_clerk_draws_up_no_report(office):
    body = {"campaign_key": office.campaign, "sections": SECTIONS, "ranking": {}}
    answer = await office.send("wutai-clerk", "POST", "/v1/county-reports", json=body)
    assert answer.status_code == 403


async def test_a_case_that_the_city_returns_is_reported_again_with_the_same_seat(office, context):
    before = await seats(context, office.campaign)
    case = await reported(office)
    await office.step("city-iit", case, "reviews", json={"decision": "return", "reason": "材料须更正"})
    returned = await seats(context, office.campaign)
    await again_to_the_county(office, case)
    assert (await hand_in(office, await office.report(case))).is_success
    after = await seats(context, office.campaign)
    assert (returned, after) == ((before[0] + 1, before[1]), (before[0], before[1] + 1))


async def again_to_the_county(office: Office, case: str) -> None:
    await office.set_clock("2025-02-14T09:00:00+08:00")
    await office.step("clerk", case, "submissions")
    decision = {"held_on": "2025-02-14", "attendance": ["示例甲"], "decision": "同意推荐"}
    await office.step("clerk", case, "leadership-decisions", json=decision)
    await office.step("clerk", case, "publicity-notices")
    await office.set_clock("2025-02-24T09:00:00+08:00")
    me = (await office.done("wutai-head", "GET", "/v1/auth/me")).json()["person"]["full_name"]
    await office.step("head", case, "unit-signatures", json={"signer_name": me})
    for bureau in ("hrss", "iit"):
        await office.step(bureau, case, "reviews", json=ENDORSE)


async def test_a_case_that_the_city_rejects_keeps_the_countys_seat(office, context):
    before = await seats(context, office.campaign)
    case = await reported(office)
    await office.step("city-hrss", case, "reviews", json={"decision": "reject", "reason": "不符合条件"})
    assert await seats(context, office.campaign) == (before[0], before[1] + 1)


async def test_the_city_signs_in_its_own_boxes_r168(office):
    case = await reported(office)
    for bureau in ("hrss", "iit"):
        await office.step(f"city-{bureau}", case, "reviews", json=ENDORSE)
    case_read = await read(office, "city-hrss", case)
    boxes = [signature["box"] for signature in case_read["signatures"]][-2:]
    assert (case_read["status"], boxes) == ("endorsed", ["opinion_city_hrss", "opinion_city_iit"])


async def portrait_seen_by(office: Office, username: str, case: str) -> int:
    """The status with which somebody is answered who asks for the bundle of a case."""
    return (await office.send(username, "GET", f"/v1/documents/bundles/{case}")).status_code


async def test_offices_read_the_papers_of_a_case_from_its_hand_over_on_and_not_before(office):
    case = await office.in_publicity()
    seen = {"draft": [await portrait_seen_by(office, name, case) for name in ("wutai-hrss", "city-hrss")]}
    await office.set_clock("2025-02-14T09:00:00+08:00")
    me = (await office.done("wutai-head", "GET", "/v1/auth/me")).json()["person"]["full_name"]
    await office.step("head", case, "unit-signatures", json={"signer_name": me})
    await office.set_up()
    seen["county"] = [await portrait_seen_by(office, name, case) for name in ("wutai-hrss", "city-hrss")]
    for bureau in ("hrss", "iit"):
        await office.step(bureau, case, "reviews", json=ENDORSE)
    await office.with_opinions(case)
    await hand_in(office, await office.report(case))
    seen["city"] = [await portrait_seen_by(office, name, case) for name in ("wutai-hrss", "city-hrss")]
    assert seen == {"draft": [404, 404], "county": [200, 404], "city": [200, 200]}


async def test_a_refused_hand_over_opens_no_papers(office):
    case = await office.in_publicity()
    await office.set_clock(OPENED)
    me = (await office.done("wutai-head", "GET", "/v1/auth/me")).json()["person"]["full_name"]
    refused = await office.send(
        "wutai-head", "POST", f"/v1/nominations/{case}/unit-signatures", json={"signer_name": me}
    )
    assert (refused.status_code, await portrait_seen_by(office, "wutai-hrss", case)) == (409, 404)


async def test_the_city_chooses_only_among_what_counties_reported_r17(office):
    case = await office.endorsed_by_county()
    listed = await office.done("city-hrss", "GET", "/v1/nominations", params={"campaign_key": office.campaign})
    read_it = await office.send("city-hrss", "GET", f"/v1/nominations/{case}")
    review = await office.send("city-hrss", "POST", f"/v1/nominations/{case}/reviews", json=ENDORSE)
    found = case in {item["id"] for item in listed.json()["items"]}
    assert (found, read_it.status_code, review.status_code) == (False, 404, 404)


@pytest.mark.parametrize("point", ["procedure", "authenticity", "content", "performance"])
async def test_a_review_that_skips_or_fails_a_point_does_not_endorse_r55_r56_r57_r75(office, point):
    case = await office.at_county()
    skipped = {key: value for key, value in ENDORSE["assessment"].items() if key != point}
    failed = ENDORSE["assessment"] | {point: {"met": False, "comment": "不符"}}
    answers = [await review(office, "wutai-hrss", case, ENDORSE | {"assessment": each}) for each in (skipped, failed)]
    assert [(a.status_code, a.json()["errors"][0]["code"]) for a in answers] == [
        (422, "point_missing"),
        (422, "point_not_passed"),
    ]
