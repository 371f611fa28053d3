"""From the printed form to the scan of the sealed paper, over HTTP (R115, R129, R130, R148)."""

import asyncio
import hashlib
import io
import json
import zipfile
from urllib.parse import quote
from uuid import UUID

import pypdfium2
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from services.documents.tables import DocumentRow
from services.evidence.containers import ZipContainer
from services.evidence.verifying import verify
from services.nominations.forms.pictures import UNREADABLE
from tests.factories import CATEGORY, HEAD_OF_FIRM, OPENED, PICTURES, Office, complete_form
from tests.nominations.forms.papers import as_scan, page_of, photographed, sealed

NO_CODE = (PICTURES / "certificate.jpg").read_bytes()
WORDS = "二维码被公章盖住，已与打印件逐字核对"


@pytest.fixture(scope="module")
def county(client) -> Office:
    return Office(client, "tests-sealed-scans")


@pytest.fixture(scope="module")
async def case(county) -> str:
    await county.set_clock(OPENED)
    return await county.endorsed_by_county(form=complete_form(**HEAD_OF_FIRM))


@pytest.fixture(scope="module")
async def printed(county, case) -> bytes:
    return await form_of(county, case, "attachment_6")


async def form_of(county: Office, case: str, form: str, where: str = "nominations") -> bytes:
    return (await county.done("wutai-office", "GET", f"/v1/{where}/{case}/forms/{form}?format=pdf")).content


async def uploaded(
    county: Office, bundle: str, content: bytes, media_type: str = "image/jpeg", kind: str = "sealed_scan"
) -> dict:
    files, data = {"file": ("a", content, media_type)}, {"kind": kind, "bundle_id": bundle}
    answer: dict = (await county.done("wutai-office", "POST", "/v1/documents", files=files, data=data)).json()
    return answer


async def named(county: Office, case: str, document: dict, form: str = "attachment_6", **more: str):
    body = {"document_id": document["id"], "form": form} | more
    return await county.send("wutai-office", "POST", f"/v1/nominations/{case}/sealed-scans", json=body)


def codes(answer) -> tuple[int, list[tuple[str, str]]]:
    return answer.status_code, [(error["pointer"], error["code"]) for error in answer.json()["errors"]]


