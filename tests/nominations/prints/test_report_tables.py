"""附件3 and 附件4 of a county report, drawn from the cases themselves (R134–R146)."""

import pytest

from services.nominations.forms.summary import summary_row
from services.nominations.prints.rendering import vocabulary
from tests.domain.sample_forms import complete_collective_form, complete_individual_form
from tests.domain.the_campaign import the_campaign
from tests.factories import OPENED, Office, complete_collective, complete_form

CAMPAIGN = the_campaign()


def row(form: str, values, rank=1):
    definition = CAMPAIGN.forms[form]
    words = vocabulary(CAMPAIGN, CAMPAIGN.form_of(definition.category))
    return summary_row(definition, values, words, rank=rank)


def labels(form: str) -> list[str]:
    return [column.label for column in CAMPAIGN.forms[form].columns]


def test_the_collectives_table_has_the_columns_of_the_notice_in_their_order_r134():
    assert labels("attachment_3") == [
        "序号", "集体名称", "集体性质", "集体级别", "集体负责人姓名及职务", "联系人及电话", "集体所属单位名称", "备注",
    ]  # fmt: skip


def test_the_individuals_table_has_the_columns_of_the_notice_in_their_order_r146():
    assert labels("attachment_4") == [
        "序号", "姓名", "性别", "民族", "学历", "学位", "工作单位", "单位性质", "职务", "行政级别", "职称",
        "从事本领域工作年限", "身份证号", "联系电话", "通信地址（邮编）", "备注",
    ]  # fmt: skip


def test_both_tables_end_with_their_contact_r141():
    keys = [[d.key for d in CAMPAIGN.forms[form].fields] for form in ("attachment_3", "attachment_4")]
    assert keys == [["recommending_organisation_name", "form_date", "reporter_name", "reporter_phone"]] * 2


def test_a_collectives_row_says_what_its_form_says_r136_r139():
    assert row("attachment_3", complete_collective_form()) == {
        "rank": "1",
        "collective_name": "山西省忻州市五台县示例铸造有限公司",
        "collective_nature": "企业",
        "collective_rank": "无",
        "leader_name_and_post": "示例负责人 总经理",
        "contact_name_and_phone": "示例联系人 0350-3000000",
        "parent_organisation_name": "无",
        "remarks": "无",
    }


def test_a_social_organisation_stands_as_other_where_the_table_knows_none_r143_a5():
    values = complete_individual_form() | {"employer_nature": "social_organisation"}
    assert row("attachment_4", values)["employer_nature"] == "其他"


@pytest.mark.parametrize(
    ("own", "said"),
    [
        (None, "单位性质在推荐审批表中为社团"),
        ("无", "单位性质在推荐审批表中为社团"),
        ("市直单位", "市直单位；单位性质在推荐审批表中为社团"),
    ],
)
def test_a_word_that_the_table_replaces_is_told_in_the_remarks_r143_a5(own, said):
    values = complete_individual_form() | {"employer_nature": "social_organisation", "remarks": own}
    assert row("attachment_4", values)["remarks"] == said


@pytest.mark.parametrize(("own", "said"), [(None, "无"), ("市直单位", "市直单位")])
def test_where_no_word_is_replaced_the_remarks_are_the_units_own_r143_a5(own, said):
    assert row("attachment_4", complete_individual_form() | {"remarks": own})["remarks"] == said


def test_a_collectives_table_knows_social_organisations_r138_r155():
    values = complete_collective_form() | {"collective_nature": "social_organisation"}
    assert row("attachment_3", values)["collective_nature"] == "社团"


@pytest.mark.parametrize("form", ["attachment_3", "attachment_4"])
def test_no_cell_is_empty_r151_r171(form):
    assert {value for key, value in row(form, {}).items() if key != "rank"} == {"无"}


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("attachment_7_1", ["纪检监察部门意见", "组织人事部门意见", "公安部门意见"]),
        ("attachment_8_1", ["纪检监察部门意见", "组织人事部门意见", "公安部门意见"]),
        (
            "attachment_7_2",
            [
                "生态环境部门意见", "人力资源社会保障部门意见", "税务部门意见", "市场监管部门意见", "应急管理部意见",
                "公安部门意见",
            ],
        ),
        (
            "attachment_8_2",
            [
                "生态环境部门意见", "人力资源社会保障部门意见", "税务部门意见", "市场监管部门意见", "应急管理部意见",
                "公安部门意见",
            ],
        ),
    ],
)  # fmt: skip
def test_each_opinion_sheet_has_the_boxes_of_the_notice_r194_r197_r199_r202(form, expected):
    assert list(CAMPAIGN.forms[form].boxes.values()) == expected


@pytest.mark.parametrize("row_of_matrix", [row for row in CAMPAIGN.consultation if row.sheet])
def test_each_sheet_has_a_box_for_every_authority_that_is_asked_on_it_r195_r198(row_of_matrix):
    assert set(CAMPAIGN.forms[row_of_matrix.sheet].boxes) == set(row_of_matrix.authorities)


async def table(office: Office, username: str, report: str, form: str):
    return await office.send(username, "GET", f"/v1/county-reports/{report}/forms/{form}")


async def test_the_table_lists_the_ranked_candidates_and_masks_their_numbers_r135_r142(office):
    first, second = [await office.endorsed_by_county(form=complete_form()) for _ in range(2)]
    for case in (first, second):
        await office.with_opinions(case)
    report = await office.report(second, first)
    body = (await table(office, "wutai-office", report, "attachment_4")).json()
    await office.done("wutai-office", "POST", f"/v1/county-reports/{report}/submissions")
    numbers = [
        (await office.done("wutai-office", "GET", f"/v1/nominations/{case}")).json()["form"]["resident_id_number"]
        for case in (second, first)
    ]
    assert [(row["rank"], row["resident_id_number"]) for row in body["rows"]] == [("1", numbers[0]), ("2", numbers[1])]
    assert all("*" in number for number in numbers)


async def test_a_report_without_collectives_has_an_empty_collectives_table_r136(office):
    await office.set_clock(OPENED)
    case = await office.collective(complete_collective())
    await office.step("clerk", case, "submissions")
    report = await office.to_the_city(case)
    names = [
        [
            each["collective_name"]
            for each in (await table(office, "wutai-office", report, "attachment_3")).json()["rows"]
        ],
        (await table(office, "wutai-office", report, "attachment_4")).json()["rows"],
    ]
    expected = (await office.done("wutai-clerk", "GET", f"/v1/nominations/{case}")).json()["name"]
    assert names == [[expected], []]


@pytest.mark.parametrize("form", ["attachment_6", "attachment_7_1", "nothing"])
async def test_only_summary_tables_are_tables_of_a_report(office, form):
    case = await office.endorsed_by_county()
    await office.with_opinions(case)
    report = await office.report(case)
    answer = await table(office, "wutai-office", report, form)
    await office.done("wutai-office", "POST", f"/v1/county-reports/{report}/submissions")
    assert (answer.status_code, answer.json()["code"]) == (404, "form_not_found")
