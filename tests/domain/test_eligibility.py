"""Who may be put forward: five years of work, and the rank that needs a reason."""

from datetime import date

import pytest

from services.nominations.domain.eligibility import eligibility_findings
from tests.domain.sample_forms import complete_collective_form, complete_individual_form
from tests.domain.the_campaign import the_campaign

TODAY = date(2025, 2, 7)
INDIVIDUAL = "advanced_individual"


def found(**changes):
    values = complete_individual_form() | changes
    return [
        (finding.pointer, finding.code, finding.severity)
        for finding in eligibility_findings(the_campaign(), INDIVIDUAL, values, today=TODAY)
    ]


def worked(*periods):
    return [{"from": start} | ({"to": end} if end else {}) for start, end in periods]


TOO_FEW = [("/form/resume", "work_years_too_few", "error")]


def test_a_complete_form_is_eligible():
    assert found() == []


@pytest.mark.parametrize(
    "periods",
    [
        [("2020-01", None)],
        [("2020-01", "2025-01")],
        [("2020-01", "2022-06"), ("2022-06", None)],
        [("2020-01", "2022-06"), ("2022-07", None)],
        [("2022-07", None), ("2020-01", "2022-06")],
        [("2010-01", "2015-01")],
        [("2010-01", "2012-07"), ("2018-01", "2020-07")],
        [("2020-01", None), ("2021-01", "2022-01")],
        [("2019-10", "2024-10")],
    ],
)
def test_five_years_up_to_the_notice_are_enough_r30_a14_a15(periods):
    assert found(resume=worked(*periods)) == []


@pytest.mark.parametrize(
    "periods",
    [
        [("2020-02", None)],
        [("2020-02", "2022-06"), ("2022-07", None)],
        [("2020-01", "2022-05"), ("2022-07", None)],
        [("2022-01", None), ("2022-01", None)],
        [("2010-01", "2012-07"), ("2018-01", "2020-06")],
        [("2025-02", None)],
        [("2012-01", "2001-01")],
        [("soon", None)],
        [("2012-01", "later")],
        [("2019-10", "2024-09")],
        [("2020-06", None), ("2020-07", "2020-08"), ("2021-01", None)],
    ],
)
def test_less_than_five_years_are_too_few_r30(periods):
    assert found(resume=worked(*periods)) == TOO_FEW


def test_work_that_began_after_the_notice_adds_nothing_to_what_was_before_it_a14():
    assert found(resume=worked(("2020-02", "2025-01"), ("2025-02", None))) == TOO_FEW


def test_a_resume_that_is_answered_with_wu_tells_of_no_work_r30():
    assert found(resume="无") == TOO_FEW


@pytest.mark.parametrize(
    "post",
    [
        "学生",
        "本科生",
        "硕士研究生",
        "机械专业学习",
        "机械工程专业本科学生",
        "大学本科在读",
        "全日制研究生",
        "就读",
        "学 生",
    ],
)
def test_years_at_school_are_no_years_of_work_r30_a15(post):
    resume = [
        {"from": "2016-09", "to": "2022-07", "organisation": "示例大学", "post": post},
        {"from": "2022-07", "organisation": "示例公司", "post": "技术员"},
    ]
    values = complete_individual_form() | {"resume": resume}
    said = [finding.message for finding in eligibility_findings(the_campaign(), INDIVIDUAL, values, today=TODAY)]
    assert said == ["截至2025年1月，简历中的从业时间不满5年（在校学习时间不计）"]


@pytest.mark.parametrize(
    "post", ["学生处处长", "学生辅导员", "博士后", "脱产学习", "专业技术员", "研究员", "本科教学秘书"]
)
def test_work_among_students_and_paid_study_are_years_of_work_r30(post):
    resume = [{"from": "2016-09", "organisation": "示例大学", "post": post}]
    assert found(resume=resume) == []


def test_the_reference_date_stands_in_the_sentence_a14():
    values = complete_individual_form() | {"resume": worked(("2024-01", None))}
    (finding,) = eligibility_findings(the_campaign(), INDIVIDUAL, values, today=TODAY)
    assert finding.message == "截至2025年1月，简历中的从业时间不满5年"


def test_what_is_not_answered_is_not_judged():
    assert eligibility_findings(the_campaign(), INDIVIDUAL, {}, today=TODAY) == []


