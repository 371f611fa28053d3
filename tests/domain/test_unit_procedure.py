from datetime import date

from services.nominations.domain.unit_procedure import RECORD_KINDS, faults_of_date, faults_of_votes, overtaken_steps
from services.nominations.domain.workflow import TRANSITIONS, Place

TODAY = date(2025, 2, 10)


def codes(faults):
    return [(fault.member, fault.code) for fault in faults]


def test_the_kinds_of_records_are_those_that_a_unit_writes_r50_r52_r77():
    actions = {row.action.value for row in TRANSITIONS if row.place is Place.UNIT}
    assert {f"record_{kind}" for kind in RECORD_KINDS} == {each for each in actions if each.startswith("record_")}


def test_steps_on_one_day_are_in_order_r50():
    earlier = {"staff_deliberation": TODAY, "inspection": TODAY}
    assert faults_of_date("leadership_decision", TODAY, earlier=earlier, today=TODAY) == []


def test_a_step_in_the_future_is_refused():
    assert codes(faults_of_date("inspection", date(2025, 2, 11), earlier={}, today=TODAY)) == [
        ("held_on", "date_in_future")
    ]


def test_a_decision_before_the_inspection_is_refused_r52():
    earlier = {"staff_deliberation": date(2025, 2, 5), "inspection": date(2025, 2, 9)}
    faults = faults_of_date("leadership_decision", date(2025, 2, 8), earlier=earlier, today=TODAY)
    assert codes(faults) == [("held_on", "out_of_order")]


def test_a_later_step_does_not_bind_an_earlier_one_recorded_again():
    earlier = {"leadership_decision": date(2025, 2, 5)}
    assert faults_of_date("staff_deliberation", TODAY, earlier=earlier, today=TODAY) == []


def test_an_inspection_recorded_again_may_be_before_the_decision_that_followed_it():
    earlier = {"staff_deliberation": date(2025, 2, 5), "leadership_decision": TODAY}
    assert faults_of_date("inspection", date(2025, 2, 6), earlier=earlier, today=TODAY) == []


def test_a_self_review_follows_no_step_r77():
    earlier = {"staff_deliberation": TODAY, "leadership_decision": TODAY}
    assert faults_of_date("self_review", date(2025, 2, 9), earlier=earlier, today=TODAY) == []


def test_no_more_votes_than_people_r50():
    assert codes(faults_of_votes(present=10, in_favour=11)) == [("in_favour", "more_than_present")]


def test_everybody_may_be_in_favour_r50():
    assert faults_of_votes(present=10, in_favour=10) == []


def test_a_vote_held_anew_after_the_inspection_asks_for_inspection_and_decision_anew_r50_r53():
    held = {
        "staff_deliberation": date(2025, 2, 5),
        "inspection": date(2025, 2, 6),
        "leadership_decision": date(2025, 2, 7),
    }
    assert overtaken_steps("staff_deliberation", date(2025, 2, 8), held=held) == ["inspection", "leadership_decision"]


def test_a_corrected_date_that_keeps_the_order_overtakes_nothing_r50_r53():
    held = {"staff_deliberation": date(2025, 2, 5), "inspection": date(2025, 2, 6)}
    assert overtaken_steps("staff_deliberation", date(2025, 2, 6), held=held) == []


def test_a_self_review_overtakes_nothing_r77():
    held = {"staff_deliberation": date(2025, 2, 5), "self_review": date(2025, 2, 6)}
    assert overtaken_steps("self_review", TODAY, held=held) == []
    assert overtaken_steps("staff_deliberation", TODAY, held=held) == []
