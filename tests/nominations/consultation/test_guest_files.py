"""Files from people without an account: attachments of an objection, the sealed sheet of an authority (R58, R95, R130)."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from services.common.callers.tokens import Caller
from services.common.problems import NotFound
from services.documents.bundles import list_bundle
from services.documents.resources import Resources
from tests.factories import HEAD_OF_FIRM, PICTURES, Office, complete_form
from tests.nominations.consultation.test_consultations import answered, opened
from tests.nominations.prints.test_sheet_forms import taken_over_and_at_county
from tests.nominations.publicity.test_objections import ANONYMOUS, OFFICER, UNTRUE, notice_of, object_to

PICTURE = (PICTURES / "good.jpg").read_bytes()
OTHER = (PICTURES / "id_card_back.jpg").read_bytes()


@pytest.fixture
def county(client) -> Office:
    return Office(client, "tests-guest-files")


async def send(client, grant: str, content: bytes = PICTURE):
    files = {"file": ("a.jpg", content, "image/jpeg")}
    return await client.post("/v1/documents/granted-uploads", files=files, data={"grant": grant})


async def objection_of(office: Office, receipt: dict) -> str:
    """The id, as the office that handles it finds it."""
    items = (
        await office.done(
            "wutai-office", "GET", "/v1/objections", params={"campaign_key": office.campaign, "page_size": 100}
        )
    ).json()["items"]
    return next(item["id"] for item in items if item["received_at"] == receipt["received_at"])


async def bundle(office: Office, username: str, bundle_id: str):
    return await office.send(username, "GET", f"/v1/documents/bundles/{bundle_id}")


async def test_whoever_objects_adds_attachments_that_only_the_handling_office_reads_r95(county, client):
    case = await county.submitted_collective()
    await county.walk_to_publicity(case)
    receipt = (await object_to(client, await notice_of(county, case), ANONYMOUS)).json()
    sent = await send(client, receipt["upload"]["grant"])
    objection = await objection_of(county, receipt)
    body = (await county.done("wutai-office", "GET", f"/v1/objections/{objection}")).json()
    seen = [(await bundle(county, who, body["bundle_id"])) for who in ("wutai-office", "wutai-clerk", "city-office")]
    items = seen[0].json()["items"]
    assert (sent.status_code, [(item["id"], item["kind"]) for item in items]) == (
        201,
        [(sent.json()["id"], "objection_attachment")],
    )
    assert [answer.status_code for answer in seen] == [200, 404, 404]


async def with_attachment(county: Office, client, case: str) -> UUID:
    receipt = (await object_to(client, await notice_of(county, case), ANONYMOUS)).json()
    await send(client, receipt["upload"]["grant"])
    return UUID(await objection_of(county, receipt))


async def listed(documents: Resources, caller: Caller, bundle_id: UUID) -> list[str] | None:
    """The kinds of what an officer is shown; None where there is no such bundle for them."""
    try:
        return [item.kind for item in (await list_bundle(documents, caller, bundle_id, replaced=False)).items]
    except NotFound:
        return None


@pytest.mark.parametrize("taken_in", [False, True], ids=["their own", "taken in"])
async def test_an_officer_whose_body_the_unit_is_reads_no_attachments_r95_r97(county, client, documents, taken_in):
    case = await county.submitted_collective()
    await county.walk_to_publicity(case)
    objection = await with_attachment(county, client, case)
    unit = (await county.done("wutai-clerk", "GET", f"/v1/nominations/{case}")).json()["unit_id"]
    body, taken = (str(uuid4()), frozenset({unit})) if taken_in else (unit, frozenset())
    recused = replace(OFFICER, organisation_id=body, predecessors=taken)
    seen = [await listed(documents, officer, objection) for officer in (recused, OFFICER)]
    assert seen == [None, ["objection_attachment"]]


async def test_an_officer_who_takes_a_case_over_as_its_nominee_reads_no_attachments_of_before_r95_r97(
    county, client, documents
):
    case = await county.at_county()
    objection = await with_attachment(county, client, case)
    me = (await county.done("wutai-nominee", "GET", "/v1/auth/me")).json()["person"]["id"]
    officer = replace(OFFICER, subject=me)
    before = await listed(documents, officer, objection)
    returned = {"decision": "return", "reason": "请补充", "return_to": "unit"}
    await county.step("hrss", case, "reviews", json=returned)
    code = (await county.step("clerk", case, "hand-over-codes"))["code"]
    await county.done("wutai-nominee", "POST", "/v1/hand-overs", json={"code": code})
    assert (before, await listed(documents, officer, objection)) == (["objection_attachment"], None)


async def test_attachments_that_no_stage_may_open_are_opened_to_whoever_may_read_the_words_r95(
    county, client, documents
):
    """So stand those that came before documents knew from whom to keep them (its migration 0012)."""
    case = await county.submitted_collective()
    await county.walk_to_publicity(case)
    objection = await with_attachment(county, client, case)
    async with documents.database.transaction() as session:
        closed = "UPDATE documents.bundles SET open_to = '{}', kept_from = '{}' WHERE id = :id"
        await session.execute(text(closed), {"id": objection})
    before = await listed(documents, OFFICER, objection)
    await county.done("wutai-office", "GET", f"/v1/objections/{objection}")
    unit = (await county.done("wutai-clerk", "GET", f"/v1/nominations/{case}")).json()["unit_id"]
    of_the_unit = replace(OFFICER, organisation_id=unit)
    seen = [await listed(documents, officer, objection) for officer in (OFFICER, of_the_unit)]
    assert (before, seen) == (None, [["objection_attachment"], None])


async def test_an_attachment_whose_answer_was_lost_is_sent_again_and_stays_one_r95(county, client):
    case = await county.submitted_collective()
    await county.walk_to_publicity(case)
    grant = (await object_to(client, await notice_of(county, case), ANONYMOUS)).json()["upload"]["grant"]
    first, second, third = [(await send(client, grant, each)).json()["id"] for each in (PICTURE, PICTURE, OTHER)]
    assert (first == second, first == third) == (True, False)


async def test_the_receipt_gives_another_grant_until_the_objection_is_concluded_r95(county, client):
    case = await county.submitted_collective()
    await county.walk_to_publicity(case)
    receipt = (await object_to(client, await notice_of(county, case), ANONYMOUS)).json()
    code = {"receipt_code": receipt["receipt_code"]}
    again = await client.post("/v1/objection-upload-grants", json=code)
    sent = await send(client, again.json()["grant"])
    objection = await objection_of(county, receipt)
    await county.done("wutai-office", "POST", f"/v1/objections/{objection}/conclusions", json=UNTRUE)
    late = await client.post("/v1/objection-upload-grants", json=code)
    unknown = await client.post("/v1/objection-upload-grants", json={"receipt_code": "not-a-receipt"})
    assert (sent.status_code, late.json()["code"], unknown.json()["code"]) == (
        201,
        "objection_concluded",
        "receipt_unknown",
    )


async def test_a_grant_that_nobody_gave_is_refused_whatever_comes_with_it(client):
    answer = await send(client, "a-grant-of-nobodys-making")
    assert (answer.status_code, answer.json()["code"]) == (403, "upload_grant_invalid")


async def test_what_comes_by_a_grant_is_inspected_like_everything_else(county, client):
    case = await county.submitted_collective()
    await county.walk_to_publicity(case)
    grant = (await object_to(client, await notice_of(county, case), ANONYMOUS)).json()["upload"]["grant"]
    answer = await send(client, grant, b"MZ this is a program")
    assert (answer.status_code, answer.json()["code"]) == (422, "file_type_refused")


async def test_an_authority_sends_its_sealed_sheet_with_its_opinion_r58_r130(county, client):
    case = await county.at_county()
    sheet = await opened(county, case)
    scan = (await send(client, sheet["upload"]["grant"])).json()
    other_case = "01940000-0000-7000-8000-000000000001"
    wrong = await answered(county, sheet["sheet_key"], scan_document_id=other_case)
    right = await answered(county, sheet["sheet_key"], scan_document_id=scan["id"])
    papers = (await bundle(county, "wutai-office", case)).json()["items"]
    assert [error["code"] for error in wrong.json()["errors"]] == ["document_unknown"]
    assert (right.status_code, scan["id"] in {item["id"] for item in papers}) == (201, True)


@pytest.mark.parametrize("who", ["nominee", "clerk", "head"])
async def test_an_authoritys_sealed_sheet_is_shown_to_nobody_of_the_cases_side_r58(county, client, who):
    case = await taken_over_and_at_county(county)
    scan = await sealed_by_the_authority(county, client, case)
    papers = (await bundle(county, f"wutai-{who}", case)).json()["items"]
    named = await county.done(f"wutai-{who}", "GET", f"/v1/nominations/{case}/sealed-scans")
    content = await county.send(f"wutai-{who}", "GET", f"/v1/documents/{scan}/content")
    assert (scan in {item["id"] for item in papers}, named.json()["items"], content.status_code) == (False, [], 404)


@pytest.mark.parametrize("who", ["office", "hrss"])
async def test_an_authoritys_sealed_sheet_is_shown_to_the_offices_r58_r130(county, client, who):
    case = await county.at_county(form=complete_form(**HEAD_OF_FIRM))
    scan = await sealed_by_the_authority(county, client, case)
    papers = (await bundle(county, f"wutai-{who}", case)).json()["items"]
    named = (await county.done(f"wutai-{who}", "GET", f"/v1/nominations/{case}/sealed-scans")).json()["items"]
    content = await county.send(f"wutai-{who}", "GET", f"/v1/documents/{scan}/content")
    kinds = [item["kind"] for item in papers if item["id"] == scan]
    assert (kinds, [item["document_id"] for item in named], content.status_code) == (["opinion_sheet"], [scan], 200)


async def sealed_by_the_authority(county: Office, client, case: str) -> str:
    """Police answer by their link, with the sheet that they sealed; its code cannot be read."""
    sheet = await opened(county, case)
    scan: str = (await send(client, sheet["upload"]["grant"])).json()["id"]
    said = {"scan_document_id": scan, "scan_explanation": "二维码被公章盖住", "result": "unfavourable"}
    assert (await answered(county, sheet["sheet_key"], **said)).is_success
    return scan


async def test_an_opinion_from_paper_names_a_scan_that_lies_with_the_case_r130(county):
    case = await county.at_county()
    opinion = {"result": "favourable", "text": "同意", "signer_name": "示例", "signed_on": "2025-02-14"}
    path = f"/v1/nominations/{case}/opinions/public_security"
    unknown = {"scan_document_id": "01940000-0000-7000-8000-000000000001"}
    answer = await county.send("wutai-office", "PUT", path, json=opinion | unknown)
    assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [("/scan_document_id", "document_unknown")]
