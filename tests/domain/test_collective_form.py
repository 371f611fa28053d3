"""What stands against submitting a 附件5: each rule of its 填表说明 by pointer, code and sentence."""

from datetime import date

import pytest

from services.nominations.domain.eligibility import eligibility_findings
from services.nominations.domain.form import accept_draft, check_form, is_asked
from services.nominations.domain.form_definition import FieldType
from services.nominations.domain.parts import progress
from services.nominations.domain.publicity import publicity_content
from tests.domain.sample_forms import complete_collective_form
from tests.domain.the_campaign import the_campaign

TODAY = date(2025, 2, 7)
CAMPAIGN = the_campaign()
FORM = CAMPAIGN.forms["attachment_5"]
AWARD = {"level": "provincial", "year": 2021, "month": 5, "authority": "示例省总工会", "title": "示例先进集体"}


def found(**changes):
    findings = check_form(FORM, complete_collective_form() | changes, today=TODAY)
    return [(finding.pointer, finding.code, finding.severity) for finding in findings]


def said(**changes):
    return [finding.message for finding in check_form(FORM, complete_collective_form() | changes, today=TODAY)]


def test_a_complete_form_is_accepted_and_has_no_findings():
    values, findings = accept_draft(FORM, complete_collective_form(), CAMPAIGN.enums)
    assert (values, findings, found()) == (complete_collective_form(), [], [])


def test_every_part_of_it_is_the_units_a30():
    assert {part.value: state.percent for part, state in progress(FORM, {}).items()} == {"unit": 0}


ASKED = [d.key for d in FORM.fields if is_asked(d, complete_collective_form()) and d.type is not FieldType.ATTESTATION]


@pytest.mark.parametrize("key", [key for key in ASKED if key != "collective_nature"])
def test_no_field_may_be_blank_r151(key):
    assert found(**{key: ""}) == [(f"/form/{key}", "required", "error")]


@pytest.mark.parametrize("key", [definition.key for definition in FORM.fields if definition.blank_as == "无"])
def test_wu_stands_where_there_is_nothing_to_tell_r151(key):
    assert found(**{key: "无"}) == []


@pytest.mark.parametrize("key", ["leader_name", "contact_name", "deeds"])
def test_wu_does_not_stand_where_something_must_be_told_r151(key):
    assert found(**{key: "无"}) == [(f"/form/{key}", "required", "error")]


@pytest.mark.parametrize(
    "name", ["山西省忻州市五台县示例公司", "山西省忻州市忻府区示例局", "山西省忻州市原平市示例厂", "山西省忻州市五台县"]
)
def test_a_collective_is_named_from_the_province_down_r137(name):
    assert found(collective_name=name) == []


@pytest.mark.parametrize(
    "name", ["五台县示例公司", "忻州市五台县示例公司", "山西省五台县示例公司", "山西省忻州市示例局"]
)
def test_a_name_in_another_shape_is_refused_r137_r152(name):
    assert said(collective_name=name) == ["“集体名称”格式不正确：填报格式为山西省XX市XX（县、区）XX，规范全称"]


@pytest.mark.parametrize(
    ("quota_unit", "codes"), [("city_direct", []), ("140922", ["invalid_format"]), ("xz_etdz", ["invalid_format"])]
)
def test_only_a_city_level_body_names_no_county_r137_a13(quota_unit, codes):
    form = the_campaign().form_for("advanced_collective", quota_unit)
    values = complete_collective_form() | {"collective_name": "山西省忻州市示例局"}
    assert [finding.code for finding in check_form(form, values, today=date(2025, 2, 7))] == codes


def test_an_address_starts_with_its_province_r154():
    assert said(address="忻州市五台县示例路1号") == ["“集体单位地址”要从省级行政区划开始填写，例如山西省忻州市"]


@pytest.mark.parametrize(("length", "codes"), [(1500, []), (1501, [("/form/deeds", "too_many_characters", "error")])])
def test_deeds_have_at_most_fifteen_hundred_characters_r131_r162(length, codes):
    assert found(deeds="事" * length) == codes


@pytest.mark.parametrize(
    ("key", "answer", "code"),
    [
        ("leader_phone", "3000000", "invalid_phone"),
        ("contact_phone", "1390000000", "invalid_phone"),
        ("contact_email", "contact", "invalid_email"),
        ("postcode", "35500", "invalid_postcode"),
        ("awards_received", [AWARD | {"year": 1948}], "out_of_range"),
    ],
)
def test_a_wrong_answer_is_named_by_its_code(key, answer, code):
    assert [each[1] for each in found(**{key: answer})] == [code]


def test_a_national_award_of_another_body_is_doubted_r159():
    assert found(awards_received=[AWARD, AWARD | {"level": "national"}]) == [
        ("/form/awards_received/1/level", "award_level_doubtful", "warning")
    ]


def test_deeds_are_written_in_the_third_person_r161():
    assert found(deeds="我公司扎根铸造行业。") == [("/form/deeds", "not_third_person", "warning")]


def test_a_collective_of_division_rank_needs_a_reason_that_is_one_r74():
    codes = [
        finding.code
        for reason in ({}, {"rank_reason": "无"})
        for finding in eligibility_findings(
            CAMPAIGN,
            "advanced_collective",
            complete_collective_form() | {"collective_rank": "副处级"} | reason,
            today=TODAY,
        )
    ]
    assert codes == ["rank_reason_missing", "rank_reason_missing"]


def test_a_notice_shows_the_collective_and_its_deeds_without_people_or_places_r48():
    assert list(publicity_content(FORM, complete_collective_form())) == [
        "collective_name", "parent_organisation_name", "collective_nature", "collective_rank", "awards_received", "deeds",
    ]  # fmt: skip
