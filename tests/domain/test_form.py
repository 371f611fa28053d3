"""What stands against submitting a 附件6: each rule of the 填表说明 by its pointer and code."""

from datetime import date

import pytest

from services.nominations.domain.form import check_form
from services.nominations.domain.form_definition import Condition, FieldDefinition, FieldType, FormDefinition, Part
from services.nominations.domain.parts import progress
from tests.domain.sample_forms import complete_individual_form
from tests.domain.the_campaign import the_campaign

TODAY = date(2025, 2, 7)
FORM = the_campaign().forms["attachment_6"]
PERIOD = {"from": "2008-07", "organisation": "示例厂", "post": "技术员"}
AWARD = {"level": "below_provincial", "year": 2021, "month": 5, "authority": "示例市总工会", "title": "示例劳动模范"}


def findings(**changes):
    return check_form(FORM, complete_individual_form() | changes, today=TODAY)


def found(**changes):
    return [(finding.pointer, finding.code, finding.severity) for finding in findings(**changes)]


def test_a_complete_form_has_no_findings():
    assert findings() == []


@pytest.mark.parametrize(
    "key",
    [d.key for d in FORM.fields if d.required and d.type is not FieldType.ATTESTATION],
)
def test_no_asked_field_may_be_blank_r171(key):
    values = complete_individual_form()
    del values[key]
    blank = [(f.pointer, f.code, f.severity) for f in check_form(FORM, values, today=TODAY)]
    assert (f"/form/{key}", "required", "error") in blank


@pytest.mark.parametrize("key", ["post", "professional_title", "administrative_rank"])
def test_nothing_to_tell_is_written_wu_r171(key):
    assert findings(**{key: "无"}) == []


def test_wu_also_stands_for_an_empty_list_r171():
    assert findings(awards_received="无", sanctions_received="无") == []


def test_a_blank_that_may_be_wu_says_so_r171():
    assert [finding.message for finding in findings(post=None)] == ["请填写职务，没有的请填“无”"]


@pytest.mark.parametrize(
    ("key", "requirement"),
    [("political_attestation", "R28"), ("conduct_attestation", "R29"), ("truth_declaration", "R169")],
)
@pytest.mark.parametrize("answer", [None, False])
def test_an_attestation_must_be_given_r28_r29_r169(key, requirement, answer):
    (finding,) = findings(**{key: answer})
    assert (finding.pointer, finding.code, finding.requirement) == (f"/form/{key}", "attestation_missing", requirement)


@pytest.mark.parametrize(
    ("key", "answer", "code"),
    [
        ("resident_id_number", "140922850312001", "resident_id_length"),
        ("resident_id_number", "990922198503120018", "resident_id_region"),
        ("resident_id_number", "142201197502290012", "resident_id_date"),
        ("resident_id_number", "140922198503120019", "resident_id_checksum"),
        ("mobile_phone", "12900000000", "invalid_phone"),
        ("mobile_phone", "3000000", "invalid_phone"),
        ("employer_contact_phone", "0350-300", "invalid_phone"),
        ("employer_postcode", "03550", "invalid_postcode"),
        ("employer_postcode", "03550X", "invalid_postcode"),
        ("employer_address", "忻州市五台县示例路1号", "address_without_province"),
        ("native_place", "五台县", "invalid_native_place"),
        ("native_place", "山西五台", "invalid_native_place"),
        ("native_place", "山西省", "invalid_native_place"),
        ("native_place", "北京市", "invalid_native_place"),
        ("native_place", "内蒙古自治区", "invalid_native_place"),
        ("birth_month", "1985-13", "invalid_date"),
        ("birth_month", "1985年3月", "invalid_date"),
        ("birth_month", "2025-03", "date_in_future"),
        ("years_in_field", -1, "out_of_range"),
        ("years_in_field", 61, "out_of_range"),
        ("deeds", "事" * 1501, "too_many_characters"),
    ],
)
def test_a_wrong_answer_is_named_by_pointer_and_code(key, answer, code):
    assert (f"/form/{key}", code, "error") in found(**{key: answer})


@pytest.mark.parametrize("answer", ["0350-3000000", "03503000000", "010-80000000-801", "13900000000"])
def test_a_phone_is_a_mobile_or_has_its_area_code(answer):
    assert findings(employer_contact_phone=answer) == []


@pytest.mark.parametrize(
    "answer", ["山西省五台县", "山西省忻州市五台县", "北京市海淀区", "内蒙古自治区多伦县", "内蒙古自治区镶黄旗"]
)
def test_a_native_place_may_be_in_a_municipality_or_an_autonomous_region_r173(answer):
    assert findings(native_place=answer) == []


