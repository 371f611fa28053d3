"""The campaign says what the notice says: every clause that is data, held to the notice's own words."""

import re
from datetime import date

import pytest

from services.nominations.domain.form import check_form
from tests.domain.sample_forms import complete_collective_form, complete_individual_form
from tests.domain.the_campaign import campaign_data, the_campaign

CAMPAIGN = the_campaign()
TODAY = date(2025, 2, 7)
INDIVIDUAL, COLLECTIVE = CAMPAIGN.category("advanced_individual"), CAMPAIGN.category("advanced_collective")


def quoted(requirement: str) -> list[str]:
    """The parts of a clause that stand word for word: between quotation marks, without its number, cut at each …"""
    words = CAMPAIGN.requirements[requirement].strip("“”")
    unnumbered = re.sub(r"^([0-9]+[.]|[一二三四五六七八九十]+、)", "", words)
    return [part for part in re.split(" ?… ?", unnumbered) if part]


def is_said(requirement: str, text: str) -> bool:
    return all(part in text for part in quoted(requirement))


def finding_of(form: str, values: dict, key: str) -> tuple[str, str]:
    findings = check_form(CAMPAIGN.forms[form], values, today=TODAY)
    return next((f.code, f.requirement) for f in findings if f.pointer == f"/form/{key}")


def test_every_clause_has_its_words():
    assert list(CAMPAIGN.requirements) == [f"R{number}" for number in range(1, 208)]


def test_collectives_and_individuals_have_forms_quotas_and_places_of_their_own_r5():
    assert [(each.subject, each.form, each.final_quota) for each in CAMPAIGN.categories] == [
        ("individual", "attachment_6", 8),
        ("collective", "attachment_5", 4),
    ]


@pytest.mark.parametrize(
    ("requirement", "key"),
    [
        ("R6", "industry_authority"),
        ("R7", "supporting_organisation"),
        ("R8", "development_zone"),
        ("R9", "manufacturer"),
    ],
)
def test_a_collective_chooses_its_scope_in_the_notices_words_r6_r7_r8_r9(requirement, key):
    assert is_said(requirement, COLLECTIVE.scopes[key])


@pytest.mark.parametrize(("requirement", "key"), [("R10", "public_sector_staff"), ("R11", "employees")])
def test_an_individual_chooses_a_scope_in_the_notices_words_r10_r11(requirement, key):
    assert is_said(requirement, INDIVIDUAL.scopes[key])


@pytest.mark.parametrize("number", range(5))
def test_the_conditions_of_collectives_are_the_notices_r23_r24_r25_r26_r27(number):
    assert is_said(f"R{23 + number}", list(COLLECTIVE.conditions.values())[number])


@pytest.mark.parametrize("number", range(5))
def test_the_conditions_of_individuals_are_the_notices_r32_r33_r34_r35_r36(number):
    assert is_said(f"R{32 + number}", list(INDIVIDUAL.conditions.values())[number])


@pytest.mark.parametrize(
    ("form", "values"),
    [("attachment_5", complete_collective_form()), ("attachment_6", complete_individual_form())],
)
def test_who_recommends_says_on_what_grounds_r12(form, values):
    del values["grounds"]
    assert finding_of(form, values, "grounds") == ("required", "R12")


@pytest.mark.parametrize(
    ("key", "requirement"),
    [
        ("political_attestation", "R19"),
        ("accident_attestation", "R20"),
        ("staff_conduct_attestation", "R21"),
        ("truth_declaration", "R147"),
    ],
)
def test_a_collectives_promises_are_asked_one_by_one_r19_r20_r21_r147(key, requirement):
    values = complete_collective_form() | {key: False}
    assert finding_of("attachment_5", values, key) == ("attestation_missing", requirement)


@pytest.mark.parametrize(("key", "requirement"), [("photo_declaration", "R188"), ("unit_truth_declaration", "R79")])
def test_an_individuals_further_promises_are_asked_too_r79_r188(key, requirement):
    values = complete_individual_form() | {key: False}
    assert finding_of("attachment_6", values, key) == ("attestation_missing", requirement)