def test_less_than_five_years_in_the_field_only_warn_a15():
    assert found(years_in_field=4) == [("/form/years_in_field", "field_years_under_five", "warning")]


def test_five_years_in_the_field_do_not_warn_a15():
    assert found(years_in_field=5) == []


@pytest.mark.parametrize(("born", "years"), [("1985-03", 24), ("1997-02", 12), ("2009-02", 0)])
def test_more_years_in_the_field_than_since_the_sixteenth_birthday_warn_r146(born, years):
    said = found(birth_month=born, years_in_field=years)
    assert ("/form/years_in_field", "field_years_exceed_age", "warning") in said


@pytest.mark.parametrize(("born", "years"), [("1985-03", 23), ("1997-01", 12), ("1985", 60), (None, 60)])
def test_years_in_the_field_that_fit_the_age_or_cannot_be_compared_do_not_warn_r146(born, years):
    assert found(birth_month=born, years_in_field=years) == []


@pytest.mark.parametrize(
    "rank",
    [
        "副处级",
        "正处级",
        "处级",
        "县处级副职",
        "副县级",
        "四级调研员",
        "副厅级",
        "相当于副处级",
        "县级",
        "副\u3000处\u3000级",
        "六级职员",
        "管理6级",
        "管理岗位五级",
        "６级职员",
        "四级高级警长",
        "正团级",
        "地市级",
    ],
)
def test_a_rank_from_deputy_division_up_needs_a_reason_r74(rank):
    assert found(administrative_rank=rank) == [("/form/rank_reason", "rank_reason_missing", "error")]


@pytest.mark.parametrize(
    "rank",
    [
        "副处", "正处", "副县", "正县", "县", "县级正职", "县级副职", "团级", "副团职", "正团职", "副旅级", "正师级", "副军级",
        "二级巡视员", "一级警务专员", "四级高级法官", "四级高级检察官", "副局", "正局", "局级", "副厅", "正厅", "厅级",
        "省级副职", "副部级", "副地级",
    ],
)  # fmt: skip
def test_the_equivalents_of_a_deputy_division_rank_need_a_reason_too_r74(rank):
    assert found(administrative_rank=rank) == [("/form/rank_reason", "rank_reason_missing", "error")]


@pytest.mark.parametrize(
    "rank",
    [
        "县（处）级", "县(处)级", "县（处）级正职", "县（处）级副职", "县〔处〕级", "处（县）级", "副（处）级", "正处（县）级",
        "县（处）", "厅（局）级", "厅（局）级副职", "司（局）级", "地（厅）级", "地（师）级",
        "省（部）级副职", "县（团）级", "团（县）级",
    ],
)  # fmt: skip
def test_a_rank_with_a_part_in_brackets_is_the_same_rank_r74(rank):
    assert found(administrative_rank=rank) == [("/form/rank_reason", "rank_reason_missing", "error")]


@pytest.mark.parametrize(
    "rank",
    [
        "县级干部", "县级领导", "县级领导干部", "县级领导职务", "县级非领导职务", "县级职务", "县级实职", "县级待遇",
        "享受县级待遇", "相当于县级", "原县级干部（退休）", "县级干部，二线",
    ],
)  # fmt: skip
def test_a_cadre_or_post_of_a_county_is_of_division_rank_r74(rank):
    assert found(administrative_rank=rank) == [("/form/rank_reason", "rank_reason_missing", "error")]


@pytest.mark.parametrize(
    "rank",
    [
        "副师职", "正师职", "师职", "师职干部", "副师", "正师", "享受师级待遇", "副团职", "团职", "团职干部", "原团职", "正旅职",
        "副军职", "军职",
    ],
)  # fmt: skip
def test_posts_of_the_army_are_its_equivalents_from_deputy_regiment_up_r74(rank):
    assert found(administrative_rank=rank) == [("/form/rank_reason", "rank_reason_missing", "error")]


@pytest.mark.parametrize(
    "rank",
    [
        "无", "股级", "正科级", "副科级", "科员", "一级主任科员", "七级职员", "管理七级", "县级机关正科级", "十级职员",
        "乡（科）级", "乡（科）级正职", "科（局）", "县（市、区）级", "县级（科级）", "县级优秀", "县级先进", "县级以下",
        "县级单位", "县级领导机关科员", "县级干部学校", "县级职务序列科员", "县级机关干部", "正营职", "副营级", "连职",
        "工程师职称", "教师职务", "高级技师级", "集团级", "集团职务", "社团职务", "共青团职务",
    ],
)  # fmt: skip
def test_a_lower_rank_needs_none_r74(rank):
    assert found(administrative_rank=rank) == []


