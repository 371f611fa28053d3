"""An authority's officer without an account answers by a link and a code to one phone (R58, R80–R82, journeys 3 and 8)."""

import itertools
import json
import os
from pathlib import Path

import pytest

from tests.factories import AFTER_PUBLICITY, HEAD_OF_FIRM, Office, complete_form

_phones = itertools.count(13_800_000_001)


@pytest.fixture
def county(office) -> Office:
    return Office(office.client, "tests-consultation")


def texts_to(phone: str) -> list[dict]:
    lines = Path(os.environ["XIANJIN_SMS_FILE"]).read_text("utf-8").splitlines()
    return [message for message in map(json.loads, lines) if message["phone"] == phone]


def last_code(phone: str) -> str:
    return [m["parameters"]["code"] for m in texts_to(phone) if m["template"] == "opinion_code"][-1]


async def ask(office: Office, case: str, authority: str = "public_security", phone: str | None = None):
    body = {"authority": authority, "officer_name": "示例警官", "phone": phone or str(next(_phones))}
    return await office.send("wutai-office", "POST", f"/v1/nominations/{case}/consultations", json=body)


async def public(office: Office, noun: str, **body):
    return await office.client.post(f"/v1/consultation-sheets/{noun}", json=body)


async def opened(office: Office, case: str, authority: str = "public_security") -> dict:
    """The sheet as the right officer opens it."""
    phone = str(next(_phones))
    link = (await ask(office, case, authority, phone)).json()["link_code"]
    assert (await public(office, "codes", link_code=link)).is_success
    answer = await public(office, "openings", link_code=link, code=last_code(phone))
    assert answer.is_success, answer.text
    return answer.json()


async def answered(office: Office, key: str, **changes):
    body = {"sheet_key": key, "result": "favourable", "text": "无违法犯罪记录", "signer_name": "示例警官"}
    return await public(office, "answers", **body | changes)


async def test_the_link_goes_by_text_message_and_names_no_nominee_r80(county):
    case = await county.at_county()
    phone = str(next(_phones))
    asked = (await ask(county, case, phone=phone)).json()
    name = (await county.done("wutai-office", "GET", f"/v1/nominations/{case}")).json()["name"]
    (message,) = texts_to(phone)
    assert (asked["link_code"] in message["text"], name in message["text"], asked["phone_masked"]) == (
        True,
        False,
        f"{phone[:3]}****{phone[-4:]}",
    )


async def test_the_officer_sees_one_sheet_and_nothing_else_of_the_case_r202(county):
    case = await county.at_county(form=complete_form(**HEAD_OF_FIRM))
    sheet = await opened(county, case, "taxation")
    assert (sheet["label"], [row["label"] for row in sheet["rows"]]) == (
        "税务部门",
        ["姓名", "职务", "企业名称", "企业类型"],
    )


async def test_the_answer_is_the_authoritys_opinion_and_closes_the_sheet_r58_r80(county):
    case = await county.at_county()
    key = (await opened(county, case))["sheet_key"]
    first, second = await answered(county, key, place="household"), await answered(county, key)
    opinions = (await county.done("wutai-office", "GET", f"/v1/nominations/{case}")).json()["opinions"]
    said = [(o["authority"], o["result"], o["place"], o["signer_name"]) for o in opinions]
    assert (first.status_code, second.json()["code"], said) == (
        201,
        "opinion_sheet_closed",
        [("public_security", "favourable", "household", "示例警官")],
    )


async def test_whoever_finds_the_link_on_another_phone_sees_nothing_r80(county):
    case = await county.at_county()
    link = (await ask(county, case)).json()["link_code"]
    await public(county, "codes", link_code=link)
    guess = await public(county, "openings", link_code=link, code="000000")
    assert (guess.status_code, guess.json()["code"]) == (422, "text_code_wrong")


async def test_one_authoritys_code_opens_no_other_authoritys_link_r80(county):
    case = await county.at_county(form=complete_form(**HEAD_OF_FIRM))
    phones = [str(next(_phones)) for _ in range(2)]
    asked = zip(("taxation", "public_security"), phones, strict=True)
    links = [(await ask(county, case, authority, phone)).json()["link_code"] for authority, phone in asked]
    for link in links:
        await public(county, "codes", link_code=link)
    first, second = map(last_code, phones)
    crossed = [
        await public(county, "openings", link_code=link, code=code)
        for link, code in zip(links, (second, first), strict=True)
        if first != second
    ]
    assert {(each.status_code, each.json()["code"]) for each in crossed} <= {(422, "text_code_wrong")}


