"""Nominees by workbook: right rows become drafts, wrong ones are told cell by cell, nothing is done twice (R128)."""

import asyncio
import base64
import io
import zipfile
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from services.nominations.domain.form_definition import FieldType
from services.nominations.domain.import_sheet import MAIN, YES, sheets_of
from tests.domain.the_campaign import the_campaign
from tests.factories import CATEGORY, Office, complete_collective, complete_form, new_identity

CAMPAIGN = the_campaign()
ATTESTED = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@pytest.fixture(scope="module")
async def template(client) -> bytes:
    answer = await client.get(f"/v1/campaigns/shanxi-manufacturing-2025/import-templates/{CATEGORY}")
    assert answer.is_success
    return answer.content


def without_promises(form: dict[str, Any], category: str = CATEGORY) -> dict[str, Any]:
    promises = [f.key for f in CAMPAIGN.form_of(category).fields if f.type is FieldType.ATTESTATION]
    return {key: value for key, value in form.items() if key not in promises}


def filled(template: bytes, *forms: dict[str, Any], category: str = CATEGORY) -> Workbook:
    """The template as a clerk fills it, by these answers."""
    book = load_workbook(io.BytesIO(template))
    sheets = sheets_of(CAMPAIGN.form_of(category), CAMPAIGN.enums)
    for number, form in enumerate(forms, start=1):
        book[MAIN].cell(number + 1, 1).value = str(number)
        for at, column in enumerate(sheets[0].columns, start=2):
            value = form.get(column.field.key)
            if column.choice is not None:
                value = YES if column.choice in (value or []) else None
            if not isinstance(value, list):
                book[MAIN].cell(number + 1, at).value = _word(column.field, value)
        for sheet in sheets[1:]:
            entries = form.get(sheet.list_key)
            for entry in entries if isinstance(entries, list) else []:
                cells = [_word(column.field, entry.get(column.field.key)) for column in sheet.columns]
                book[sheet.title].append([str(number), *cells])
    return book


def _word(field, value):
    if isinstance(value, bool):
        return "是" if value else "否"
    if field.enum is not None:
        return {choice.value: choice.label for choice in CAMPAIGN.enums[field.enum]}.get(value, value)
    return value


