"""The forms without a cover on paper: 附件3, 附件4, the report, 附件7, 附件8 — blank and filled (R114–R116, R119–R120)."""

import io
from collections.abc import AsyncIterator

import openpyxl
import pypdfium2
import pytest
from docx import Document

from services.demo.content import CONTACT_FORM
from tests.factories import HEAD_OF_FIRM, OPENED, Office, complete_form

CONTACT = CONTACT_FORM["people"][1]["full_name"]
"""Whom the county's 附件9 names as its contact."""
OPINION = ["不同意，另函说明", "示例警官", "2025年2月14日"]
"""What an authority said, who signed, and when."""
OTHER_FIRM = "91110000600037341L"
SHEETS = (
    "attachment_3",
    "attachment_4",
    "attachment_7_1",
    "attachment_7_2",
    "attachment_8_1",
    "attachment_8_2",
    "attachment_9",
    "recommendation_report",
)
HEADS = {
    "attachment_3": ("序号", "集体名称", "备注", "联系人", "本页加盖单位公章"),
    "attachment_4": ("序号", "姓名", "身份证", "联系人", "本页加盖单位公章"),
    "attachment_7_1": ("征求意见表", "集体名称", "纪检", "公安"),
    "attachment_7_2": ("征求意见表", "公安"),
    "attachment_8_1": ("征求意见表", "公安"),
    "attachment_8_2": ("征求意见表", "公安"),
    "attachment_9": ("联系表", "负责人"),
    "recommendation_report": ("推荐工作报告", "一、", "五、推荐意见"),
}


@pytest.fixture
def county(office) -> Office:
    return Office(office.client, "tests-sheets")


