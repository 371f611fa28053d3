"""Zero nominations (R13), circumstances that bar a firm and its head everywhere (R83–R93), and counties' own criteria (R67)."""

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import func, update
from sqlalchemy.exc import IntegrityError

from services.nominations.procedure_tables import Disqualification
from tests.factories import CATEGORY, HEAD_OF_FIRM, OPENED, Office, complete_collective, complete_form, with_check
from tests.nominations.reporting.test_awards import disqualify

COLLECTIVE = "advanced_collective"
NEVER = "2025-01-01T00:00:00Z"
ARREARS = {"disqualifier": "social_insurance_arrears", "finding": "税务部门查明欠缴社会保险费"}


def firm() -> str:
    """A valid credit code that no other test uses."""
    return with_check(next(_stems))


_stems = iter(f"91140900{serial:09}" for serial in range(1_000, 2_000))


async def declare(office: Office, campaign: str, *, place: str = "wutai", category: str = COLLECTIVE):
    body = {"campaign_key": campaign, "category": category, "reason": "经研究，没有符合条件的推荐对象"}
    return await office.send(f"{place}-office", "POST", "/v1/zero-declarations", json=body)


async def propose_lifting(office: Office, found: str, username: str = "wutai-office", reason: str = "已补缴并结清"):
    return await office.send(username, "POST", f"/v1/disqualifications/{found}/lifting", json={"reason": reason})


async def second_lifting(office: Office, found: str, username: str, proposed):
    """`proposed`: the answer to the proposal, as the second person read it."""
    read = {"proposed_at": proposed.json().get("lifting_proposed_at") or NEVER}
    return await office.send(username, "POST", f"/v1/disqualifications/{found}/lifting/seconding", json=read)


async def found_against(office: Office, case: str, username: str = "wutai-office") -> list[dict]:
    return (await office.done(username, "GET", f"/v1/nominations/{case}/disqualifications")).json()["items"]


async def actions_shown(office: Office, case: str) -> dict[str, list[str]]:
    people = ("wutai-office", "wutai-hrss")
    return {person: (await found_against(office, case, person))[0]["actions"] for person in people}


async def blocked_codes(office: Office, case: str) -> list[str]:
    actions = (await office.done("wutai-hrss", "GET", f"/v1/nominations/{case}")).json()["actions"]
    endorse = next(each for each in actions if each["action"] == "endorse")
    return [blocker["code"] for blocker in endorse["blockers"]]


async def submit(office: Office, case: str):
    return await office.send("wutai-clerk", "POST", f"/v1/nominations/{case}/submissions")


async def account(office: Office, campaign: str) -> dict[str, int]:
    answer = await office.done("wutai-office", "GET", f"/v1/campaigns/{campaign}/quota-accounts")
    return next(item for item in answer.json()["items"] if item["category"] == COLLECTIVE)


async def test_a_declared_zero_waives_every_seat_and_is_signed_r13(office):
    await office.set_clock(OPENED)
    declared = (await declare(office, "tests-zero")).json()
    seats = await account(office, "tests-zero")
    await office.done(
        "wutai-office", "POST", f"/v1/zero-declarations/{declared['id']}/revocation", json={"reason": "有人选了"}
    )
    after = await account(office, "tests-zero")
    assert (declared["seats"], bool(declared["signer_name"]), seats["available"], after["available"]) == (2, True, 0, 2)


async def test_after_a_declared_zero_a_submission_is_refused_by_its_name_r13(office):
    await office.set_clock(OPENED)
    case = await office.collective(campaign="tests-zero")
    declared = (await declare(office, "tests-zero")).json()
    refused = await submit(office, case)
    path = f"/v1/zero-declarations/{declared['id']}/revocation"
    await office.done("wutai-office", "POST", path, json={"reason": "有人选了"})
    assert ([error["code"] for error in refused.json()["errors"]], (await submit(office, case)).status_code) == (
        ["zero_declared"],
        201,
    )


async def test_nobody_declares_zero_over_a_case_that_has_its_seat_r13(office):
    await office.set_clock(OPENED)
    await office.step("clerk", await office.collective(campaign="tests-one-seat"), "submissions")
    answer = await declare(office, "tests-one-seat")
    assert (answer.status_code, answer.json()["code"]) == (409, "seats_in_use")


async def test_a_submission_and_a_declaration_at_once_leave_one_of_them_r13(office):
    await office.set_clock(OPENED)
    case = await office.collective(campaign="tests-withdrawn")
    submitted, declared = await asyncio.gather(submit(office, case), declare(office, "tests-withdrawn"))
    seats = await account(office, "tests-withdrawn")
    assert (
        sorted([submitted.status_code, declared.status_code]),
        seats["reserved"] + seats["waived"],
    ) == ([201, 409], 1)