async def test_one_authoritys_sheet_answers_for_that_authority_alone_r58(county):
    case = await county.at_county(form=complete_form(**HEAD_OF_FIRM))
    key = (await opened(county, case, "taxation"))["sheet_key"]
    await ask(county, case, "public_security")
    told = await answered(county, key, authority="public_security")
    assert (await answered(county, key)).status_code == 201
    listed = (await county.done("wutai-office", "GET", f"/v1/nominations/{case}/consultations")).json()["items"]
    assert (told.status_code, {each["authority"]: each["state"] for each in listed}) == (
        422,
        {"taxation": "answered", "public_security": "waiting"},
    )


async def test_a_link_that_was_answered_is_not_used_again_r80(county):
    case = await county.at_county()
    phone = str(next(_phones))
    link = (await ask(county, case, phone=phone)).json()["link_code"]
    await public(county, "codes", link_code=link)
    code = last_code(phone)
    key = (await public(county, "openings", link_code=link, code=code)).json()["sheet_key"]
    await answered(county, key)
    again = [await public(county, "codes", link_code=link), await public(county, "openings", link_code=link, code=code)]
    assert [(each.status_code, each.json()["code"]) for each in again] == [(410, "consultation_over")] * 2


async def test_a_code_is_dead_after_five_wrong_tries(county):
    case = await county.at_county()
    phone = str(next(_phones))
    link = (await ask(county, case, phone=phone)).json()["link_code"]
    await public(county, "codes", link_code=link)
    right = last_code(phone)
    wrong = "111111" if right != "111111" else "222222"
    for _ in range(5):
        await public(county, "openings", link_code=link, code=wrong)
    assert (await public(county, "openings", link_code=link, code=right)).json()["code"] == "text_code_wrong"


async def test_a_second_code_within_a_minute_is_not_sent(county):
    case = await county.at_county()
    link = (await ask(county, case)).json()["link_code"]
    await public(county, "codes", link_code=link)
    again = await public(county, "codes", link_code=link)
    assert (again.status_code, again.json()["code"], int(again.headers["Retry-After"]) <= 60) == (
        429,
        "too_many_codes",
        True,
    )


async def test_a_link_of_one_authority_does_not_open_after_it_is_taken_back(county):
    case = await county.at_county()
    asked = (await ask(county, case)).json()
    await county.done("wutai-office", "DELETE", f"/v1/consultations/{asked['id']}")
    answer = await public(county, "codes", link_code=asked["link_code"])
    assert (answer.status_code, answer.json()["code"]) == (410, "consultation_over")


async def test_a_sheet_that_is_open_cannot_be_answered_after_it_is_taken_back(county):
    case = await county.at_county()
    key = (await opened(county, case))["sheet_key"]
    (listed,) = (await county.done("wutai-office", "GET", f"/v1/nominations/{case}/consultations")).json()["items"]
    await county.done("wutai-office", "DELETE", f"/v1/consultations/{listed['id']}")
    assert (await answered(county, key)).json()["code"] == "opinion_sheet_closed"


async def test_an_expired_link_opens_nothing(county):
    case = await county.at_county()
    link = (await ask(county, case)).json()["link_code"]
    await county.set_clock("2025-02-22T09:00:00+08:00")
    answer = await public(county, "codes", link_code=link)
    await county.set_clock(AFTER_PUBLICITY)
    assert (answer.status_code, answer.json()["code"]) == (410, "consultation_over")


async def test_a_reminder_sends_a_new_link_and_kills_the_old_one(county):
    case = await county.at_county()
    asked = (await ask(county, case)).json()
    reminded = (await county.done("wutai-office", "POST", f"/v1/consultations/{asked['id']}/reminders")).json()
    old = await public(county, "codes", link_code=asked["link_code"])
    new = await public(county, "codes", link_code=reminded["link_code"])
    assert (old.json()["code"], new.status_code) == ("consultation_link_invalid", 201)