def saved(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


async def send(office: Office, content: bytes | Workbook, *, who: str = "wutai-clerk", **more: Any):
    files = {"file": ("a.xlsx", content if isinstance(content, bytes) else saved(content), ATTESTED["xlsx"])}
    data = {"campaign_key": office.campaign, "category": CATEGORY, **more}
    return await office.send(who, "POST", "/v1/nomination-imports", files=files, data=data)


async def cases_named(office: Office, name: str) -> int:
    body = {"campaign_key": office.campaign, "name_starts": name}
    return len((await office.done("wutai-clerk", "POST", "/v1/nominations/searches", json=body)).json()["items"])


def test_the_template_keeps_numbers_as_text_and_offers_the_words_of_the_form(template):
    sheet = load_workbook(io.BytesIO(template))[MAIN]
    at = {cell.value: cell.column_letter for cell in sheet[1]}
    lists = {str(v.sqref).partition(":")[0]: v.formula1 for v in sheet.data_validations.dataValidation}
    assert sheet.column_dimensions[at["身份证号"]].number_format == "@"
    assert sheet[f"{at['籍贯']}1"].comment.text == "XX省XX县（市、区）"
    assert lists[f"{at['性别']}2"].startswith("'选项'!")


async def test_a_filled_row_becomes_the_draft_that_typing_would_have_made(office, template):
    form = without_promises(complete_form(full_name="导入甲"))
    answer = (await send(office, filled(template, form))).json()
    assert [(row["row"], row["name"], row["outcome"], row["errors"]) for row in answer["rows"]] == [
        (2, "导入甲", "created", [])
    ]
    case = await office.done("wutai-clerk", "GET", f"/v1/nominations/{answer['rows'][0]['nomination_id']}")
    typed = await office.draft(form)
    assert (case.json()["form"], case.json()["status"]) == (typed.json()["form"], "draft")


async def test_the_same_workbook_again_makes_nothing_twice_even_at_the_same_moment(office, template):
    book = saved(filled(template, without_promises(complete_form(full_name="导入乙"))))
    answers = await asyncio.gather(*(send(office, book) for _ in range(2)))
    again = (await send(office, book)).json()
    outcomes = sorted(answer.json()["rows"][0]["outcome"] for answer in answers)
    cases = {answer.json()["rows"][0]["nomination_id"] for answer in answers} | {again["rows"][0]["nomination_id"]}
    assert (outcomes, again["already_there"], len(cases)) == (["already_there", "created"], 1, 1)
    assert await cases_named(office, "导入乙") == 1


async def test_wrong_cells_are_told_with_their_place_and_stop_only_their_own_row(office, template):
    good, bad = without_promises(complete_form(full_name="导入丙")), without_promises(complete_form(full_name="导入丁"))
    bad |= {"resident_id_number": "140922197001019999", "sex": "其他"}
    bad["resume"] = [{**bad["resume"][0], "from": "去年"}]
    answer = (await send(office, filled(template, good, bad))).json()
    assert [row["outcome"] for row in answer["rows"]] == ["created", "refused"]
    told = {(each["pointer"], each["code"], each["sheet"]) for each in answer["rows"][1]["errors"]}
    assert told == {
        ("/form/sex", "not_in_list", MAIN),
        ("/form/resident_id_number", "resident_id_checksum", MAIN),
        ("/form/resume/0/from", "invalid_date", "个人简历"),
        ("/form/resume", "work_years_too_few", MAIN),
    }
    assert await cases_named(office, "导入丁") == 0


async def test_the_marked_copy_colours_the_cell_says_why_and_can_be_sent_again(office, template):
    form = without_promises(complete_form(full_name="导入戊", employer_postcode="03550"))
    answer = (await send(office, filled(template, form))).json()
    (fault,) = answer["rows"][0]["errors"]
    book = load_workbook(io.BytesIO(base64.b64decode(answer["marked_base64"])))
    cell = book[fault["sheet"]][fault["cell"]]
    last = book[MAIN].cell(2, book[MAIN].max_column)
    assert (cell.value, cell.fill.fgColor.rgb, cell.comment.text) == ("03550", "FFFFC7CE", "“邮编”应为6位数字")
    assert (book[MAIN].cell(1, book[MAIN].max_column).value, last.value) == ("结果", "未导入：“邮编”应为6位数字")
    cell.value = "035500"
    assert (await send(office, book)).json()["created"] == 1


async def test_a_dry_run_tells_the_same_and_changes_nothing(office, template):
    book = filled(template, without_promises(complete_form(full_name="导入己")))
    answer = (await send(office, book, dry_run="true")).json()
    assert (answer["dry_run"], answer["created"], answer["rows"][0]["nomination_id"]) == (True, 1, None)
    assert await cases_named(office, "导入己") == 0


async def test_what_is_missing_stays_missing_in_the_draft_and_is_told(office, template):
    number, _ = new_identity()
    book = filled(template, {"full_name": "导入庚", "resident_id_number": number})
    (row,) = (await send(office, book)).json()["rows"]
    assert (row["outcome"], row["errors"]) == ("created", [])
    assert ("/form/native_place", "required") in {(each["pointer"], each["code"]) for each in row["remarks"]}


async def test_a_nominee_without_a_number_is_not_imported(office, template):
    (row,) = (await send(office, filled(template, {"full_name": "导入辛"}))).json()["rows"]
    assert [(each["pointer"], each["code"]) for each in row["errors"]] == [
        ("/form/resident_id_number", "needed_to_import")
    ]


async def test_two_rows_of_one_person_make_one_draft(office, template):
    form = without_promises(complete_form(full_name="导入壬"))
    rows = (await send(office, filled(template, form, form))).json()["rows"]
    assert [(row["outcome"], [e["code"] for e in row["errors"]]) for row in rows] == [
        ("created", []),
        ("refused", ["listed_twice"]),
    ]


async def test_formulas_are_never_believed_and_text_that_looks_like_one_stays_text(office, template):
    form = without_promises(complete_form(full_name="导入癸", remarks="=cmd"))
    book = filled(template, form)
    at = {cell.value: cell.column for cell in book[MAIN][1]}
    book[MAIN].cell(2, at["备注"]).data_type = "s"
    book[MAIN].cell(2, at["职务"]).value = '=HYPERLINK("http://example.com")'
    refused = (await send(office, book)).json()["rows"][0]
    assert [(each["pointer"], each["code"]) for each in refused["errors"]] == [("/form/post", "cell_is_formula")]
    book[MAIN].cell(2, at["职务"]).value = "主任"
    book[MAIN].cell(2, at["备注"]).data_type = "s"
    (row,) = (await send(office, book)).json()["rows"]
    case = await office.done("wutai-clerk", "GET", f"/v1/nominations/{row['nomination_id']}")
    assert case.json()["form"]["remarks"] == "=cmd"


async def test_a_number_that_the_spreadsheet_shortened_is_refused(office, template):
    book = filled(template, without_promises(complete_form(full_name="导入子")))
    at = {cell.value: cell.column for cell in book[MAIN][1]}
    book[MAIN].cell(2, at["身份证号"]).value = 140922197001010000
    (row,) = (await send(office, book)).json()["rows"]
    assert [each["code"] for each in row["errors"]] == ["number_cut"]


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 31_000_000)
    return file.getvalue()