async def test_a_second_declaration_is_refused_r13(office):
    await office.set_clock(OPENED)
    answers = [await declare(office, "tests-ledger", place="dingxiang") for _ in range(2)]
    assert [(answer.status_code, answer.json().get("code")) for answer in answers] == [
        (201, None),
        (409, "zero_already_declared"),
    ]


async def test_where_there_is_no_seat_there_is_nothing_to_declare_r15(office):
    await office.set_clock(OPENED)
    assert (await declare(office, "tests-no-seats")).json()["code"] == "no_seat_granted"


async def test_where_fraud_took_the_only_seat_the_county_still_says_that_it_nominates_nobody_r13_r99(office):
    county = Office(office.client, "tests-forfeited")
    case = await county.collective_at_county()
    await disqualify(county, case, first="wutai-office", second="wutai-hrss")
    declared = await declare(county, county.campaign)
    path = f"/v1/zero-declarations/{declared.json()['id']}/revocation"
    revoked = await county.send("wutai-office", "POST", path, json={"reason": "另行研究"})
    seats = await account(county, county.campaign)
    assert (declared.status_code, declared.json()["seats"], revoked.status_code) == (201, 0, 201)
    assert (seats["forfeited"], seats["waived"], seats["available"]) == (1, 0, 0)


async def test_another_countys_declaration_is_not_taken_back(office):
    await office.set_clock(OPENED)
    declared = await declare(office, "tests-with-many-seats", place="dingxiang", category=COLLECTIVE)
    path = f"/v1/zero-declarations/{declared.json()['id']}/revocation"
    answer = await office.send("wutai-office", "POST", path, json={"reason": "不该由我撤销"})
    await office.done("dingxiang-office", "POST", path, json={"reason": "有人选了"})
    assert answer.status_code == 404


async def test_each_county_sees_its_own_declarations_and_the_city_sees_all_r13(office):
    await office.set_clock(OPENED)
    declared = (await declare(office, "tests-with-many-seats", place="dingxiang")).json()["id"]
    seen = {}
    for name in ("wutai-office", "dingxiang-office", "city-office"):
        query = {"campaign_key": "tests-with-many-seats"}
        items = (await office.done(name, "GET", "/v1/zero-declarations", params=query)).json()["items"]
        seen[name] = declared in {item["id"] for item in items}
    path = f"/v1/zero-declarations/{declared}/revocation"
    await office.done("dingxiang-office", "POST", path, json={"reason": "有人选了"})
    assert seen == {"wutai-office": False, "dingxiang-office": True, "city-office": True}


async def declare_for(office: Office, username: str, campaign: str, quota_unit: str | None, category: str = COLLECTIVE):
    body = {
        "campaign_key": campaign,
        "category": category,
        "quota_unit": quota_unit,
        "reason": "没有符合条件的推荐对象",
    }
    return await office.send(username, "POST", "/v1/zero-declarations", json=body)


async def row_of_city_level(office: Office, campaign: str) -> dict:
    board = (await office.done("city-office", "GET", f"/v1/campaigns/{campaign}/progress")).json()["items"]
    return next(row for row in board if row["quota_unit"] == "city_direct")


async def test_the_citys_office_declares_zero_for_the_city_level_and_it_has_not_given_up_r13_r113_a13(office):
    await office.set_clock(OPENED)
    declared = [
        await declare_for(office, "city-office", "tests-zero", "city_direct", category)
        for category in (COLLECTIVE, CATEGORY)
    ]
    accounts = (await office.done("city-office", "GET", "/v1/campaigns/tests-zero/quota-accounts")).json()["items"]
    waived = [(each["waived"], each["available"]) for each in accounts if each["quota_unit"] == "city_direct"]
    await office.set_clock("2025-03-01T00:00:00+08:00")
    row = await row_of_city_level(office, "tests-zero")
    assert [(each.status_code, each.json()["quota_unit"], each.json()["seats"]) for each in declared] == [
        (201, "city_direct", 2),
        (201, "city_direct", 2),
    ]
    assert waived == [(2, 0), (2, 0)]
    assert (row["abandoned"], row["on_time"], row["readiness"]["quota"]) == (False, True, 100)