def test_a_collective_without_a_condition_is_not_submitted_r22():
    values = complete_collective_form() | {"conditions": []}
    assert finding_of("attachment_5", values, "conditions") == ("required", "R22")


@pytest.mark.parametrize(
    ("form", "values"),
    [("attachment_5", complete_collective_form()), ("attachment_6", complete_individual_form())],
)
def test_hard_conditions_are_described_where_they_are_claimed_r71(form, values):
    assert finding_of(form, values | {"hardship": True}, "hardship_evidence") == ("required", "R71")


@pytest.mark.parametrize(
    ("form", "values"),
    [("attachment_5", complete_collective_form()), ("attachment_6", complete_individual_form())],
)
def test_the_field_of_industry_is_asked_so_that_its_spread_can_be_seen_r72(form, values):
    del values["industry_field"]
    assert finding_of(form, values, "industry_field") == ("required", "R72")


@pytest.mark.parametrize(
    ("key", "requirement"),
    [
        ("unlawful_conduct", "R83"),
        ("work_safety_accident", "R84"),
        ("occupational_hazard", "R85"),
        ("mass_incident", "R86"),
        ("employment_violation", "R87"),
        ("labour_discord", "R88"),
        ("wage_arrears", "R89"),
        ("social_insurance_arrears", "R90"),
        ("serious_dishonesty", "R91"),
        ("energy_excess", "R92"),
        ("pollution", "R93"),
    ],
)
def test_each_circumstance_that_bars_is_called_as_in_the_notice_r84_r85_r86_r87_r88_r89_r90_r91_r92_r93(
    key, requirement
):
    disqualifier = next(each for each in CAMPAIGN.disqualifiers if each.key == key)
    words = CAMPAIGN.requirements[requirement]
    assert (disqualifier.requirement, disqualifier.label.removeprefix("违反") in words) == (requirement, True)


def test_everybody_is_called_to_take_part_and_told_how_r105():
    assert [bool(CAMPAIGN.participation[key]) for key in ("call", "mini_program_path")] == [True, True]


def test_the_deeds_field_says_how_deeds_are_written_r132():
    helps = [CAMPAIGN.forms[form].get("deeds").help for form in ("attachment_5", "attachment_6")]
    assert ["第三人称" in text and "不超过1500字" in text for text in helps] == [True, True]


def test_the_contact_is_that_of_the_notice_r133():
    words = CAMPAIGN.requirements["R133"]
    assert [CAMPAIGN.contact[key] in words for key in ("phone", "email")] == [True, True]


@pytest.mark.parametrize("form", ["attachment_3", "attachment_4"])
def test_each_page_of_a_table_needs_its_seal_and_says_so_r140_r145(form):
    assert CAMPAIGN.forms[form].notes[-1] == "表格不够可加页，每页均需加盖单位公章。"


@pytest.mark.parametrize(
    ("form", "key", "requirement"),
    [("attachment_5", "collective_rank", "R156"), ("attachment_6", "administrative_rank", "R179")],
)
def test_a_rank_is_an_open_list_and_wu_where_there_is_none_r139_r144_r156_r179_a4_a9(form, key, requirement):
    definition = CAMPAIGN.forms[form].get(key)
    assert (definition.suggestions, definition.blank_as, definition.enum, definition.requirement) == (
        ("处级", "科级", "股级", "县处级正职", "县处级副职"),
        "无",
        None,
        requirement,
    )


def test_a_collectives_awards_stand_by_level_r157():
    item = next(each for each in CAMPAIGN.forms["attachment_5"].get("awards_received").items if each.key == "level")
    assert [choice.label for choice in CAMPAIGN.enums[item.enum]] == ["国家级", "省部级", "省级以下"]


@pytest.mark.parametrize("form", ["attachment_5", "attachment_6"])
def test_whom_to_ask_about_the_level_of_an_award_is_said_r160(form):
    assert "级别请咨询奖励颁授单位" in CAMPAIGN.forms[form].get("awards_received").help


