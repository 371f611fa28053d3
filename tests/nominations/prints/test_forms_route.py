"""The official form over HTTP: blank for everybody, drawn from the case at any time for those who see it."""

import asyncio
import io
import zipfile

import pypdfium2
import pytest
from docx import Document

from services.nominations.problems import FormNotFound
from tests.factories import Office, complete_form

FORM = "/v1/campaigns/tests-with-many-seats/forms/attachment_6"


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


async def test_a_blank_form_is_drawn_once_however_many_ask(client, context):
    async with context.database.reading() as session:
        campaign = await context.campaigns.latest(session, "shanxi-manufacturing-2025")
    first, *others = await asyncio.gather(
        *(context.blank_forms.get(campaign, "attachment_6", "pdf") for _ in range(20))
    )
    assert [each is first for each in others] == [True] * 19


async def test_a_form_that_is_not_there_is_asked_for_in_vain_every_time(client, context):
    async with context.database.reading() as session:
        campaign = await context.campaigns.latest(session, "shanxi-manufacturing-2025")
    for _ in range(2):
        with pytest.raises(FormNotFound):
            await context.blank_forms.get(campaign, "attachment_99", "pdf")


async def test_the_blank_form_is_public_r3(client):
    answer = await client.get(FORM, params={"format": "pdf"})
    assert (answer.headers["content-type"], "填表说明" in text_of(answer.content).replace(" ", "")) == (
        "application/pdf",
        True,
    )


async def test_a_draft_is_marked_as_a_draft(office):
    case = (await office.draft(complete_form())).json()["id"]
    answer = await office.done("wutai-clerk", "GET", f"/v1/nominations/{case}/forms/attachment_6")
    assert "草稿" in text_of(answer.content)


async def test_a_case_that_went_up_is_not_marked_and_shows_who_signed(office):
    case = await office.at_county()
    answer = await office.done("wutai-hrss", "GET", f"/v1/nominations/{case}/forms/attachment_6")
    text = text_of(answer.content)
    assert ("草稿" in text, "示例负责人" in text, "2025年2月14日" in text) == (False, True, True)


@pytest.mark.parametrize(("place", "said"), [("city-direct", "无签字人：无"), ("wutai", "签字人：")])
async def test_the_county_boxes_of_a_city_level_case_say_wu_r171_a13(client, place, said):
    office = Office(client, "tests-with-many-seats", place=place)
    case = (await office.draft(complete_form())).json()["id"]
    answer = await office.done(f"{place}-clerk", "GET", f"/v1/nominations/{case}/forms/attachment_6")
    text = "".join(text_of(answer.content).split())
    assert f"县级人力资源和社会保障部门意见:{said}（盖章）年月日" in text
    assert "地市级人力资源和社会保障部门意见:签字人：（盖章）年月日" in text


async def test_the_form_shows_the_whole_identity_number_to_those_who_print_it(office):
    form = complete_form()
    case = (await office.draft(form)).json()["id"]
    answer = await office.done("wutai-clerk", "GET", f"/v1/nominations/{case}/forms/attachment_6")
    assert form["resident_id_number"] in text_of(answer.content)


@pytest.mark.parametrize("name", ["喆垚", "犇龑祎"])
async def test_rare_characters_of_a_name_print_as_themselves(office, name):
    case = (await office.draft(complete_form(full_name=name))).json()["id"]
    answer = await office.done("wutai-clerk", "GET", f"/v1/nominations/{case}/forms/attachment_6")
    assert name in text_of(answer.content)


async def test_the_docx_is_whole_and_named_after_the_nominee(office):
    case = (await office.draft(complete_form(full_name="示例甲"))).json()["id"]
    path = f"/v1/nominations/{case}/forms/attachment_6"
    answer = await office.done("wutai-clerk", "GET", path, params={"format": "docx"})
    with zipfile.ZipFile(io.BytesIO(answer.content)) as document:
        assert document.testzip() is None
    assert "%E7%A4%BA%E4%BE%8B%E7%94%B2.docx" in answer.headers["content-disposition"]


async def test_markup_in_a_field_is_printed_and_not_run(office):
    hostile = '#eval("1+1") $x$ *b* \\ <w:t>'
    case = (await office.draft(complete_form(post=hostile))).json()["id"]
    answer = await office.done("wutai-clerk", "GET", f"/v1/nominations/{case}/forms/attachment_6")
    assert '#eval("1+1")' in text_of(answer.content).replace("\r\n", "").replace("\n", "")


@pytest.mark.parametrize("form", ["attachment_5", "attachment_99"])
async def test_a_form_that_is_not_the_cases_is_not_found(office, form):
    case = (await office.draft()).json()["id"]
    answer = await office.send("wutai-clerk", "GET", f"/v1/nominations/{case}/forms/{form}")
    assert (answer.status_code, answer.json()["code"]) == (404, "form_not_found")


async def test_the_form_is_described_for_front_ends(client):
    described = (await client.get(FORM)).json()
    field = next(item for item in described["fields"] if item["key"] == "sex")
    assert field["choices"] == [{"value": "male", "label": "男"}, {"value": "female", "label": "女"}]


async def test_an_unknown_format_is_named(client):
    answer = await client.get(FORM, params={"format": "xls"})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/query/format")


async def test_an_offices_own_docx_is_filled_and_the_pdf_stays_ours(office):
    case = (await office.draft({"full_name": "示例<甲>&", "sex": "female"}, campaign="tests-office-template")).json()[
        "id"
    ]
    path = f"/v1/nominations/{case}/forms/attachment_6"
    own = await office.done("wutai-clerk", "GET", f"{path}?format=docx")
    paragraphs = [each.text for each in Document(io.BytesIO(own.content)).paragraphs]
    pdf = await office.done("wutai-clerk", "GET", f"{path}?format=pdf")
    assert paragraphs == ["草稿", "本局专用表 示例<甲>& 女"]
    assert pdf.content.startswith(b"%PDF")