async def test_the_citys_office_takes_its_declaration_back_and_the_seats_are_free_again_r13_a13(office):
    await office.set_clock(OPENED)
    declared = (await declare_for(office, "city-office", "tests-ledger", "city_direct")).json()
    path = f"/v1/zero-declarations/{declared['id']}/revocation"
    revoked = await office.send("city-office", "POST", path, json={"reason": "有人选了"})
    row = await row_of_city_level(office, "tests-ledger")
    assert (revoked.status_code, revoked.json()["revoked_reason"], row["zero_declared"]) == (201, "有人选了", [])


@pytest.mark.parametrize(
    ("username", "quota_unit", "status", "code"),
    [
        ("city-office", "140922", 403, "quota_unit_of_another"),
        ("city-office", "999999", 403, "quota_unit_of_another"),
        ("city-office", None, 422, "required"),
        ("wutai-office", "140921", 403, "quota_unit_of_another"),
        ("wutai-office", "city_direct", 403, "quota_unit_of_another"),
    ],
)
async def test_no_office_declares_zero_for_an_organisation_that_another_speaks_for_r13(
    office, username, quota_unit, status, code
):
    await office.set_clock(OPENED)
    answer = await declare_for(office, username, "tests-lists", quota_unit)
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["pointer"], error["code"]) == (status, "/quota_unit", code)


async def test_a_county_may_name_itself_and_the_city_does_not_take_back_what_a_county_declared_r13(office):
    await office.set_clock(OPENED)
    county = Office(office.client, "tests-lists", place="dingxiang")
    declared = await declare_for(county, "dingxiang-office", county.campaign, "140921")
    path = f"/v1/zero-declarations/{declared.json()['id']}/revocation"
    by_the_city = await county.send("city-office", "POST", path, json={"reason": "不该由市级撤销"})
    await county.done("dingxiang-office", "POST", path, json={"reason": "有人选了"})
    assert (declared.status_code, by_the_city.status_code) == (201, 404)


async def submitted_collective(office: Office, code: str) -> str:
    case = await office.collective(complete_collective(credit_code=code))
    await office.step("clerk", case, "submissions")
    return case


async def at_the_county(office: Office, code: str) -> str:
    """The head of a firm, at the county of 五台县."""
    return await office.at_county(form=complete_form(**HEAD_OF_FIRM | {"credit_code": code}))


async def bar(office: Office, case: str, body=None):
    return await office.send("wutai-office", "POST", f"/v1/nominations/{case}/disqualifications", json=body or ARREARS)


async def test_a_circumstance_found_of_the_head_bars_the_firm_too_r83_r90(office):
    code = firm()
    head = await at_the_county(office, code)
    await office.set_clock(OPENED)
    collective = await office.collective(complete_collective(credit_code=code))
    assert (await bar(office, head)).status_code == 201
    refused = await submit(office, collective)
    assert [(error["code"], error["message"]) for error in refused.json()["errors"]] == [
        ("disqualified", "有不予推荐的情形：未按规定缴纳社会保险费")
    ]


@pytest.mark.parametrize("now", [{}, {"employer_nature": "public_institution"} | HEAD_OF_FIRM])
async def test_an_employee_and_who_no_longer_heads_it_are_not_barred_with_a_firm_r83(office, now):
    code = firm()
    await bar(office, await at_the_county(office, code))
    await office.set_clock(OPENED)
    case = await office.ready(complete_form(**now | {"credit_code": code}))
    assert (await submit(office, case)).status_code == 201


async def test_the_bar_crosses_the_countys_border_r83(office):
    code = firm()
    await bar(office, await at_the_county(office, code))
    await office.set_clock(OPENED)
    elsewhere = Office(office.client, office.campaign, place="dingxiang")
    case = await elsewhere.collective(complete_collective(credit_code=code))
    answer = await elsewhere.send("dingxiang-clerk", "POST", f"/v1/nominations/{case}/submissions")
    assert [error["code"] for error in answer.json()["errors"]] == ["disqualified"]


async def test_a_circumstance_older_than_its_window_bars_nobody_r84_a14(office):
    code = firm()
    head = await at_the_county(office, code)
    old = {"disqualifier": "work_safety_accident", "occurred_on": "2020-01-25", "finding": "五年前的事故"}
    await bar(office, head, old)
    review = await office.send("wutai-hrss", "GET", f"/v1/nominations/{head}")
    endorse = next(each for each in review.json()["actions"] if each["action"] == "endorse")
    assert endorse == {"action": "endorse", "label": "审核同意", "allowed": True, "blockers": []}


async def test_a_lifted_circumstance_bars_no_more_and_the_reason_is_kept_r83(office):
    code = firm()
    head = await at_the_county(office, code)
    found = (await bar(office, head)).json()["id"]
    lifted = await second_lifting(office, found, "wutai-hrss", await propose_lifting(office, found))
    assert (lifted.json()["lifted_reason"], lifted.json()["actions"]) == ("已补缴并结清", [])
    assert (await found_against(office, head), await blocked_codes(office, head)) == ([], [])