PROVINCES = [
    "北京市", "天津市", "上海市", "重庆市", "河北省", "山西省", "辽宁省", "吉林省", "黑龙江省", "江苏省", "浙江省", "安徽省",
    "福建省", "江西省", "山东省", "河南省", "湖北省", "湖南省", "广东省", "海南省", "四川省", "贵州省", "云南省", "陕西省",
    "甘肃省", "青海省", "台湾省", "内蒙古自治区", "广西壮族自治区", "西藏自治区", "宁夏回族自治区", "新疆维吾尔自治区",
    "香港特别行政区", "澳门特别行政区",
]  # fmt: skip


@pytest.mark.parametrize("province", PROVINCES)
def test_a_native_place_and_an_address_may_be_in_any_of_the_provinces_r154_r173_r181(province):
    assert findings(native_place=f"{province}示例县", employer_address=f"{province}示例路1号") == []


def test_fifteen_hundred_characters_are_allowed_r131():
    assert findings(deeds="事" * 1500) == []


@pytest.mark.parametrize(
    ("key", "answer", "said"),
    [("years_in_field", -1, "“从事本领域工作年限”不能小于0"), ("years_in_field", 99, "“从事本领域工作年限”不能大于60")],
)
def test_a_limit_is_said_in_words(key, answer, said):
    assert [finding.message for finding in findings(**{key: answer})] == [said]


@pytest.mark.parametrize("years", [0, 60])
def test_the_smallest_and_the_largest_number_allowed_are_allowed(years):
    assert [finding for finding in findings(years_in_field=years) if finding.code == "out_of_range"] == []


def test_a_day_that_may_be_left_out_says_by_which_word_r193():
    said = "“身份证有效期至”应为日期，例如2025-02-07，或者填“长期”"
    assert [finding.message for finding in findings(id_card_valid_until="soon")] == [said]


def test_no_message_holds_the_number_or_the_phone():
    said = " ".join(
        finding.message for finding in findings(resident_id_number="140922198503120019", mobile_phone="12900000000")
    )
    assert ("1985" in said, "129000" in said) == (False, False)


@pytest.mark.parametrize(
    ("rows", "pointer", "code"),
    [
        ([{**AWARD, "year": None}], "/form/awards_received/0/year", "required"),
        ([{**AWARD, "year": 2025, "month": None}], "/form/awards_received/0/month", "required"),
        ([AWARD, {**AWARD, "month": 13}], "/form/awards_received/1/month", "out_of_range"),
        ([{**AWARD, "title": ""}], "/form/awards_received/0/title", "required"),
    ],
)
def test_an_award_has_level_year_month_authority_and_title_r182(rows, pointer, code):
    assert found(awards_received=rows) == [(pointer, code, "error")]


def test_a_sanction_names_who_decided_it_r166():
    row = {"year": 2019, "month": 4, "sanction": "警告"}
    assert found(sanctions_received=[row]) == [("/form/sanctions_received/0/authority", "required", "error")]


def test_a_resume_row_may_have_no_end_but_needs_a_beginning_r190():
    row = {"organisation": "示例厂", "post": "技术员"}
    assert found(resume=[row]) == [("/form/resume/0/from", "required", "error")]


@pytest.mark.parametrize(
    ("key", "answer", "code"),
    [("sex", "female", "sex_differs_from_identity"), ("birth_month", "1985-04", "birth_month_differs_from_identity")],
)
def test_a_conflict_with_the_identity_number_is_a_warning_r146(key, answer, code):
    assert found(**{key: answer}) == [(f"/form/{key}", code, "warning")]


@pytest.mark.parametrize("key", ["sex", "birth_month"])
def test_what_is_not_answered_yet_does_not_differ_from_the_identity_number_r146(key):
    assert found(**{key: None}) == [(f"/form/{key}", "required", "error")]


def test_a_wrong_identity_number_contradicts_nothing():
    assert found(resident_id_number="1", sex="female") == [("/form/resident_id_number", "resident_id_length", "error")]


def test_a_gap_in_the_resume_is_a_warning_r190():
    rows = [{**PERIOD, "to": "2010-01"}, {**PERIOD, "from": "2010-03"}]
    assert found(resume=rows) == [("/form/resume/1/from", "resume_gap", "warning")]


def test_a_gap_is_found_whatever_the_order_of_the_rows_r190():
    rows = [{**PERIOD, "from": "2010-03"}, {**PERIOD, "to": "2010-01"}]
    assert found(resume=rows) == [("/form/resume/0/from", "resume_gap", "warning")]


def test_going_on_in_the_next_month_is_no_gap_r190():
    assert findings(resume=[{**PERIOD, "to": "2010-01"}, {**PERIOD, "from": "2010-02"}]) == []


def test_a_period_inside_another_leaves_no_gap_r190():
    rows = [{**PERIOD, "to": "2015-01"}, {**PERIOD, "from": "2009-01", "to": "2010-01"}, {**PERIOD, "from": "2015-02"}]
    assert findings(resume=rows) == []


