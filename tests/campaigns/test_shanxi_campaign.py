"""The campaign folder says what 忻人社函〔2025〕7号 says, word for word where a word is chosen from a list."""

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from services.nominations.campaigns.calendar_files import read_calendar
from services.nominations.campaigns.campaign_views import form_schema
from services.nominations.domain.eligibility import eligibility_findings
from services.nominations.domain.form import accept_draft, check_form
from services.nominations.domain.publicity import publicity_period
from tests.domain.sample_forms import complete_individual_form
from tests.domain.the_campaign import the_campaign

CAMPAIGN = the_campaign()
CALENDAR = read_calendar(Path("campaigns/calendars"))
BEIJING = ZoneInfo("Asia/Shanghai")
TODAY = date(2025, 2, 7)

NATURES = ["机关", "参公事业单位", "非参公事业单位", "企业", "社团", "其他"]


def test_the_notice_is_named_as_it_is_r1_r2_r3():
    assert (CAMPAIGN.notice_number, CAMPAIGN.basis_number, CAMPAIGN.issuers, CAMPAIGN.disclosure) == (
        "忻人社函〔2025〕7号",
        "晋人社厅函〔2024〕1385号",
        ("忻州市人力资源和社会保障局", "忻州市工业和信息化局"),
        "主动公开",
    )


