"""Mistakes in a campaign or a calendar that would change a result without a word are refused before anything runs."""

from pathlib import Path

import pytest

from services.nominations.campaigns.calendar_files import read_calendar
from services.nominations.campaigns.campaign_files import CampaignFileBroken, read_days
from services.nominations.domain.campaign import CampaignInvalid
from services.nominations.domain.campaign_parsing import parse_campaign
from tests.domain.the_campaign import campaign_data, field_data


def faults(data):
    with pytest.raises(CampaignInvalid) as caught:
        parse_campaign(data)
    return [(problem.path, problem.message) for problem in caught.value.problems]


def test_a_matrix_without_a_row_for_enterprise_employees_asks_nobody_r80():
    data = campaign_data()
    data["consultation"] = [row for row in data["consultation"] if row.get("enterprise_head") is not False]
    assert faults(data) == [("consultation", "nobody is asked about advanced_individual, enterprise")]


def test_a_matrix_without_a_row_for_enterprise_heads_asks_nobody_r82():
    data = campaign_data()
    data["consultation"] = [row for row in data["consultation"] if row.get("enterprise_head") is not True]
    assert faults(data) == [("consultation", "nobody is asked about advanced_individual, enterprise, enterprise head")]


def test_a_row_without_authorities_asks_nobody_r80():
    data = campaign_data()
    data["consultation"][2]["authorities"] = []
    assert faults(data) == [
        ("consultation", "nobody is asked about advanced_collective, other"),
        ("consultation", "nobody is asked about advanced_collective, social_organisation"),
    ]


@pytest.mark.parametrize(
    ("field", "condition", "message"),
    [
        ("is_enterprise_head", {"field": "employer_nature", "equals": "enterprize"}, "employer_nature never holds 'enterprize'"),
        ("is_enterprise_head", {"field": "employer_nature", "one_of": ["enterprise", "x"]}, "employer_nature never holds 'x'"),
        ("is_province_managed", {"field": "is_state_owned", "equals": "true"}, "is_state_owned never holds 'true'"),
        ("rank_reason", {"field": "years_in_field", "equals": "5"}, "years_in_field never holds '5'"),
        ("rank_reason", {"field": "post", "equals": 5}, "post never holds 5"),
    ],
)  # fmt: skip
def test_a_condition_compares_with_a_value_its_field_can_hold_r82_r180(field, condition, message):
    data = campaign_data()
    field_data(data, field)["required_if"] = condition
    assert faults(data) == [(f"forms.attachment_6.{field}.required_if", message)]


def test_a_documents_condition_compares_with_a_value_its_field_can_hold_r177():
    data = campaign_data()
    data["document_needs"][3]["only_if"]["differs_from"] = False
    assert faults(data) == [("document_needs.professional_title_certificate", "professional_title never holds False")]


def test_an_unknown_list_is_named_once_not_again_by_each_condition():
    data = campaign_data()
    field_data(data, "employer_nature")["enum"] = "natures"
    assert (
        "forms.attachment_6.is_enterprise_head.required_if",
        "employer_nature never holds 'enterprise'",
    ) not in faults(data)


YEAR = """\
year: 2027
version: 1
source: https://www.gov.cn/
holidays:
  - {name: 元旦, days: [2026-12-31, 2027-01-02]}
working_weekends: [2027-01-03]
"""


def written(folder: Path, text: str) -> Path:
    (folder / "china-2027.yaml").write_text(text, encoding="utf-8")
    return folder