@pytest.mark.parametrize("content", [b"no archive", b"", bomb()], ids=["no archive", "nothing", "bomb"])
async def test_what_is_no_workbook_is_refused(office, content):
    answer = await send(office, content)
    assert (answer.status_code, answer.json()["code"]) == (422, "import_unreadable")


async def test_of_a_workbook_with_other_columns_or_loose_rows_nothing_is_used(office, template):
    renamed = filled(template, without_promises(complete_form(full_name="导入丑")))
    renamed[MAIN].cell(1, 2).value = "姓　名"
    changed = (await send(office, renamed)).json()
    loose = filled(template, without_promises(complete_form(full_name="导入丑")))
    loose["个人简历"].append(["77", "2001-01"])
    answer = (await send(office, loose)).json()
    told = [error["message"] for error in changed["errors"]]
    assert told == ["缺少“推荐对象”表的“姓名”列", "模板中没有“推荐对象”表的“姓　名”列"]
    assert answer["errors"][0]["message"].startswith("“个人简历”A")
    assert (changed["code"], answer["code"]) == ("import_sheets_changed", "import_rows_loose")
    assert await cases_named(office, "导入丑") == 0


async def test_more_than_two_hundred_rows_are_refused_whole(office, template):
    book = load_workbook(io.BytesIO(template))
    for row in range(2, 203):
        book[MAIN].cell(row, 2).value = "导入寅"
    answer = await send(office, book)
    assert (answer.status_code, answer.json()["code"]) == (422, "import_too_long")


async def test_collectives_are_known_by_their_name(office, client):
    path = "/v1/campaigns/shanxi-manufacturing-2025/import-templates/advanced_collective"
    form = without_promises(complete_collective(), "advanced_collective")
    book = filled((await client.get(path)).content, form, category="advanced_collective")
    outcomes = [
        (await send(office, book, category="advanced_collective")).json()["rows"][0]["outcome"] for _ in range(2)
    ]
    assert outcomes == ["created", "already_there"]


@pytest.mark.parametrize("who", ["wutai-head", "wutai-office", "city-office"])
async def test_only_the_units_clerk_imports(office, template, who):
    answer = await send(office, template, who=who)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


async def test_the_marked_copy_may_be_asked_for_alone(office, template):
    files = {"file": ("a.xlsx", template, ATTESTED["xlsx"])}
    data = {"campaign_key": office.campaign, "category": CATEGORY}
    answer = await office.done("wutai-clerk", "POST", "/v1/nomination-imports?format=xlsx", files=files, data=data)
    assert load_workbook(io.BytesIO(answer.content)).sheetnames[0] == MAIN