def test_the_quota_table_keys_each_unit_by_its_division_code_r15():
    rows = [(row.name, row.quota_unit, *row.seats.values()) for row in CAMPAIGN.quotas]
    assert {tuple(row.seats) for row in CAMPAIGN.quotas} == {("advanced_collective", "advanced_individual")}
    assert rows == [
        ("市级", "city_direct", 1, 2), ("忻府区", "140902", 1, 2), ("原平市", "140981", 1, 2), ("定襄县", "140921", 1, 2),
        ("五台县", "140922", 1, 1), ("代县", "140923", 1, 1), ("繁峙县", "140924", 1, 1), ("宁武县", "140925", 0, 1),
        ("静乐县", "140926", 0, 1), ("神池县", "140927", 0, 1), ("五寨县", "140928", 0, 1), ("岢岚县", "140929", 0, 1),
        ("河曲县", "140930", 0, 1), ("保德县", "140931", 0, 1), ("偏关县", "140932", 0, 1), ("忻州经济开发区", "xz_etdz", 1, 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("category", "nominated", "final"), [("advanced_collective", 8, 4), ("advanced_individual", 20, 8)]
)
def test_more_are_nominated_than_the_city_reports_r15_r18_a1(category, nominated, final):
    assert sum(row.seats[category] for row in CAMPAIGN.quotas) == nominated
    assert CAMPAIGN.category(category).final_quota == final


@pytest.mark.parametrize(
    ("category", "title", "grants"),
    [
        ("advanced_collective", "山西省制造业振兴升级先进集体", ("奖牌", "证书")),
        ("advanced_individual", "山西省制造业振兴升级先进个人", ("证书", "一次性奖金")),
    ],
)
def test_a_category_has_the_notices_title_and_grants_r108_r109(category, title, grants):
    assert (CAMPAIGN.category(category).title, CAMPAIGN.category(category).grants) == (title, grants)


def test_materials_are_late_when_28_february_is_over_r112_a17():
    assert CAMPAIGN.materials_deadline == datetime(2025, 3, 1, 0, 0, tzinfo=BEIJING)


def test_the_contact_form_is_due_on_a_working_saturday_r41():
    assert CAMPAIGN.contact_form_due == date(2025, 2, 8)
    assert CALENDAR.is_working_day(CAMPAIGN.contact_form_due)


def test_the_five_years_count_back_from_the_notice_r30_a14():
    assert (CAMPAIGN.reference_date, CAMPAIGN.issued_on, CAMPAIGN.min_years_of_work) == (
        date(2025, 1, 26),
        date(2025, 1, 26),
        5,
    )


@pytest.mark.parametrize(
    ("opened_on", "closes_on"),
    [
        (date(2025, 1, 26), date(2025, 2, 8)),
        (date(2025, 1, 27), date(2025, 2, 10)),
        (date(2025, 2, 7), date(2025, 2, 13)),
        (date(2025, 2, 22), date(2025, 2, 28)),
    ],
)
@pytest.mark.parametrize("level", ["unit", "city"])
def test_a_notice_stands_five_working_days_first_day_not_counted_r49_r62_a16(level, opened_on, closes_on):
    period = publicity_period(CAMPAIGN.publicity[level], opened_on=opened_on, calendar=CALENDAR)
    assert period.closes_on == closes_on


def test_the_campaign_has_twenty_one_working_days():
    days = [date(2025, 1, 26) + timedelta(days=number) for number in range(34)]
    assert sum(map(CALENDAR.is_working_day, days)) == 21


@pytest.mark.parametrize("row", CAMPAIGN.quotas, ids=lambda row: row.quota_unit)
def test_only_the_citys_own_units_skip_the_county_r45_a13(row):
    expected = ("unit", "city") if row.name == "市级" else ("unit", "county", "city")
    assert CAMPAIGN.path_of(row.quota_unit) == expected


@pytest.mark.parametrize(
    ("enum", "words"),
    [
        ("employer_nature", NATURES),
        ("education_level", ["初中", "高中", "大学专科", "大学本科", "研究生"]),
        ("identity_category", ["干部", "专业技术人员", "企业管理人员", "其他"]),
        ("award_history_level", ["国家级", "省部级", "省级以下"]),
        ("sex", ["男", "女"]),
        ("degree", ["无", "学士", "硕士", "博士"]),
        (
            "political_status",
            ["中共党员", "中共预备党员", "共青团员", "民革党员", "民盟盟员", "民建会员", "民进会员", "农工党党员", "致公党党员",
             "九三学社社员", "台盟盟员", "群众"],
        ),
    ],
)  # fmt: skip
def test_a_closed_list_has_the_notices_words_in_its_order_r174_r175_r176_r178_r182(enum, words):
    assert [choice.label for choice in CAMPAIGN.enums[enum]] == words


@pytest.mark.parametrize(
    ("form", "field", "words"),
    [("attachment_5", "collective_nature", NATURES), ("attachment_6", "employer_nature", NATURES)],
)
def test_a_front_end_is_offered_the_notices_words_r155_r178(form, field, words):
    fields = form_schema(CAMPAIGN, CAMPAIGN.forms[form])["fields"]
    (described,) = [each for each in fields if each["key"] == field]
    assert [choice["label"] for choice in described["choices"]] == words


def test_the_authorities_are_named_as_the_notice_names_them_r80_r81_r82():
    assert " ".join(CAMPAIGN.authorities.values()) == (
        "公安部门 组织人事部门 纪检监察部门 应急管理部门 市场监管部门 税务部门 生态环境部门 人力资源社会保障部门"
    )


@pytest.mark.parametrize(
    ("form", "words"),
    [
        (
            "attachment_5",
            ("集体名称 集体单位地址 集体所属单位 集体性质 集体级别 负责人 负责人职务 负责人电话 联系人 "
            "联系人职务 联系电话 联系人电子邮箱 集体单位邮编 何时何地受过何种奖励 何时何地受过何种处分 "
            "基本情况和主要先进事迹"),
        ),
        (
            "attachment_6",
            ("姓名 性别 民族 出生年月 籍贯 政治面貌 学历 学位 身份标识 从事本领域工作年限 身份证号 工作单位 职务 "
            "职称 工作单位性质 行政级别 工作单位联系人 工作单位联系电话 工作单位地址 邮编 本人联系电话 个人简历 "
            "何时何地受过何种奖励 何时何地受过何种处分 主要先进事迹"),
        ),
    ],
)  # fmt: skip
def test_the_printed_fields_are_those_of_the_form_in_its_order(form, words):
    assert " ".join(each.label for each in CAMPAIGN.forms[form].fields if each.printed) == words


@pytest.mark.parametrize("key", ["attachment_5", "attachment_6"])
def test_what_the_notice_calls_personal_is_not_public_r48(key):
    public = {definition.key for definition in CAMPAIGN.forms[key].fields if definition.sensitivity == "P0"}
    personal = {
        "resident_id_number", "mobile_phone", "employer_contact_name", "employer_contact_phone", "resume", "birth_month",
        "native_place", "ethnicity", "political_status", "leader_name", "leader_phone", "contact_name", "contact_phone",
        "contact_email", "sanctions_received",
    }  # fmt: skip
    assert public & personal == set()


def test_each_field_names_its_requirement():
    fields = [definition for form in CAMPAIGN.forms.values() for definition in form.fields]
    assert [definition.key for definition in fields if not definition.requirement.startswith("R")] == []


def test_the_sample_form_passes_with_no_finding_at_all():
    values, refused = accept_draft(CAMPAIGN.form_of("advanced_individual"), complete_individual_form(), CAMPAIGN.enums)
    findings = check_form(CAMPAIGN.form_of("advanced_individual"), values, today=TODAY)
    assert [*refused, *findings, *eligibility_findings(CAMPAIGN, "advanced_individual", values, today=TODAY)] == []
