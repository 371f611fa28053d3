"""Eligibility that explains itself: each criterion with its outcome and what was seen."""

from datetime import date

import pytest

from services.nominations.domain.eligibility import eligibility_findings
from services.nominations.domain.eligibility_report import Outcome, eligibility_report, window
from services.nominations.domain.form import check_form
from services.nominations.domain.periods import years_before
from tests.domain.sample_forms import complete_collective_form, complete_individual_form
from tests.domain.the_campaign import the_campaign

TODAY = date(2025, 2, 7)
CAMPAIGN = the_campaign()


def report(category, values):
    findings = [
        *check_form(CAMPAIGN.form_of(category), values, today=TODAY),
        *eligibility_findings(CAMPAIGN, category, values, today=TODAY),
    ]
    return {each.key: each for each in eligibility_report(CAMPAIGN, category, values, findings, today=TODAY)}


def individual(**changes):
    return report("advanced_individual", complete_individual_form() | changes)


def collective(**changes):
    return report("advanced_collective", complete_collective_form() | changes)


def test_a_complete_individual_meets_every_criterion_r28_r36():
    assert {key: each.outcome for key, each in individual().items()} == dict.fromkeys(
        [
            "scope", "conditions", "political_attestation", "conduct_attestation", "unit_truth_declaration",
            "truth_declaration", "photo_declaration", "years_of_work",
        ],
        Outcome.MET,
    )  # fmt: skip


def test_the_years_of_work_are_said_in_words_r30():
    assert individual()["years_of_work"].explanation == "截至2025年1月，简历中的从业时间为16年6个月"


def test_too_few_years_are_not_met_and_say_why_r30():
    criterion = individual(resume=[{"from": "2024-01"}])["years_of_work"]
    assert (criterion.outcome, criterion.explanation) == (
        Outcome.NOT_MET,
        "截至2025年1月，简历中的从业时间为1年0个月。截至2025年1月，简历中的从业时间不满5年",
    )


def test_a_gap_in_the_resume_is_no_want_of_years_r30_r190():
    resume = [{"from": "2008-07", "to": "2015-06"}, {"from": "2016-06"}]
    assert individual(resume=resume)["years_of_work"].outcome is Outcome.MET


def test_the_chosen_condition_is_shown_in_the_words_of_the_notice_r33():
    assert individual()["conditions"].explanation.startswith("具有突出技术创新能力、善于解决复杂工程问题")


def test_what_nobody_answered_is_unknown_and_not_refused_r31():
    assert individual(conditions=None)["conditions"].outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("scope", "outcome"), [("manufacturer", Outcome.NOT_MET), ("supporting_organisation", Outcome.MET)]
)
def test_a_scope_that_its_own_answers_contradict_is_not_met_r9(scope, outcome):
    changes = {"scope": scope, "collective_nature": "government_body", "is_manufacturing": None}
    assert collective(**changes)["scope"].outcome is outcome


def test_a_scope_that_only_asks_for_a_look_is_to_be_reviewed_and_says_why_r8():
    criterion = collective(scope="development_zone")["scope"]
    assert (criterion.outcome, criterion.explanation) == (
        Outcome.TO_REVIEW,
        "全市工业类开发区管委会。该评选范围为工业类开发区管委会，与集体性质不符，请核对",
    )


def test_a_promise_that_is_denied_is_unknown_until_it_is_given_r29():
    assert individual(conduct_attestation=False)["conduct_attestation"].outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(("reason", "outcome"), [("", Outcome.NOT_MET), ("长期在一线工作。", Outcome.TO_REVIEW)])
def test_a_high_rank_waits_for_its_reason_and_then_for_the_city_r74(reason, outcome):
    assert individual(administrative_rank="副处级", rank_reason=reason)["rank"].outcome is outcome


def test_a_rank_that_a_state_owned_firm_may_not_give_is_no_high_rank_r74_r180():
    changes = {"is_state_owned": True, "is_province_managed": False, "administrative_rank": "科级"}
    assert "rank" not in individual(**changes)


def test_five_years_without_accidents_are_said_with_their_days_r20_a14():
    assert collective()["accident_attestation"].explanation == "已确认（2020年1月26日至2025年1月26日）"


def test_a_collective_has_no_years_of_work():
    assert "years_of_work" not in collective()


def test_without_a_resume_the_years_are_unknown_r30():
    assert individual(resume=[])["years_of_work"].outcome is Outcome.UNKNOWN


def test_the_window_counts_back_from_the_notice_a14():
    assert window(CAMPAIGN, 5) == (date(2020, 1, 26), date(2025, 1, 26))


def test_five_years_before_a_leap_day_is_the_day_before_march():
    assert years_before(date(2024, 2, 29), 5) == date(2019, 2, 28)