def test_a_period_ends_after_it_begins_r190():
    rows = [{**PERIOD, "to": "2008-01"}, {**PERIOD, "from": "2008-07"}]
    assert found(resume=rows) == [("/form/resume/0/to", "period_reversed", "error")]


def test_a_wrong_date_in_one_row_does_not_hide_a_gap_in_others_r190():
    rows = [{**PERIOD, "from": "soon"}, {**PERIOD, "to": "2010-01"}, {**PERIOD, "from": "2010-06"}]
    assert found(resume=rows) == [
        ("/form/resume/0/from", "invalid_date", "error"),
        ("/form/resume/2/from", "resume_gap", "warning"),
    ]


def test_a_national_award_not_given_by_the_state_is_doubted_r159():
    assert found(awards_received=[{**AWARD, "level": "national"}]) == [
        ("/form/awards_received/0/level", "award_level_doubtful", "warning")
    ]


@pytest.mark.parametrize("authority", ["中共中央、国务院", "中共中央", "党中央", "国务院", "中央军委"])
def test_a_national_award_of_the_party_the_state_or_the_army_is_not_doubted_r159(authority):
    assert findings(awards_received=[{**AWARD, "level": "national", "authority": authority}]) == []


@pytest.mark.parametrize(
    ("level", "authority"),
    [("provincial", "山西省工业和信息化厅"), ("below_provincial", "中共山西省委、山西省人民政府")],
)
def test_an_award_of_another_level_than_its_authority_is_doubted_r159(level, authority):
    assert found(awards_received=[{**AWARD, "level": level, "authority": authority}]) == [
        ("/form/awards_received/0/level", "award_level_doubtful", "warning")
    ]


@pytest.mark.parametrize("deeds", ["我带领班组改进工艺。", "我们连续三年超产。", "他说：我来。"])
def test_first_person_deeds_are_a_warning_r161(deeds):
    assert found(deeds=deeds) == [("/form/deeds", "not_third_person", "warning")]


@pytest.mark.parametrize("deeds", ["该同志为我国铸造业作出贡献。", "他自我加压。", "我省首台设备投产。"])
def test_our_country_and_himself_are_not_first_person_r161(deeds):
    assert findings(deeds=deeds) == []


def test_full_width_digits_in_the_deeds_are_a_warning_r150():
    assert found(deeds="产量提高３成。") == [("/form/deeds", "digits_not_arabic", "warning")]


@pytest.mark.parametrize(
    "deeds",
    ["本人身份证号140922198503120018。", "联系13900000000即可。", "电话139 0000 0000。", "证号140922-19850312-0018。"],
)
def test_deeds_that_hold_a_number_or_a_phone_are_a_warning_r48(deeds):
    assert found(deeds=deeds) == [("/form/deeds", "personal_number_in_deeds", "warning")]


def test_a_number_in_full_width_digits_is_found_in_the_deeds_too_r48():
    assert found(deeds="电话１３９００００００００。") == [
        ("/form/deeds", "digits_not_arabic", "warning"),
        ("/form/deeds", "personal_number_in_deeds", "warning"),
    ]


def test_other_long_numbers_in_the_deeds_are_not_taken_for_a_phone():
    assert findings(deeds="专利ZL202110000000018，累计产值139000000000元。") == []


def test_a_state_owned_enterprise_gives_no_rank_r180():
    changes = {"is_state_owned": True, "is_province_managed": False, "administrative_rank": "科级"}
    assert found(**changes) == [("/form/administrative_rank", "rank_must_be_none", "error")]


def test_a_rank_that_is_not_answered_yet_is_none_that_must_be_wu_r180():
    changes = {"is_state_owned": True, "is_province_managed": False, "administrative_rank": None}
    assert found(**changes) == [("/form/administrative_rank", "required", "error")]


def test_a_cadre_managed_by_the_province_has_a_rank_r180():
    assert findings(is_state_owned=True, is_province_managed=True, administrative_rank="科级") == []


def test_a_state_owned_enterprise_says_whether_the_province_manages_the_person_r180():
    assert found(is_state_owned=True) == [("/form/is_province_managed", "required", "error")]


def test_an_enterprise_says_whether_the_person_heads_it_r82():
    assert found(is_enterprise_head=None) == [("/form/is_enterprise_head", "required", "error")]


def test_answers_hidden_by_a_later_answer_are_not_judged():
    changes = {"employer_nature": "government_body", "is_state_owned": True, "administrative_rank": "科级"}
    assert findings(**changes) == []


def test_all_problems_are_listed_at_once_in_the_order_of_the_form():
    all_found = check_form(FORM, {"mobile_phone": "1", "deeds": "我"}, today=TODAY)
    asked = [definition.key for definition in FORM.fields if definition.required and definition.key != "deeds"]
    assert [finding.pointer for finding in all_found] == [f"/form/{key}" for key in [*asked, "deeds"]]