def words(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


async def test_a_print_is_written_down_with_its_version_and_who_took_it_r148(county, case, printed):
    path = f"/v1/nominations/{case}/form-prints"
    first = (await county.done("wutai-office", "GET", path)).json()["items"][-1]
    found = (await county.done("wutai-clerk", "GET", path, params={"code": first["code"].lower()})).json()["items"]
    assert (first["form"], first["format"], first["code"] in words(printed)) == ("attachment_6", "pdf", True)
    assert found[-1] == first


async def test_a_phones_photo_of_the_sealed_paper_is_matched_to_its_version_r148(county, case, printed):
    photo = await uploaded(county, case, photographed(sealed(page_of(printed, 4))))
    answer = await named(county, case, photo)
    again = await named(county, case, photo)
    listed = (await county.done("wutai-clerk", "GET", f"/v1/nominations/{case}/sealed-scans")).json()["items"]
    first = (await county.done("wutai-office", "GET", f"/v1/nominations/{case}/form-prints")).json()["items"][-1]
    assert (answer.status_code, answer.json()["shown"]) == (201, first)
    assert (again.json(), listed) == (answer.json(), [answer.json()])
    events = (await county.done("wutai-office", "GET", f"/v1/nominations/{case}/events")).json()["items"]
    assert [each["event"] for each in events].count("sealed_scan_noted") == 1


async def test_another_form_and_a_paper_of_elsewhere_are_refused_each_by_its_name_r148(county, case, printed):
    other = await county.at_county()
    theirs = page_of(await form_of(county, other, "attachment_6"), dpi=110)
    sheet = page_of(await form_of(county, case, "attachment_8_2"), dpi=110)
    answers = [
        codes(await named(county, case, await uploaded(county, case, as_scan(page, dpi=110), "application/pdf")))
        for page in (theirs, sheet)
    ]
    assert answers == [
        (422, [("/document_id", "scan_of_another_case")]),
        (422, [("/document_id", "scan_of_another_form")]),
    ]


async def test_where_no_code_can_be_read_somebody_says_why_r148(county, case):
    scan = await uploaded(county, case, NO_CODE)
    refused, explained = await named(county, case, scan), await named(county, case, scan, explanation=WORDS)
    assert codes(refused) == (422, [("/document_id", "scan_without_code")])
    assert (explained.status_code, explained.json()["explanation"], explained.json()["shown"]) == (201, WORDS, None)


async def test_a_paper_printed_before_the_content_changed_is_refused_r148(county):
    case = await county.at_county()
    before = page_of(await form_of(county, case, "attachment_6"), dpi=110)
    scan = await uploaded(county, case, as_scan(before, dpi=110), "application/pdf")
    body = {"decision": "return", "reason": "请补充职务", "fields": [{"pointer": "/form/post", "message": "请补充"}]}
    await county.step("hrss", case, "reviews", json=body)
    answer = await named(county, case, scan)
    assert codes(answer) == (422, [("/document_id", "scan_of_older_version")])


async def test_an_opinion_says_which_version_of_the_sheet_was_sealed_r130_r148(county, case):
    sheet = await form_of(county, case, "attachment_8_2")
    paper = as_scan(sealed(page_of(sheet, dpi=110)), dpi=110)
    scan = await uploaded(county, case, paper, "application/pdf", kind="opinion_sheet")
    said = {"result": "favourable", "text": "无异议", "signer_name": "示例", "signed_on": "2025-02-14"}
    needs = (await county.done("wutai-office", "GET", f"/v1/nominations/{case}")).json()["required_opinions"]
    authority = next(need["authority"] for need in needs if need["sheet"] == "attachment_8_2")
    path = f"/v1/nominations/{case}/opinions/{authority}"
    wrong = await uploaded(county, case, NO_CODE, kind="opinion_sheet")
    refused = await county.send("wutai-office", "PUT", path, json=said | {"scan_document_id": wrong["id"]})
    answer = await county.done("wutai-office", "PUT", path, json=said | {"scan_document_id": scan["id"]})
    opinion = next(each for each in answer.json()["opinions"] if each["authority"] == authority)
    assert codes(refused) == (422, [("/scan_document_id", "scan_without_code")])
    assert ("草稿" in words(sheet), opinion["scan_document_id"], opinion["scan_shows"]["code"] in words(sheet)) == (
        False,
        scan["id"],
        True,
    )


async def test_a_paper_is_filed_where_those_and_only_those_read_it_who_may_r58_r130(county, case):
    """An authority's sheet lies where the case's side does not look; the case's own paper where it does."""
    said = {"result": "favourable", "text": "无异议", "signer_name": "示例", "signed_on": "2025-02-14"}
    sheet = {"scan_document_id": (await uploaded(county, case, NO_CODE))["id"], "scan_explanation": WORDS}
    path = f"/v1/nominations/{case}/opinions/public_security"
    opinion = await county.send("wutai-office", "PUT", path, json=said | sheet)
    own = await named(county, case, await uploaded(county, case, NO_CODE, kind="opinion_sheet"), explanation=WORDS)
    assert [codes(opinion), codes(own)] == [
        (422, [("/scan_document_id", "scan_of_another_kind")]),
        (422, [("/document_id", "scan_of_another_kind")]),
    ]


async def test_a_unit_files_no_authoritys_sheet_r58(county, case):
    files, data = {"file": ("a", NO_CODE, "image/jpeg")}, {"kind": "opinion_sheet", "bundle_id": case}
    answer = await county.send("wutai-clerk", "POST", "/v1/documents", files=files, data=data)
    assert (answer.status_code, answer.json()["code"]) == (403, "document_kind_not_yours")


async def test_an_authoritys_sealed_sheet_lies_in_the_case_file_r127_r130(county, case):
    scan = await uploaded(county, case, NO_CODE, kind="opinion_sheet")
    content = (await county.done("wutai-office", "GET", f"/v1/nominations/{case}/case-file")).content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith("/case.json")]
        files = {each["id"]: each for each in json.loads(archive.read(name))["files"]}
    assert (files[scan["id"]]["kind"], "-征求意见表盖章件" in files[scan["id"]]["path"]) == ("opinion_sheet", True)


@pytest.fixture(scope="module")
async def filed(county, case) -> tuple[str, dict]:
    """A county's report that was handed in, and its sealed table as it was filed."""
    await county.with_opinions(case)
    report = await county.report(case, category=CATEGORY)
    await county.done("wutai-office", "POST", f"/v1/county-reports/{report}/submissions")
    table = await form_of(county, report, "attachment_4", "county-reports")
    scan = await uploaded(county, report, as_scan(page_of(table, dpi=110), dpi=110), "application/pdf")
    path, body = f"/v1/county-reports/{report}/sealed-scans", {"document_id": scan["id"], "form": "attachment_4"}
    answers = await asyncio.gather(*(county.done("wutai-office", "POST", path, json=body) for _ in range(3)))
    assert len({answer.content for answer in answers}) == 1, "three who name one scan at once name the same"
    return report, answers[0].json() | {"document": scan}


