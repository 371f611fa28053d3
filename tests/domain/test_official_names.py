"""“填写规范全称” (R152) and “上级单位” (R153): hints for people, never a bar."""

from dataclasses import replace

import pytest

from services.nominations.domain.official_names import name_findings
from tests.domain.sample_forms import complete_collective_form, complete_individual_form
from tests.domain.the_campaign import the_campaign

CAMPAIGN = the_campaign()


def found(form, values):
    findings = name_findings(CAMPAIGN, CAMPAIGN.forms[form], values)
    return [(finding.pointer, finding.code, finding.severity) for finding in findings]


def test_the_full_names_of_the_samples_are_full_names_r152():
    samples = (("attachment_5", complete_collective_form()), ("attachment_6", complete_individual_form()))
    assert [found(form, values) for form, values in samples] == [[], []]


@pytest.mark.parametrize("name", ["五台铸造", "市工信局", "示例厂", "市工信", "忻州市示例有限责任"])
def test_a_name_that_looks_shortened_asks_for_a_reason_r152(name):
    values = complete_individual_form() | {"employer_name": name}
    assert found("attachment_6", values) == [("/form/employer_name", "name_maybe_shortened", "warning")]


def test_the_shortest_full_name_has_five_characters_r152():
    assert found("attachment_6", complete_individual_form() | {"employer_name": "代县工信局"}) == []


def test_a_campaign_that_names_no_endings_asks_only_for_length_r152():
    campaign = replace(CAMPAIGN, official_name_endings=())
    names = {"employer_name": "忻州市示例有限责任"}, {"employer_name": "示例厂"}
    codes = [[f.code for f in name_findings(campaign, CAMPAIGN.forms["attachment_6"], each)] for each in names]
    assert codes == [[], ["name_maybe_shortened"]]


def test_a_superior_of_another_name_is_not_asked_about_r153():
    values = complete_collective_form() | {"parent_organisation_name": "忻州市工业和信息化局"}
    assert found("attachment_5", values) == []


def test_a_collective_is_not_its_own_superior_r153():
    name = complete_collective_form()["collective_name"]
    values = complete_collective_form() | {"parent_organisation_name": name}
    assert found("attachment_5", values) == [("/form/parent_organisation_name", "superior_is_itself", "warning")]


@pytest.mark.parametrize("nothing", ["无", "", None])
@pytest.mark.parametrize("collective", [complete_collective_form()["collective_name"], "无", "", None])
def test_where_there_is_no_superior_there_is_nothing_to_ask_r153(nothing, collective):
    names = {"parent_organisation_name": nothing, "collective_name": collective}
    assert found("attachment_5", complete_collective_form() | names) == []