def test_each_finding_names_its_requirement():
    assert [f for f in check_form(FORM, {}, today=TODAY) if not f.requirement.startswith("R")] == []


def percents(form, values):
    return {part.value: state.percent for part, state in progress(form, values).items()}


def test_an_empty_form_is_zero_percent():
    assert percents(FORM, {}) == {"nominee": 0, "unit": 0}


def test_a_complete_form_is_a_hundred_percent_in_both_parts_a30():
    assert percents(FORM, complete_individual_form()) == {"nominee": 100, "unit": 100}


def test_each_part_is_measured_by_itself_a30():
    mine = {d.key for d in FORM.of_part(Part.NOMINEE)}
    values = {key: value for key, value in complete_individual_form().items() if key in mine}
    assert percents(FORM, values) == {"nominee": 100, "unit": 0}


def test_a_question_that_is_not_asked_is_not_counted():
    values = complete_individual_form() | {"employer_nature": "government_body"}
    del values["is_enterprise_head"]
    assert percents(FORM, values)["unit"] == 100


def one_field(**settings):
    definition = FieldDefinition("answer", "答案", requirement="R128", **settings)
    return FormDefinition("own", "own", (definition,))


@pytest.mark.parametrize(
    ("settings", "answer", "codes"),
    [
        ({"type": FieldType.MOBILE}, "13900000000", []),
        ({"type": FieldType.MOBILE}, "0350-3000000", ["invalid_phone"]),
        ({"type": FieldType.LANDLINE}, "0350-3000000", []),
        ({"type": FieldType.LANDLINE}, "3000000", ["area_code_missing"]),
        ({"type": FieldType.LANDLINE}, "abc", ["invalid_phone"]),
        ({"type": FieldType.EMAIL}, "a@example.cn", []),
        ({"type": FieldType.EMAIL}, "a@b", ["invalid_email"]),
        ({"type": FieldType.DATE}, "2025-02-07", []),
        ({"type": FieldType.DATE}, "2025-02-30", ["invalid_date"]),
        ({"type": FieldType.DATE}, "2025-02-08", ["date_in_future"]),
        ({"type": FieldType.TEXT, "min_length": 3}, "短", ["too_short"]),
        ({"type": FieldType.TEXT, "min_length": 3}, "三个字", []),
        ({"type": FieldType.TEXT, "pattern": "^山西省.+$"}, "五台", ["invalid_format"]),
        ({"type": FieldType.TEXT, "required": False}, None, []),
        ({"type": FieldType.INTEGER}, -5, []),
        ({"type": FieldType.BOOLEAN}, False, []),
    ],
)
def test_every_kind_of_field_is_checked_by_its_kind(settings, answer, codes):
    form = one_field(**settings)
    assert [finding.code for finding in check_form(form, {"answer": answer}, today=TODAY)] == codes


def test_a_form_without_a_part_asks_nothing_of_it():
    assert percents(one_field(type=FieldType.TEXT), {}) == {"nominee": 0}


@pytest.mark.parametrize(
    ("condition", "answer", "holds"),
    [
        (Condition("a", equals="x"), "x", True),
        (Condition("a", equals="x"), "y", False),
        (Condition("a", differs_from="无"), "x", True),
        (Condition("a", differs_from="无"), "无", False),
        (Condition("a", one_of=("x", "y")), "y", True),
        (Condition("a", one_of=("x", "y")), "z", False),
        (Condition("a", differs_from="无"), None, False),
        (Condition("a", equals=False), False, True),
    ],
)
def test_a_condition_is_a_plain_comparison_and_fails_while_unanswered(condition, answer, holds):
    assert condition.holds({"a": answer}) is holds


@pytest.mark.parametrize("key", ["awards_received", "sanctions_received"])
@pytest.mark.parametrize(
    ("year", "month", "codes"), [(TODAY.year, TODAY.month, []), (TODAY.year, TODAY.month + 1, ["date_in_future"])]
)
def test_nothing_was_received_in_a_month_to_come_r166_r182(key, year, month, codes):
    kind = {"level": "provincial", "title": "示例奖"} if key == "awards_received" else {"sanction": "示例处分"}
    row = {"year": year, "month": month, "authority": "示例省总工会"} | kind
    assert [f.code for f in findings(**{key: [row]})] == codes


@pytest.mark.parametrize(("began", "codes"), [("2025-02", []), ("2025-03", ["date_in_future", "period_reversed"])])
def test_a_month_is_not_in_the_future_until_it_is_r190(began, codes):
    rows = [{"from": "2008-07", "to": "2025-02", "organisation": "示例公司", "post": "技术员"}]
    rows.append({"from": began, "organisation": "示例公司", "post": "车间主任"})
    assert [finding.code for finding in findings(resume=rows)] == codes
