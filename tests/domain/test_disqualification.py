"""“若企业存在…情形之一的，则该企业及企业负责人不予推荐” (R83–R93)."""

from datetime import date

import pytest

from services.nominations.domain.disqualification import FoundCircumstance, bars, lifting_actions
from services.nominations.domain.facts import Actor
from services.nominations.domain.workflow import Role
from tests.domain.the_campaign import the_campaign

CAMPAIGN = the_campaign()
WINDOWED = ("work_safety_accident", "occupational_hazard", "mass_incident")


def barred(*found):
    circumstances = [FoundCircumstance(*each) for each in found]
    return [each.key for each in bars(circumstances, CAMPAIGN.disqualifiers, reference_date=CAMPAIGN.reference_date)]


def test_the_campaign_knows_the_eleven_circumstances_of_the_notice_in_its_order_r83_r93():
    assert [(each.requirement, each.window_years) for each in CAMPAIGN.disqualifiers] == [
        ("R83", None), ("R84", 5), ("R85", 5), ("R86", 5), ("R87", None), ("R88", None), ("R89", None), ("R90", None),
        ("R91", None), ("R92", None), ("R93", None),
    ]  # fmt: skip


@pytest.mark.parametrize("key", [each.key for each in CAMPAIGN.disqualifiers])
def test_each_circumstance_bars_by_itself_r83(key):
    assert barred((key, None)) == [key]


@pytest.mark.parametrize("key", WINDOWED)
@pytest.mark.parametrize(
    ("day", "bars_it"), [(date(2020, 1, 26), True), (date(2020, 1, 25), False), (date(2025, 2, 1), True)]
)
def test_within_five_years_counts_back_from_the_notice_r84_a14(key, day, bars_it):
    assert barred((key, day)) == ([key] if bars_it else [])


def test_a_circumstance_without_a_window_never_lapses_r90():
    assert barred(("social_insurance_arrears", date(1999, 1, 1))) == ["social_insurance_arrears"]


def test_what_is_found_twice_bars_once_and_in_the_order_of_the_notice():
    found = barred(("pollution", None), ("wage_arrears", None), ("pollution", None))
    assert found == ["wage_arrears", "pollution"]


def test_a_circumstance_that_this_campaign_does_not_know_bars_nobody():
    assert barred(("bad_handwriting", None)) == []


def open_to(
    role: Role, *, person: str = "person-1", unit: str = "office-1", proposed_by: str | None = None
) -> list[str]:
    actor = Actor(person, unit, "140922", "hrss", frozenset({role}))
    return lifting_actions(actor, nominee_person_id="nominee-1", unit_id="unit-1", proposed_by=proposed_by)


@pytest.mark.parametrize(
    ("role", "before", "after"),
    [
        (Role.COUNTY_OFFICER, ["propose_lifting"], ["propose_lifting", "second_lifting"]),
        (Role.CITY_OFFICER, ["propose_lifting"], ["propose_lifting", "second_lifting"]),
        (Role.COUNTY_REVIEWER, [], ["second_lifting"]),
        (Role.CITY_REVIEWER, [], ["second_lifting"]),
        (Role.UNIT_CLERK, [], []),
        (Role.NOMINEE, [], []),
    ],
)
def test_an_officer_proposes_to_lift_and_another_of_the_offices_seconds_r97(role, before, after):
    assert (open_to(role), open_to(role, proposed_by="person-2")) == (before, after)


def test_whoever_proposed_to_lift_may_only_propose_anew_r97():
    assert open_to(Role.CITY_OFFICER, proposed_by="person-1") == ["propose_lifting"]


@pytest.mark.parametrize("own", [{"person": "nominee-1"}, {"unit": "unit-1"}])
def test_nobody_lifts_what_was_found_against_themselves_or_their_unit_r97(own):
    assert open_to(Role.CITY_OFFICER, proposed_by="person-2", **own) == []