async def test_one_person_alone_lifts_nothing_r97(office):
    head = await at_the_county(office, firm())
    barred = await bar(office, head)
    found = barred.json()["id"]
    early = await second_lifting(office, found, "wutai-hrss", barred)
    proposed = await propose_lifting(office, found)
    alone = await second_lifting(office, found, "wutai-office", proposed)
    still = await found_against(office, head)
    assert (early.status_code, proposed.status_code, alone.json()["code"]) == (404, 201, "second_person_needed")
    assert [(item["lifting_proposed_reason"], item["lifted_at"]) for item in still] == [("已补缴并结清", None)]
    assert await blocked_codes(office, head) == ["disqualified"]


async def test_a_lifting_shows_each_person_what_is_theirs_to_do_r97(office):
    head = await at_the_county(office, firm())
    found = (await bar(office, head)).json()["id"]
    before = await actions_shown(office, head)
    await propose_lifting(office, found)
    after = await actions_shown(office, head)
    assert before == {"wutai-office": ["propose_lifting"], "wutai-hrss": []}
    assert after == {"wutai-office": ["propose_lifting"], "wutai-hrss": ["second_lifting"]}


async def test_a_reviewer_seconds_a_lifting_but_proposes_none_r97(office):
    head = await at_the_county(office, firm())
    found = (await bar(office, head)).json()["id"]
    assert (await propose_lifting(office, found, "wutai-hrss")).status_code == 403


async def test_a_better_reason_takes_the_place_of_a_proposal_and_both_stay_in_the_history_r97(office):
    head = await at_the_county(office, firm())
    found = (await bar(office, head)).json()["id"]
    await propose_lifting(office, found, reason="已补缴")
    better = await propose_lifting(office, found, reason="已补缴，税务部门出具证明")
    lifted, again = [await second_lifting(office, found, who, better) for who in ("wutai-iit", "wutai-hrss")]
    events = (await office.done("wutai-office", "GET", f"/v1/nominations/{head}/events")).json()["items"]
    assert (lifted.json(), (await propose_lifting(office, found)).status_code) == (again.json(), 404)
    assert [(event["event"], event["reason"]) for event in events if "lift" in event["event"]] == [
        ("disqualifier_lifting_proposed", "已补缴"),
        ("disqualifier_lifting_proposed", "已补缴，税务部门出具证明"),
        ("disqualifier_lifted", "已补缴，税务部门出具证明"),
    ]


async def test_nobody_lifts_by_a_reason_that_they_never_read_r97(office):
    head = await at_the_county(office, firm())
    found = (await bar(office, head)).json()["id"]
    read = await propose_lifting(office, found, reason="已补缴")
    await propose_lifting(office, found, reason="企业负责人已更换")
    refused = await second_lifting(office, found, "wutai-hrss", read)
    assert (refused.status_code, refused.json()["code"]) == (409, "proposal_changed")
    assert await blocked_codes(office, head) == ["disqualified"]


async def test_what_another_county_found_is_not_this_countys_to_lift_r83(office):
    code = firm()
    found = (await bar(office, await at_the_county(office, code))).json()["id"]
    ours = await propose_lifting(office, found)
    proposed, seconded = (
        await propose_lifting(office, found, "dingxiang-office"),
        await second_lifting(office, found, "dingxiang-hrss", ours),
    )
    assert (proposed.status_code, seconded.status_code) == (404, 404)


async def test_the_database_refuses_one_person_in_both_places_of_a_lifting_r97(office, context):
    head = await at_the_county(office, firm())
    found = (await bar(office, head)).json()["id"]
    await propose_lifting(office, found)
    alone = (
        update(Disqualification)
        .where(Disqualification.id == UUID(found))
        .values(lifted_by=Disqualification.lifting_proposed_by, lifted_at=func.now(), lifted_reason="本人决定")
    )
    with pytest.raises(IntegrityError, match="a_lifting_needs_two_people"):
        async with context.database.transaction() as session:
            await session.execute(alone)


async def test_everything_found_is_listed_for_the_office_wherever_it_was_found_r83(office):
    code = firm()
    first, second = await at_the_county(office, code), await at_the_county(office, code)
    await bar(office, first)
    items = (await office.done("wutai-office", "GET", f"/v1/nominations/{second}/disqualifications")).json()["items"]
    assert [(item["nomination_id"], item["disqualifier"], item["label"]) for item in items] == [
        (first, "social_insurance_arrears", "未按规定缴纳社会保险费")
    ]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [({"disqualifier": "bad_handwriting"}, "/disqualifier"), ({"occurred_on": "2026-01-01"}, "/occurred_on")],
)
async def test_a_circumstance_that_is_none_or_lies_ahead_is_refused_by_name(office, change, pointer):
    head = await at_the_county(office, firm())
    answer = await bar(office, head, ARREARS | change)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


