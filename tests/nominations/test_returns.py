"""A case goes back with the fields that it goes back for, to the unit or to the nominee (R57, A30)."""

from tests.factories import Office

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