def test_a_new_years_holiday_may_begin_in_december(tmp_path):
    calendar = read_calendar(written(tmp_path, YEAR))
    assert [day.isoformat() for day in sorted(calendar.holidays)] == ["2026-12-31", "2027-01-01", "2027-01-02"]


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("2027-01-02]", "2072-01-02]", "is not in 2027"),
        ("[2026-12-31, 2027-01-02]", "[2027-01-02, 2027-01-01]", "runs back to front"),
        ("[2026-12-31, 2027-01-02]", "[]", "neither [first, last] nor [only]"),
        ("[2026-12-31, 2027-01-02]", "2027-01-01", "neither [first, last] nor [only]"),
        ("[2026-12-31, 2027-01-02]", "[2027-01-01, 2027-01-02, 2027-01-03]", "neither [first, last] nor [only]"),
        ("2027-01-02]", "2027-01-03]", "2027-01-03 cannot both work and rest"),
        ("2027-01-02]", "2027-13-02]", "month must be in 1..12"),
        ("[2027-01-03]", "[2027-01-04]", "2027-01-04 is no weekend"),
        ("[2027-01-03]", "[2025-01-04]", "2025-01-04 is not in 2027"),
        ("year: 2027", 'year: "2027"', "year and version must be whole numbers"),
        ("year: 2027\n", "", "must have holidays, source, version, working_weekends, year, and nothing else"),
        ("version: 1", "version: 1\nholiday: []", "and nothing else"),
        ("  - {name: 元旦, days: [2026-12-31, 2027-01-02]}", "  - 元旦", "china-2027.yaml"),
        (YEAR, "- 2027\n", "and nothing else"),
        (YEAR, "", "and nothing else"),
    ],
)
def test_a_calendar_that_would_miscount_is_refused_with_its_file_r49(tmp_path, before, after, reason):
    folder = written(tmp_path, YEAR.replace(before, after))
    with pytest.raises(CampaignFileBroken) as caught:
        read_calendar(folder)
    assert str(caught.value).startswith(f"{folder / 'china-2027.yaml'}: ")
    assert reason in str(caught.value)


def test_a_year_stands_in_one_file_only(tmp_path):
    (written(tmp_path, YEAR) / "copy.yaml").write_text(YEAR, encoding="utf-8")
    with pytest.raises(CampaignFileBroken, match=r"copy\.yaml: year 2027 stands in another file too"):
        read_calendar(tmp_path)


def test_a_range_back_to_front_is_refused():
    with pytest.raises(ValueError, match="back to front"):
        read_days([["2025-02-01", "2025-01-31"]])


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (
            lambda d: d["categories"][0].update(name_field="nickname"),
            ("categories.advanced_individual.name_field", "no field nickname"),
        ),
        (
            lambda d: d["categories"][0].update(enterprise_if={"field": "boss", "equals": True}),
            ("categories.advanced_individual.enterprise_if", "no field boss"),
        ),
        (lambda d: d["balance"][0].update(category="best_dog"), ("balance.women", "no category best_dog")),
        (lambda d: d["balance"][4].update(spread_of="colour"), ("balance.industry_field", "no field colour")),
        (
            lambda d: d["balance"][0].update(spread_of="sex"),
            ("balance[0]", "takes exactly one of counts_if, spread_of"),
        ),
        (
            lambda d: d["preferences"][0].update(prefer={"field": "colour", "equals": "red"}),
            ("preferences[0]", "no field colour"),
        ),
        (
            lambda d: d["forms"]["attachment_4"]["columns"][1].update({"from": ["nickname"]}),
            ("forms.attachment_4.full_name", "no field nickname"),
        ),
        (
            lambda d: d["forms"]["attachment_4"]["columns"][7].update(remarks={"社会团体": "单位性质为社会团体"}),
            ("forms.attachment_4.employer_nature.remarks", "tell of a word that is not renamed: 社会团体"),
        ),
        (
            lambda d: d["forms"]["attachment_4"]["columns"].pop(),
            ("forms.attachment_4.employer_nature.remarks", "no column remarks"),
        ),
        (
            lambda d: d["forms"]["attachment_8_1"]["boxes"].update(post_office="邮政部门意见"),
            ("forms.attachment_8_1.boxes.post_office", "no such authority"),
        ),
    ],
)  # fmt: skip
def test_facts_columns_and_boxes_that_lead_nowhere_are_named(change, fault):
    data = campaign_data()
    change(data)
    with pytest.raises(CampaignInvalid) as caught:
        parse_campaign(data)
    assert fault in [(problem.path, problem.message) for problem in caught.value.problems]
