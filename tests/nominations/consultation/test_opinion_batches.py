"""One answer of an authority about many cases (R196, R201); the city may collect what counties then need not (A11)."""

from dataclasses import replace

import pytest

from services.nominations.cases.case_facts import asked_at
from services.nominations.domain.consultation import RequiredOpinion
from tests.domain.the_campaign import the_campaign
from tests.factories import ENDORSE, HEAD_OF_FIRM, OPENED, Office, complete_collective, complete_form

NO_FIRM = {"collective_nature": "government_body", "scope": "supporting_organisation"}
POLICE = {"authority": "public_security", "signer_name": "示例", "signed_on": "2025-02-14"}


@pytest.fixture
def county(office) -> Office:
    return Office(office.client, "tests-batch")


async def record(office: Office, *items: dict, who: str = "wutai-office", **changes):
    body = {"campaign_key": office.campaign} | POLICE | {"items": list(items)} | changes
    return await office.send(who, "POST", "/v1/opinion-batches", json=body)


def favourable(case: str) -> dict:
    return {"nomination_id": case, "result": "favourable"}


async def to_ask_about(office: Office, who: str = "wutai-office", authority: str = "public_security") -> list[str]:
    path = f"/v1/campaigns/{office.campaign}/cases-to-ask-about?authority={authority}"
    return [item["nomination_id"] for item in (await office.done(who, "GET", path)).json()["items"]]


async def test_one_batch_records_the_police_opinion_of_every_case_r196(county):
    office = Office(county.client, "tests-batch-all")
    cases = [await office.at_county(), await office.at_county()]
    await record(office, favourable(cases[0]) | {"result": "not_applicable"})  # an answer, and no opinion
    waiting = await to_ask_about(office)
    answer = await record(office, *map(favourable, cases), place="location")
    shown = (await office.done("wutai-office", "GET", f"/v1/nominations/{cases[0]}")).json()["opinions"]
    assert [opinion["place"] for opinion in shown] == ["location"]
    assert (waiting, answer.json()["recorded"], await to_ask_about(office)) == (cases, 2, [])


async def bureau(office: Office) -> str:
    """A collective that is no firm, submitted with the reason that the notice asks for then (R16)."""
    await office.set_clock(OPENED)
    case = await office.collective(complete_collective(**NO_FIRM))
    reason = {"pointer": "/form/is_manufacturing", "code": "not_preferred", "reason": "本县无符合条件的制造业企业"}
    await office.step("clerk", case, "submissions", json={"explanations": [reason]})
    return case


async def test_each_authority_is_asked_about_the_cases_that_wait_for_it_and_about_no_other_r80_r82(county):
    office = Office(county.client, "tests-asked-about")
    cases = [
        await office.at_county(),
        await office.at_county(form=complete_form(**HEAD_OF_FIRM)),
        await office.collective_at_county(),
        await office.walk_to_county(await bureau(office)),
    ]
    waiting: dict[str, list[str]] = {key: [] for key in the_campaign().authorities}
    for case in cases:
        needs = (await office.done("wutai-office", "GET", f"/v1/nominations/{case}")).json()["required_opinions"]
        for need in needs:
            waiting[need["authority"]].append(case)
    listed = {authority: await to_ask_about(office, authority=authority) for authority in waiting}
    assert (listed, waiting["taxation"], waiting["personnel"]) == (waiting, cases[1:3], cases[3:])


async def test_a_batch_with_one_case_that_cannot_take_it_records_nothing_r196(county):
    at_county, at_city = await county.at_county(), await county.at_county()
    for bureau in ("hrss", "iit"):
        await county.step(bureau, at_city, "reviews", json=ENDORSE)
    await county.with_opinions(at_city)
    report = await county.report(at_city)
    await county.done("wutai-office", "POST", f"/v1/county-reports/{report}/submissions")
    problem = (await record(county, favourable(at_county), favourable(at_city))).json()
    pointers = [(error["pointer"], error["code"]) for error in problem["errors"]]
    assert (pointers, at_county in await to_ask_about(county)) == ([("/items/1", "not_this_stage")], True)


async def test_a_case_stands_once_in_a_batch(county):
    case = await county.at_county()
    problem = (await record(county, favourable(case), favourable(case))).json()
    assert [(e["pointer"], e["code"]) for e in problem["errors"]] == [("/items/1", "listed_twice")]


async def test_an_authority_that_is_not_asked_about_a_case_says_nothing_of_it_r203(county):
    case = await county.at_county()
    problem = (await record(county, favourable(case), authority="taxation")).json()
    assert [(e["pointer"], e["code"]) for e in problem["errors"]] == [("/items/0", "authority_not_asked")]


async def test_a_head_of_a_firm_is_asked_about_at_six_authorities_of_its_place_r203(county):
    case = await county.at_county(form=complete_form(**HEAD_OF_FIRM))
    needs = (await county.done("wutai-office", "GET", f"/v1/nominations/{case}")).json()["required_opinions"]
    assert (len(needs), "企业所在地" in needs[0]["reason"]) == (6, True)


async def test_a_case_of_another_county_is_not_there_for_a_batch(county):
    case = await county.at_county()
    answer = await record(county, favourable(case), who="dingxiang-office")
    assert answer.status_code == 404


def test_what_the_city_collects_does_not_hold_a_county_up_r201():
    campaign = replace(the_campaign(), city_collected=("public_security",))
    police = RequiredOpinion("public_security", "公安部门", None, "属地", "")
    tax = RequiredOpinion("taxation", "税务部门", None, "企业所在地", "")
    assert (asked_at(campaign, "county", (police, tax)), asked_at(campaign, "city", (police, tax))) == (
        [tax],
        [police, tax],
    )