def words_of_pdf(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    try:
        return "".join("".join(page.get_textpage().get_text_range().split()) for page in document)
    finally:
        document.close()


def words_of_docx(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    feet = [part.text for section in document.sections for part in section.footer.paragraphs]
    words = [paragraph.text for paragraph in document.paragraphs] + cells + feet
    return "".join("".join(words).split())


def missing(words: str, wanted: tuple[str, ...]) -> list[str]:
    return [word for word in wanted if word not in words]


@pytest.mark.parametrize("form", SHEETS)
async def test_a_blank_form_is_printed_as_pdf(client, form):
    answer = await client.get(f"/v1/campaigns/shanxi-manufacturing-2025/forms/{form}", params={"format": "pdf"})
    assert (answer.status_code, missing(words_of_pdf(answer.content), HEADS[form])) == (200, [])


@pytest.mark.parametrize("form", SHEETS)
async def test_a_blank_form_is_written_as_docx(client, form):
    answer = await client.get(f"/v1/campaigns/shanxi-manufacturing-2025/forms/{form}", params={"format": "docx"})
    assert (answer.status_code, missing(words_of_docx(answer.content), HEADS[form])) == (200, [])


async def file_of(office: Office, username: str, path: str, format_: str) -> bytes:
    return (await office.done(username, "GET", path, params={"format": format_})).content


@pytest.fixture
async def report(county) -> AsyncIterator[tuple[str, dict]]:
    """A county's draft report with one person on it, and what that person's form says. Discarded unless it was handed in."""
    await county.set_clock(OPENED)
    form = complete_form()
    case = await county.endorsed_by_county(form=form)
    await county.with_opinions(case)
    report = await county.report(case)
    yield report, form
    await county.send("wutai-office", "DELETE", f"/v1/county-reports/{report}")


async def test_the_summary_table_shows_the_candidate_with_the_whole_number_r116_r142(county, report):
    report_id, form = report
    path = f"/v1/county-reports/{report_id}/forms/attachment_4"
    words = words_of_pdf(await file_of(county, "wutai-office", path, "pdf"))
    assert missing(words, (form["full_name"], form["resident_id_number"], "五台县", CONTACT)) == []


async def test_a_report_that_is_not_handed_in_is_marked_as_a_draft_r114(county, report):
    path = f"/v1/county-reports/{report[0]}/forms/recommendation_report"
    assert "草稿" in words_of_pdf(await file_of(county, "wutai-office", path, "pdf"))


async def test_a_report_that_was_handed_in_is_final_on_paper_r114(county, report):
    await county.done("wutai-office", "POST", f"/v1/county-reports/{report[0]}/submissions")
    path = f"/v1/county-reports/{report[0]}/forms/recommendation_report"
    assert "草稿" not in words_of_pdf(await file_of(county, "wutai-office", path, "pdf"))


async def test_the_table_is_the_same_as_xlsx_docx_and_pdf_r116(county, report):
    report_id, form = report
    path = f"/v1/county-reports/{report_id}/forms/attachment_4"
    book = openpyxl.load_workbook(io.BytesIO(await file_of(county, "wutai-office", path, "xlsx")))
    cells = [str(cell.value or "") for row in book.worksheets[0].iter_rows() for cell in row]
    wanted = (form["full_name"], form["resident_id_number"])
    words = (
        "".join(cells),
        words_of_docx(await file_of(county, "wutai-office", path, "docx")),
        words_of_pdf(await file_of(county, "wutai-office", path, "pdf")),
    )
    assert [missing("".join(each.split()), wanted) for each in words] == [[], [], []]


async def test_a_name_that_begins_like_a_formula_stays_text_in_a_spreadsheet_r116(county):
    await county.set_clock(OPENED)
    case = await county.endorsed_by_county(form=complete_form(post="=cmd|A0"))
    await county.with_opinions(case)
    report = await county.report(case)
    path = f"/v1/county-reports/{report}/forms/attachment_4"
    book = openpyxl.load_workbook(io.BytesIO(await file_of(county, "wutai-office", path, "xlsx")))
    found = [cell for row in book.worksheets[0].iter_rows() for cell in row if "cmd" in str(cell.value)]
    await county.done("wutai-office", "DELETE", f"/v1/county-reports/{report}")
    assert [cell.data_type for cell in found] == ["s"]


async def test_the_opinion_sheet_carries_the_opinions_that_have_come_r120(county):
    case = await county.at_county(form=complete_form(**HEAD_OF_FIRM))
    sheet = await sheet_of(county, case)
    before = words_of_pdf(await file_of(county, "wutai-office", f"/v1/nominations/{case}/forms/{sheet}", "pdf"))
    await county.with_opinions(case)
    after = words_of_pdf(await file_of(county, "wutai-office", f"/v1/nominations/{case}/forms/{sheet}", "pdf"))
    assert ("草稿" in before, "2025年2月14日" in before) == (False, False)  # printed to be signed and sealed
    assert ("草稿" in after, missing(after, ("同意", "2025年2月14日"))) == (False, [])
    await county.step("hrss", case, "reviews", json={"decision": "return", "reason": "企业有误"})
    read = await county.done("wutai-clerk", "GET", f"/v1/nominations/{case}")
    body, headers = {"form": read.json()["form"] | {"credit_code": OTHER_FIRM}}, {"If-Match": read.headers["etag"]}
    await county.done("wutai-clerk", "PUT", f"/v1/nominations/{case}", json=body, headers=headers)
    other = words_of_pdf(await file_of(county, "wutai-office", f"/v1/nominations/{case}/forms/{sheet}", "pdf"))
    assert "2025年2月14日" not in other  # what was said of one firm is not printed about another


@pytest.mark.parametrize(("format_", "words_of"), [("pdf", words_of_pdf), ("docx", words_of_docx)])
async def test_what_an_authority_said_is_drawn_for_offices_alone_r58_r80(county, format_, words_of):
    case = await taken_over_and_at_county(county)
    text, signer, _ = OPINION
    said = {"result": "unfavourable", "text": text, "signer_name": signer, "signed_on": "2025-02-14"}
    await county.done("wutai-office", "PUT", f"/v1/nominations/{case}/opinions/public_security", json=said)
    path = f"/v1/nominations/{case}/forms/{await sheet_of(county, case)}"
    read = {}
    for who in ("nominee", "clerk", "head", "office", "hrss"):
        words = words_of(await file_of(county, f"wutai-{who}", path, format_))
        read[who] = [word for word in ("征求意见表", *OPINION) if word in words]
    bare, whole = ["征求意见表"], ["征求意见表", *OPINION]
    assert read == {"nominee": bare, "clerk": bare, "head": bare, "office": whole, "hrss": whole}


async def taken_over_and_at_county(office: Office) -> str:
    """A case of a firm's head that its nominee fills in on a phone of their own."""
    await office.set_clock(OPENED)
    case = (await office.draft(complete_form(**HEAD_OF_FIRM))).json()["id"]
    await office.with_documents(case)
    code = (await office.step("clerk", case, "hand-over-codes"))["code"]
    await office.done("wutai-nominee", "POST", "/v1/hand-overs", json={"code": code})
    await office.step("nominee", case, "confirmations", json={"part": "nominee"})
    await office.step("clerk", case, "submissions")
    return await office.walk_to_county(case)


async def test_a_sheet_that_the_case_is_not_asked_by_is_not_drawn_r120(county):
    case = await county.at_county(form=complete_form(**HEAD_OF_FIRM))
    others = [form for form in ("attachment_7_1", "attachment_7_2") if form != await sheet_of(county, case)]
    answers = [await county.send("wutai-office", "GET", f"/v1/nominations/{case}/forms/{form}") for form in others]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(404, "form_not_found")] * 2


async def sheet_of(office: Office, case: str) -> str:
    needs = (await office.done("wutai-office", "GET", f"/v1/nominations/{case}")).json()["required_opinions"]
    return next(need["sheet"] for need in needs if need["sheet"])


async def test_another_county_gets_no_table(county, report):
    answer = await county.send("dingxiang-office", "GET", f"/v1/county-reports/{report[0]}/forms/attachment_4")
    assert answer.status_code == 404


async def test_a_collective_stands_in_the_table_of_collectives_r115(county):
    case = await county.endorse(await county.collective_at_county())
    await county.with_opinions(case)
    report = await county.report(case, category="advanced_collective")
    name = (await county.done("wutai-office", "GET", f"/v1/nominations/{case}")).json()["name"]
    words = words_of_pdf(
        await file_of(county, "wutai-office", f"/v1/county-reports/{report}/forms/attachment_3", "pdf")
    )
    await county.done("wutai-office", "DELETE", f"/v1/county-reports/{report}")
    assert missing(words, (name, "本页加盖单位公章")) == []


async def test_a_firm_is_asked_about_by_the_sheet_for_firms_r119(county):
    case = await county.collective_at_county()
    name = (await county.done("wutai-office", "GET", f"/v1/nominations/{case}")).json()["name"]
    sheet = await sheet_of(county, case)
    words = words_of_pdf(await file_of(county, "wutai-office", f"/v1/nominations/{case}/forms/{sheet}", "pdf"))
    assert (sheet, missing(words, (name, "税务", "市场监管", "公安"))) == ("attachment_7_2", [])


@pytest.mark.parametrize(
    ("form", "walk"),
    [
        pytest.param("attachment_5", Office.collective_at_county, id="a collective, R117"),
        pytest.param("attachment_6", Office.at_county, id="a person, R118"),
    ],
)
async def test_every_case_has_its_approval_form_r117_r118(county, form, walk):
    case = await walk(county)
    name = (await county.done("wutai-office", "GET", f"/v1/nominations/{case}")).json()["name"]
    words = words_of_pdf(await file_of(county, "wutai-office", f"/v1/nominations/{case}/forms/{form}", "pdf"))
    assert ("草稿" in words, missing(words, (name, "推荐审批表"))) == (False, [])