@pytest.mark.parametrize(("username", "status"), [("wutai-clerk", 403), ("dingxiang-office", 404)])
async def test_only_the_office_in_charge_records_a_circumstance(office, username, status):
    head = await at_the_county(office, firm())
    path = f"/v1/nominations/{head}/disqualifications"
    assert (await office.send(username, "POST", path, json=ARREARS)).status_code == status


async def test_a_county_adds_criteria_of_its_own_and_anybody_reads_them_r67(office, client):
    path = f"/v1/campaigns/{office.campaign}/local-criteria"
    saved = await office.done("wutai-office", "PUT", f"{path}/{COLLECTIVE}", json={"criteria": ["近三年产值连续增长"]})
    items = (await client.get(path, params={"quota_unit": "140922"})).json()["items"]
    assert (saved.json()["quota_unit"], items) == ("140922", [saved.json()])


@pytest.mark.parametrize(("username", "status"), [("wutai-clerk", 403), ("city-office", 403)])
async def test_only_a_county_writes_its_own_criteria_r67(office, username, status):
    path = f"/v1/campaigns/{office.campaign}/local-criteria/{COLLECTIVE}"
    assert (await office.send(username, "PUT", path, json={"criteria": ["更严的条件"]})).status_code == status


async def test_who_is_not_among_the_recommending_organisations_of_a_campaign_adds_nothing_to_it_r14(office):
    path = "/v1/campaigns/sample-craft-2026/local-criteria/star_artisan"
    answer = await office.send("wutai-office", "PUT", path, json={"criteria": ["更严的条件"]})
    assert (answer.status_code, [error["code"] for error in answer.json()["errors"]]) == (403, ["not_recommending"])


ADVERSE = {
    "result": "unfavourable",
    "text": "未按规定缴纳社会保险费，不同意推荐。",
    "signer_name": "示例税务员",
    "signed_on": "2025-02-14",
    "disqualifier": "social_insurance_arrears",
}


async def test_an_adverse_opinion_on_the_head_bars_the_firm_in_another_county_r83_r90(office):
    code = firm()
    head = await at_the_county(office, code)
    await office.done("wutai-office", "PUT", f"/v1/nominations/{head}/opinions/taxation", json=ADVERSE)
    await office.set_clock(OPENED)
    elsewhere = Office(office.client, office.campaign, place="dingxiang")
    case = await elsewhere.collective(complete_collective(credit_code=code))
    answer = await elsewhere.send("dingxiang-clerk", "POST", f"/v1/nominations/{case}/submissions")
    assert [error["message"] for error in answer.json()["errors"]] == ["有不予推荐的情形：未按规定缴纳社会保险费"]


async def test_a_barred_head_frees_the_seat_when_the_unit_is_told_and_another_takes_it_r83(office):
    head = await at_the_county(office, firm())
    await office.done("wutai-office", "PUT", f"/v1/nominations/{head}/opinions/taxation", json=ADVERSE)
    rejected = await office.step("hrss", head, "reviews", json={"decision": "reject", "reason": "税务部门不同意"})
    assert rejected["status"] == "rejected"


async def test_a_favourable_opinion_names_no_circumstance_r83(office):
    head = await at_the_county(office, firm())
    body = ADVERSE | {"result": "favourable"}
    answer = await office.send("wutai-office", "PUT", f"/v1/nominations/{head}/opinions/taxation", json=body)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "not_unfavourable")


async def test_where_the_only_seat_was_forfeited_zero_is_declared_all_the_same_r13_r99(client):
    office = Office(client, "tests-one-seat", place="dingxiang")
    case = await office.collective_at_county()
    path = f"/v1/nominations/{case}/disqualification"
    await office.done("dingxiang-office", "PUT", path, json={"ground": "fraud", "finding": "经查实，事迹系伪造。"})
    await office.second_removal("dingxiang-hrss", case)
    declared = await declare(office, office.campaign, place="dingxiang")
    revoked = await office.send(
        "dingxiang-office",
        "POST",
        f"/v1/zero-declarations/{declared.json().get('id')}/revocation",
        json={"reason": "重新研究"},
    )
    assert (declared.status_code, declared.json()["seats"], revoked.status_code) == (201, 0, 201)