async def test_an_authority_is_asked_once_at_a_time(county):
    case = await county.at_county()
    await ask(county, case)
    assert (await ask(county, case)).json()["code"] == "authority_already_asked"


async def test_every_look_is_written_down_for_the_office_that_asked(county):
    case = await county.at_county()
    await answered(county, (await opened(county, case))["sheet_key"])
    (listed,) = (await county.done("wutai-office", "GET", f"/v1/nominations/{case}/consultations")).json()["items"]
    steps = [step["step"] for step in listed["steps"]]
    assert (listed["state"], steps) == ("answered", ["code_sent", "opened", "answered"])


async def test_an_unfavourable_tax_opinion_bars_person_and_firm_r90(county):
    office = Office(county.client, "tests-consultation-bars")
    case = await office.at_county(form=complete_form(**HEAD_OF_FIRM))
    key = (await opened(office, case, "human_resources"))["sheet_key"]
    circumstance = {"result": "unfavourable", "disqualifier": "social_insurance_arrears", "text": "未按规定缴纳"}
    assert (await answered(office, key, **circumstance)).status_code == 201
    actions = (await office.done("wutai-hrss", "GET", f"/v1/nominations/{case}")).json()["actions"]
    barred = [b["code"] for a in actions if a["action"] == "endorse" for b in a["blockers"]]
    assert barred == ["disqualified"]


async def test_an_answer_after_the_case_went_back_is_refused_and_the_sheet_stays_open(county):
    case = await county.at_county()
    key = (await opened(county, case))["sheet_key"]
    await county.step("hrss", case, "reviews", json={"decision": "return", "reason": "补充材料"})
    problem = (await answered(county, key)).json()
    (listed,) = (await county.done("wutai-office", "GET", f"/v1/nominations/{case}/consultations")).json()["items"]
    assert (problem["code"], problem["errors"][0]["code"], listed["state"]) == (
        "action_blocked",
        "wrong_status",
        "waiting",
    )


async def test_an_office_of_another_county_does_not_see_whom_this_one_asked(county):
    case = await county.at_county()
    answer = await county.send("dingxiang-office", "GET", f"/v1/nominations/{case}/consultations")
    assert answer.status_code == 404


async def test_a_phone_that_is_no_mobile_is_refused(county):
    case = await county.at_county()
    problem = (await ask(county, case, phone="0350-1234567")).json()
    assert [(e["pointer"], e["code"]) for e in problem["errors"]] == [("/phone", "mobile_invalid")]


async def test_a_link_shows_nothing_of_a_case_that_went_back_r48(county):
    case = await county.at_county()
    phone = str(next(_phones))
    link = (await ask(county, case, phone=phone)).json()["link_code"]
    await public(county, "codes", link_code=link)
    await county.step("hrss", case, "reviews", json={"decision": "return", "reason": "补充材料"})
    gone = await public(county, "openings", link_code=link, code=last_code(phone))
    (listed,) = (await county.done("wutai-office", "GET", f"/v1/nominations/{case}/consultations")).json()["items"]
    steps = [step["step"] for step in listed["steps"]]
    assert (gone.status_code, gone.json()["code"], steps) == (410, "consultation_over", ["code_sent"])


async def test_no_code_is_sent_about_a_case_that_was_taken_back_r13_r48(county):
    case = await county.at_county()
    phone = str(next(_phones))
    link = (await ask(county, case, phone=phone)).json()["link_code"]
    await county.step("clerk", case, "withdrawal", json={"reason": "本人放弃"})
    answer = await public(county, "codes", link_code=link)
    assert (answer.status_code, [m["template"] for m in texts_to(phone)]) == (410, ["opinion_asked"])


async def test_the_message_names_the_day_on_which_the_link_ends_at_the_campaigns_place(county):
    case = await county.at_county()
    phone = str(next(_phones))
    await county.set_clock("2025-02-15T07:00:00+08:00")
    await ask(county, case, phone=phone)
    await county.set_clock(AFTER_PUBLICITY)
    assert [message["parameters"]["until"] for message in texts_to(phone)] == ["2025-02-22"]