async def test_a_countys_sealed_table_is_filed_with_its_report_r115_r140(county, filed):
    report, answer = filed
    path = f"/v1/county-reports/{report}/sealed-scans"
    of_city = (await county.done("city-office", "GET", path)).json()["items"]
    elsewhere = [(await county.send("daixian-office", "GET", path)).status_code]
    prints = (await county.done("city-office", "GET", f"/v1/county-reports/{report}/form-prints")).json()["items"]
    filed_then = {key: value for key, value in answer.items() if key != "document"}
    assert (of_city, elsewhere, answer["shown"]) == ([filed_then], [404], prints[-1])


async def test_the_countys_package_holds_its_sealed_papers_and_proves_them_r115_r123_r127(county, filed):
    report, scan = filed
    content = (await county.done("wutai-office", "GET", f"/v1/county-reports/{report}/package")).content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist() if "scan" in name or "盖章" in name}
        page = archive.read("data/index.html").decode()
    (told,) = json.loads(files.pop("data/report/scans.json"))["scans"]
    name = f"data/{told['path']}"
    assert name == "data/report/五台县+山西省制造业振兴升级先进个人推荐对象汇总表-盖章扫描件.pdf"
    assert (hashlib.sha256(files[name]).hexdigest(), told["form"]) == (scan["document"]["sha256"], "attachment_4")
    assert (told["code"], told["explanation"]) == (scan["shown"]["code"], "")
    assert quote(told["path"]) in page or told["path"] in page
    assert verify(ZipContainer(io.BytesIO(content))).faults == ()


async def test_a_scan_filed_later_makes_a_prepared_package_anew_r123(county, filed):
    report, _ = filed
    path = f"/v1/county-reports/{report}/packages"
    first = (await county.done("wutai-office", "POST", path, json={})).json()["id"]
    scan = await uploaded(county, report, NO_CODE)
    body = {"document_id": scan["id"], "form": "recommendation_report", "explanation": WORDS}
    await county.done("wutai-office", "POST", f"/v1/county-reports/{report}/sealed-scans", json=body)
    assert (await county.done("wutai-office", "POST", path, json={})).json()["id"] != first


async def test_the_case_file_says_which_print_each_sealed_scan_shows_r129_r148(county, case):
    listed = (await county.done("wutai-office", "GET", f"/v1/nominations/{case}/sealed-scans")).json()["items"]
    held = (await county.done("wutai-office", "GET", f"/v1/documents/bundles/{case}")).json()["items"]
    content = (await county.done("wutai-office", "GET", f"/v1/nominations/{case}/case-file")).content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith("/case.json")]
        told = json.loads(archive.read(name))["sealed_scans"]
    hashes = {each["id"]: each["sha256"] for each in held}
    assert [(each["form"], each["code"], each["content_hash"], each["revision"]) for each in told] == [
        tuple(each["shown"][key] for key in ("form", "code", "content_hash", "revision"))
        if each["shown"]
        else (each["form"], None, None, None)
        for each in listed
    ]
    assert [each["sha256"] for each in told] == [hashes.get(each["document_id"]) for each in listed]
    assert {bool(each["code"]) for each in told} == {True, False}


@pytest.mark.parametrize("command", ["DELETE FROM", "UPDATE"])
@pytest.mark.parametrize("table", ["form_prints", "sealed_scans"])
async def test_no_print_is_taken_back_r148(case, context, command, table):
    changed = " SET form = 'other'" if command == "UPDATE" else ""

    async def take_back() -> None:
        async with context.database.transaction() as session:
            await session.execute(text(f"{command} nominations.{table}{changed}"))

    with pytest.raises(DBAPIError):
        await take_back()


async def test_a_form_whose_photo_is_lost_in_the_store_is_drawn_and_says_so_r188(county, case, dispatcher):
    resources = dispatcher.services["documents"].state.resources
    portrait = (DocumentRow.bundle_id == UUID(case), DocumentRow.kind == "portrait")
    async with resources.database.reading() as session:
        key = await session.scalar(select(DocumentRow.object_key).where(*portrait))
    content = await resources.store.get(key)
    await resources.store.remove(key)
    try:
        form = words(await form_of(county, case, "attachment_6"))
    finally:
        await resources.store.put(key, content, media_type="image/jpeg")
    assert (UNREADABLE in "".join(form.split()), "推荐审批表" in form) == (True, True)
