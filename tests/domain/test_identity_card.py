"""Numbers against registers and against each other: doubts for people to settle (R9, R146, R150, R193)."""

from datetime import date

import pytest

from services.nominations.domain.form import check_form
from services.nominations.domain.identity import check_digit
from tests.domain.sample_forms import complete_collective_form, complete_individual_form
from tests.domain.the_campaign import the_campaign

TODAY = date(2025, 2, 7)
CAMPAIGN = the_campaign()


def found(**changes):
    form = CAMPAIGN.forms["attachment_6"]
    findings = check_form(form, complete_individual_form() | changes, today=TODAY)
    return [(finding.pointer, finding.code, finding.severity) for finding in findings]


def numbered(region):
    digits = f"{region}19850312001"
    return digits + check_digit(digits)


@pytest.mark.parametrize("region", ["140922", "142202", "142201", "142224", "110105", "140902"])
def test_a_number_of_a_district_that_existed_once_is_no_doubt_r146(region):
    assert found(resident_id_number=numbered(region)) == []


def test_a_number_of_a_district_that_no_register_knows_asks_for_a_look_r146():
    assert found(resident_id_number=numbered("149999")) == [
        ("/form/resident_id_number", "resident_id_region_unknown", "warning")
    ]


def test_an_identity_card_that_ran_out_asks_for_a_reason_r193():
    assert found(id_card_valid_until="2025-02-06") == [("/form/id_card_valid_until", "id_card_expired", "warning")]


@pytest.mark.parametrize("until", ["2025-02-07", "2045-01-01", "长期"])
def test_a_valid_identity_card_is_no_doubt_r193(until):
    assert found(id_card_valid_until=until) == []


@pytest.mark.parametrize("until", ["2035-02-30", "2024-02-30"])
def test_a_day_that_does_not_exist_is_an_error_of_the_form_and_no_expiry_r193(until):
    assert found(id_card_valid_until=until) == [("/form/id_card_valid_until", "invalid_date", "error")]


def test_a_credit_code_is_checked_by_its_arithmetic_r9():
    form = CAMPAIGN.forms["attachment_5"]
    values = complete_collective_form() | {"credit_code": "9114090012345678XJ"}
    assert [(f.pointer, f.code) for f in check_form(form, values, today=TODAY)] == [
        ("/form/credit_code", "invalid_credit_code")
    ]


@pytest.mark.parametrize("deeds", ["产量提高百分之三十。", "节约资金三百万元。"])
def test_numbers_in_chinese_characters_ask_for_arabic_ones_r150(deeds):
    assert found(deeds=deeds) == [("/form/deeds", "digits_in_chinese", "warning")]


@pytest.mark.parametrize("deeds", ["扎根生产一线，践行三个代表。", "产量提高30%。"])
def test_words_that_contain_a_number_are_left_alone_r150(deeds):
    assert found(deeds=deeds) == []


def test_deeds_within_the_limit_but_long_on_paper_are_noticed_a18():
    deeds = "abc " * 400
    assert found(deeds=deeds) == [("/form/deeds", "deeds_long_on_paper", "notice")]


@pytest.mark.parametrize(
    ("deeds", "against"),
    [
        ("某" * 1500, []),
        ("ab" + "某" * 1499, [("/form/deeds", "deeds_long_on_paper", "notice")]),
        ("某" * 1501, [("/form/deeds", "too_many_characters", "error")]),
    ],
)
def test_deeds_of_exactly_as_many_characters_as_allowed_are_within_the_limit_r131_a18(deeds, against):
    assert found(deeds=deeds) == against


def test_the_contact_table_has_two_rows_r204():
    form = CAMPAIGN.forms["attachment_9"]
    findings = check_form(form, {"people": [{"position": "leader"}]}, today=TODAY)
    assert ("/form/people", "too_few_items") in [(f.pointer, f.code) for f in findings]


def test_a_row_says_where_wu_may_stand_and_refuses_it_elsewhere_r204():
    form = CAMPAIGN.forms["attachment_9"]
    row = {"position": "leader", "fax": "无", "office_phone": "无"}
    said = {f.pointer: f.message for f in check_form(form, {"people": [row, {"position": "contact"}]}, today=TODAY)}
    assert ("/form/people/0/fax" in said, said["/form/people/0/office_phone"], said["/form/people/1/fax"]) == (
        False,
        "“办公电话”应为带区号的座机号",
        "请填写评选工作机构的传真，没有的请填“无”",
    )