def test_with_its_reason_a_high_rank_waits_for_the_citys_approval_r74_a26():
    changes = {"administrative_rank": "副处级", "rank_reason": "长期在一线工作。"}
    assert found(**changes) == [("/form/administrative_rank", "rank_needs_city_approval", "notice")]


def test_the_rank_of_a_collective_is_judged_by_its_own_field_r74():
    values = {"collective_rank": "处级", "rank_reason": "贡献突出。", "is_manufacturing": True}
    (finding,) = eligibility_findings(the_campaign(), "advanced_collective", values, today=TODAY)
    assert (finding.pointer, finding.code) == ("/form/collective_rank", "rank_needs_city_approval")


def of_collective(**changes):
    values = complete_collective_form() | changes
    findings = eligibility_findings(the_campaign(), "advanced_collective", values, today=TODAY)
    return [(finding.pointer, finding.code, finding.severity) for finding in findings]


def test_a_manufacturing_enterprise_registered_here_is_eligible_r9_r16():
    assert of_collective() == []


@pytest.mark.parametrize(
    "changes", [{"is_manufacturing": False}, {"collective_nature": "government_body", "is_manufacturing": None}]
)
def test_another_collective_than_a_manufacturer_needs_a_reason_r16(changes):
    assert of_collective(scope=None, **changes) == [("/form/is_manufacturing", "not_preferred", "warning")]


def scope_said(**changes):
    findings = eligibility_findings(
        the_campaign(), "advanced_collective", complete_collective_form() | changes, today=TODAY
    )
    return [(f.pointer, f.code, f.requirement, f.severity) for f in findings if f.code == "scope_does_not_fit"]


@pytest.mark.parametrize(
    "changes",
    [
        {"collective_nature": "government_body", "is_manufacturing": None},
        {"collective_nature": "social_organisation", "is_manufacturing": None},
        {"is_manufacturing": False},
    ],
)
def test_the_scope_of_manufacturing_enterprises_is_theirs_alone_r9(changes):
    assert scope_said(**changes) == [("/form/scope", "scope_does_not_fit", "R9", "error")]


@pytest.mark.parametrize(
    ("scope", "nature", "requirement"),
    [
        ("industry_authority", "enterprise", "R6"),
        ("industry_authority", "social_organisation", "R6"),
        ("supporting_organisation", "enterprise", "R7"),
        ("development_zone", "enterprise", "R8"),
        ("development_zone", "social_organisation", "R8"),
    ],
)
def test_a_scope_that_does_not_fit_the_nature_needs_a_reason_r6_r7_r8(scope, nature, requirement):
    changes = {"scope": scope, "collective_nature": nature}
    assert scope_said(**changes) == [("/form/scope", "scope_does_not_fit", requirement, "warning")]


@pytest.mark.parametrize(
    ("scope", "nature"),
    [
        (scope, nature)
        for scope in ("industry_authority", "supporting_organisation", "development_zone")
        for nature in ("government_body", "civil_service_managed_institution", "public_institution", "other")
    ]
    + [("supporting_organisation", "social_organisation")],
)
def test_a_scope_that_fits_the_nature_is_not_questioned_r6_r7_r8(scope, nature):
    assert scope_said(scope=scope, collective_nature=nature, is_manufacturing=None) == []


@pytest.mark.parametrize("changes", [{"collective_nature": None, "is_manufacturing": None}, {"is_manufacturing": None}])
def test_a_scope_is_not_questioned_by_what_nobody_answered_r9(changes):
    assert scope_said(**changes) == []


@pytest.mark.parametrize("scope", [None, "", "supporting_organization"])
def test_no_scope_or_an_unknown_one_is_the_forms_business_r6(scope):
    assert scope_said(scope=scope, is_manufacturing=False) == []


def test_a_code_of_another_registration_office_asks_for_a_look_r9():
    assert of_collective(credit_code="91110000600037341L") == [("/form/credit_code", "registered_elsewhere", "warning")]


def test_a_code_that_is_wrong_altogether_is_the_forms_business_r9():
    assert of_collective(credit_code="91110000600037341M") == []