@pytest.mark.parametrize("name", ["示例（曾用名示例二）", "示例2", "示例、示例二", "示 例"])
def test_a_name_is_the_present_one_and_nothing_else_r172(name):
    values = complete_individual_form() | {"full_name": name}
    assert finding_of("attachment_6", values, "full_name") == ("invalid_format", "R172")


@pytest.mark.parametrize("name", ["示例", "买买提·示例", "示例·示例·示例", "喆垚"])
def test_names_of_every_people_are_names_r172(name):
    findings = check_form(CAMPAIGN.forms["attachment_6"], complete_individual_form() | {"full_name": name}, today=TODAY)
    assert findings == []


def test_a_work_address_starts_with_its_province_r181():
    values = complete_individual_form() | {"employer_address": "五台县示例路1号"}
    assert finding_of("attachment_6", values, "employer_address") == ("address_without_province", "R181")


def test_the_contact_table_asks_area_codes_and_postcodes_r205_r206():
    items = {item.key: item.type.value for item in CAMPAIGN.forms["attachment_9"].get("people").items}
    assert [items[key] for key in ("office_phone", "fax", "postcode")] == ["landline", "landline", "postcode"]


@pytest.mark.parametrize("form", ["attachment_5", "attachment_6"])
def test_the_unit_agrees_in_the_notices_words_r167_r191(form):
    opinion = next(part for part in campaign_data()["print_layouts"][form]["body"] if part["kind"] == "opinion")
    assert (opinion["box"]["preset_text"], opinion["box"]["signer_label"]) == (
        CAMPAIGN.unit_opinion_text,
        "签字人（推荐对象所在单位负责人）",
    )


@pytest.mark.parametrize("form", ["attachment_5", "attachment_6"])
def test_three_levels_and_two_bureaus_have_six_boxes_r168_r192(form):
    rows = next(part for part in campaign_data()["print_layouts"][form]["body"] if part["kind"] == "opinions")["rows"]
    assert [box["key"] for row in rows for box in row] == [
        f"opinion_{level}_{bureau}" for level in ("county", "city", "province") for bureau in ("hrss", "iit")
    ]


@pytest.mark.parametrize("form", ["attachment_5", "attachment_6"])
def test_every_box_is_printed_with_a_place_for_its_seal_r163_r186(form):
    points = "".join(campaign_data()["print_layouts"][form]["instructions"]["points"])
    assert "本表中盖章栏均需要加盖公章" in points


@pytest.mark.parametrize("form", ["attachment_5", "attachment_6"])
def test_a_form_is_printed_three_times_on_both_sides_of_a4_r122_r164_r187(form):
    page = campaign_data()["print_layouts"][form]["page"]
    assert (page["paper"], page["duplex"], CAMPAIGN.paper_copies) == ("a4", True, 3)


@pytest.mark.parametrize("form", ["attachment_5", "attachment_6"])
def test_a_form_is_set_in_twelve_points_and_nobody_changes_its_layout_r148_r149_r170(form):
    layout = campaign_data()["print_layouts"][form]
    assert (layout["text"]["size_pt"], "不得随意更改格式或改变原表版式" in layout["instructions"]["points"][1]) == (
        12,
        True,
    )


def test_a_collectives_cover_names_what_the_notice_names_r165():
    cover = campaign_data()["print_layouts"]["attachment_5"]["cover"]
    assert [item["label"] for item in cover["items"]] == ["集体名称", "推荐单位", "表彰层次", "填报时间"]


@pytest.mark.parametrize("form", ["attachment_5", "attachment_6"])
def test_an_award_is_printed_in_the_pattern_of_the_notice_r158_r182(form):
    body = campaign_data()["print_layouts"][form]["body"]
    awards = next(part for part in body if part.get("value", {}).get("fields") == ["awards_received"])
    assert awards["value"]["item"]["pattern"] == "{level}奖励：{year}年{month}月，被{authority}授予“{title}”"
