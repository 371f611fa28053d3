"""One person, one collective, one legal entity: one open case each, whatever it is called. Its inner offices stand beside it."""

import pytest

from tests.factories import OPENED, Office, complete_collective, complete_form, credit_code_of
from tests.nominations.cases.test_submission import submit
from tests.nominations.reporting.test_awards import disqualify

INNER = {"is_inner_office": True}
BESIDE = {"pointer": "/form/credit_code", "code": "entity_put_forward_twice", "reason": "铸造车间为独立班组，事迹不同"}


def told(answer) -> tuple[int, str, list[tuple[str, str]]]:
    problem = answer.json()
    return answer.status_code, problem["code"], [(each["pointer"], each["code"]) for each in problem["errors"]]


async def submitted(office: Office, code: str, **changes) -> str:
    return await office.submitted_collective(credit_code=code, **changes)


async def test_a_firm_is_put_forward_once_under_whatever_name(office):
    code = credit_code_of("two names")
    await submitted(office, code)
    answer = await submit(office, await office.collective(complete_collective(credit_code=f" {code.lower()} ")))
    assert told(answer) == (409, "already_nominated", [("/form/credit_code", "already_nominated")])


async def test_a_firm_whose_case_was_taken_back_is_put_forward_again(office):
    code = credit_code_of("taken back")
    await office.step("clerk", await submitted(office, code), "withdrawal", json={"reason": "材料有误"})
    assert (await submit(office, await office.collective(complete_collective(credit_code=code)))).status_code == 201


async def test_a_disqualified_firm_does_not_come_back_under_another_name_r98_r101(client):
    office, code = Office(client, "tests-same-firm"), credit_code_of("another name")
    case = await office.collective_at_county(credit_code=code)
    await disqualify(office, case, first="wutai-office", second="wutai-iit")
    await office.set_clock(OPENED)
    answer = await submit(office, await office.collective(complete_collective(credit_code=code)))
    assert told(answer) == (409, "already_nominated", [("/form/credit_code", "already_nominated")])


@pytest.mark.parametrize(("first", "second"), [({}, INNER), (INNER, {}), (INNER, INNER)])
async def test_a_firms_workshop_stands_beside_the_firm_or_another_workshop_with_a_reason_r6(office, first, second):
    """The form asks a workshop for the code of its firm, by which what bars the firm bars the workshop (R83)."""
    code = credit_code_of(f"workshops {first} {second}")
    await submitted(office, code, **first)
    case = await office.collective(complete_collective(credit_code=code, **second))
    checks = (await office.done("wutai-clerk", "POST", f"/v1/nominations/{case}/checks")).json()
    refused = await submit(office, case)
    path = f"/v1/nominations/{case}/submissions"
    explained = await office.send("wutai-clerk", "POST", path, json={"explanations": [BESIDE]})
    assert [(each["pointer"], each["code"]) for each in checks["warnings"]] == [(BESIDE["pointer"], BESIDE["code"])]
    assert told(refused) == (422, "nomination_incomplete", [("/form/credit_code", "reason_required")])
    assert (explained.status_code, [each["code"] for each in explained.json()["explanations"]]) == (
        201,
        ["entity_put_forward_twice"],
    )


async def test_a_draft_and_what_was_taken_back_ask_a_workshop_for_no_reason(office):
    code = credit_code_of("drafts")
    await office.set_clock(OPENED)
    await office.collective(complete_collective(credit_code=code))
    await office.step("clerk", await submitted(office, code), "withdrawal", json={"reason": "材料有误"})
    assert (await submit(office, await office.collective(complete_collective(credit_code=code, **INNER)))).is_success


async def test_a_bureau_states_no_code_and_its_departments_stand_beside_it_without_a_word_r6(office):
    """附件5 asks enterprises alone for the code: two collectives of one bureau are known by their names."""
    code = credit_code_of("a bureau")
    bureau = {"collective_nature": "government_body", "scope": "supporting_organisation", "credit_code": code}
    reason = {"pointer": "/form/is_manufacturing", "code": "not_preferred", "reason": "本县无符合条件的制造业企业"}
    await office.set_clock(OPENED)
    answers = []
    for inner in (False, True):
        case = await office.collective(complete_collective(**bureau, is_inner_office=inner))
        path = f"/v1/nominations/{case}/submissions"
        answers.append(await office.send("wutai-clerk", "POST", path, json={"explanations": [reason]}))
    assert [answer.status_code for answer in answers] == [201, 201]


async def returned(office: Office, case: str) -> str:
    await office.step("hrss", case, "reviews", json={"decision": "return", "reason": "补充材料"})
    return case


async def saved(office: Office, case: str, **changes):
    read = await office.done("wutai-clerk", "GET", f"/v1/nominations/{case}")
    headers = {"If-Match": read.headers["ETag"]}
    path, body = f"/v1/nominations/{case}", {"form": read.json()["form"] | changes}
    return await office.send("wutai-clerk", "PUT", path, json=body, headers=headers), read.json()


@pytest.mark.parametrize("field", ["collective_name", "credit_code"])
async def test_a_returned_case_is_not_turned_into_a_collective_that_has_one(office, field):
    """It holds its seat, and its place: nobody learns of it at submission only."""
    taken = complete_collective()
    await office.set_clock(OPENED)
    await office.step("clerk", await office.collective(taken), "submissions")
    case = await returned(office, await office.collective_at_county())
    answer, before = await saved(office, case, **{field: taken[field]})
    after = (await office.done("wutai-clerk", "GET", f"/v1/nominations/{case}")).json()
    assert told(answer) == (409, "already_nominated", [(f"/form/{field}", "already_nominated")])
    assert after == before


async def test_a_returned_case_is_not_turned_into_a_person_who_has_one(office):
    taken = complete_form()
    await office.submitted(taken)
    case = await returned(office, await office.at_county())
    own = {key: taken[key] for key in ("resident_id_number", "birth_month", "sex")}
    answer, _ = await saved(office, case, **own)
    assert told(answer) == (409, "already_nominated", [("/form/resident_id_number", "already_nominated")])


async def test_a_correction_gives_no_collective_the_name_of_another_that_has_a_case(office):
    taken = complete_collective()
    await office.set_clock(OPENED)
    await office.step("clerk", await office.collective(taken), "submissions")
    case = await office.walk_to_publicity(await office.submitted_collective())
    read = await office.done("wutai-clerk", "GET", f"/v1/nominations/{case}")
    body = {"form": read.json()["form"] | {"collective_name": taken["collective_name"]}, "reason": "名称有误"}
    path, headers = f"/v1/nominations/{case}/corrections", {"If-Match": read.headers["ETag"]}
    answer = await office.send("wutai-clerk", "POST", path, json=body, headers=headers)
    assert told(answer) == (409, "already_nominated", [("/form/collective_name", "already_nominated")])
