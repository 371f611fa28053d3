"""附件9: who answers for the campaign in a county, before it reviews anything (R40–R42, R66, R204–R207)."""

import asyncio
import copy

import pytest

from tests.factories import CONTACT_FORM, ENDORSE, OPENED, Office


@pytest.fixture
async def county(client) -> Office:
    return Office(client, "tests-contact")


async def save(office: Office, form, username: str = "wutai-office"):
    path = f"/v1/campaigns/{office.campaign}/contact-form"
    return await office.send(username, "PUT", path, json={"form": form})


def changed(row: int, **changes):
    form = copy.deepcopy(CONTACT_FORM)
    form["people"][row] |= changes
    return form


async def test_a_county_that_has_not_said_who_answers_for_it_reviews_nothing_r40_r66(client):
    office = Office(client, "tests-contact-first")
    case = await office.in_publicity()
    await office.set_clock("2025-02-14T09:00:00+08:00")
    me = (await office.done("wutai-head", "GET", "/v1/auth/me")).json()["person"]["full_name"]
    await office.step("head", case, "unit-signatures", json={"signer_name": me})
    path = f"/v1/nominations/{case}/reviews"
    refused = await office.send("wutai-hrss", "POST", path, json=ENDORSE)
    await save(office, CONTACT_FORM)
    endorsed = await office.send("wutai-hrss", "POST", path, json=ENDORSE)
    assert ([error["code"] for error in refused.json()["errors"]], endorsed.status_code) == (["office_not_set_up"], 201)


@pytest.mark.parametrize(
    ("day", "on_time"), [("2025-02-08T23:58:00+08:00", True), ("2025-02-09T00:00:00+08:00", False)]
)
async def test_the_table_is_due_by_the_end_of_february_8_r41(county, day, on_time):
    office = Office(county.client, f"tests-contact-{on_time}".lower())
    await office.set_clock(day)
    answer = await save(office, CONTACT_FORM)
    await office.set_clock(OPENED)
    assert (answer.status_code, answer.json()["on_time"]) == (200, on_time)


@pytest.mark.parametrize(
    ("form", "pointer", "code"),
    [
        (changed(0, office_phone="3000000"), "/form/people/0/office_phone", "area_code_missing"),
        (changed(1, fax="3000001"), "/form/people/1/fax", "area_code_missing"),
        (changed(0, postcode=""), "/form/people/0/postcode", "required"),
        (changed(1, position="leader"), "/form/people", "row_missing"),
        (CONTACT_FORM | {"people": CONTACT_FORM["people"][:1]}, "/form/people", "too_few_items"),
        (CONTACT_FORM | {"organisation_name": ""}, "/form/organisation_name", "required"),
    ],
)
async def test_each_rule_of_the_table_is_checked_by_name_r204_r205_r206(county, form, pointer, code):
    answer = await save(county, form)
    assert (answer.status_code, [(e["pointer"], e["code"]) for e in answer.json()["errors"]]) == (
        422,
        [(pointer, code)],
    )


async def test_two_who_file_the_first_one_at_once_both_have_filed_it_r40(county):
    office = Office(county.client, "tests-contact-first")
    answers = await asyncio.gather(*(save(office, CONTACT_FORM, "daixian-office") for _ in range(4)))
    assert [answer.status_code for answer in answers] == [200] * 4


async def test_an_office_without_a_fax_writes_wu_r204(county):
    form = {"people": [changed(row, fax="无")["people"][row] for row in (0, 1)]}
    answer = await save(county, CONTACT_FORM | form)
    assert (answer.status_code, [row["fax"] for row in answer.json()["form"]["people"]]) == (200, ["无", "无"])


async def test_what_was_faxed_and_mailed_is_noted_r42_r207(county):
    await county.set_clock(OPENED)
    await save(county, CONTACT_FORM)
    path = f"/v1/campaigns/{county.campaign}/contact-form/dispatches"
    for channel in ("fax", "email"):
        answer = await county.done("wutai-office", "POST", path, json={"channel": channel, "sent_on": "2025-02-07"})
    assert answer.json()["dispatches"] == {"fax": "2025-02-07", "email": "2025-02-07"}


async def test_the_city_sees_who_has_filed_none_and_a_county_only_itself_r41(county):
    await save(county, CONTACT_FORM)
    path = f"/v1/campaigns/{county.campaign}/contact-forms"
    city, other = [(await county.done(name, "GET", path)).json() for name in ("city-office", "dingxiang-office")]
    assert ("140922" in city["missing"], len(city["missing"]), other["items"], other["missing"]) == (
        False,
        14,
        [],
        ["140921"],
    )


@pytest.mark.parametrize("username", ["wutai-clerk", "wutai-hrss", "city-office"])
async def test_only_the_countys_office_files_it_r40(county, username):
    assert (await save(county, CONTACT_FORM, username)).status_code == 403
