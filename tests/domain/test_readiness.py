"""按时、保质、按名额, measured from what the board shows (R111)."""

from datetime import UTC, datetime, timedelta

import pytest

from services.nominations.domain.readiness import is_in_time, readiness
from services.nominations.domain.workflow import Status

COUNTY, CITY_DIRECT = ("unit", "county", "city"), ("unit", "city")
SEATS = {"collective": 1, "individual": 1}
ALL_REPORTED = {key: {("city", Status.UNDER_REVIEW): 1} for key in SEATS}


def measured(cases, *, seats=SEATS, zero=frozenset(), in_time=True, path=COUNTY):
    found = readiness(seats=seats, zero_declared=zero, cases=cases, in_time=in_time, path=path)
    return found.time, found.completeness, found.quota, found.score


def test_everything_reported_in_time_is_whole_r111():
    assert measured(ALL_REPORTED) == (100, 100, 100, 100)


def test_nothing_at_all_is_only_not_late_yet_r111():
    assert measured({}) == (100, 0, 0, 33)


def test_a_late_county_is_not_in_time_whatever_it_has_done_r111():
    assert measured(ALL_REPORTED, in_time=False) == (0, 100, 100, 67)


def test_a_draft_holds_no_seat_and_counts_for_nothing_r111():
    assert measured({"individual": {("unit", Status.DRAFT): 3}}) == (100, 0, 0, 33)


def test_a_declared_zero_is_an_answer_r13_r111():
    assert measured({}, zero=frozenset(SEATS)) == (100, 100, 100, 100)


def test_a_county_without_seats_in_a_category_owes_none_r111():
    cases = {"individual": {("city", Status.UNDER_REVIEW): 1}}
    assert measured(cases, seats={"collective": 0, "individual": 1}) == (100, 100, 100, 100)


def test_a_county_without_any_seat_owes_nothing_r111():
    assert measured({}, seats={"collective": 0, "individual": 0}) == (100, 100, 100, 100)


def test_more_cases_than_seats_of_one_category_do_not_fill_another_r111():
    assert measured({"individual": {("unit", Status.DELIBERATION): 2}})[2] == 50


@pytest.mark.parametrize(
    ("stage", "status", "completeness"),
    [
        ("unit", Status.RETURNED, 0),
        ("unit", Status.DELIBERATION, 17),
        ("unit", Status.DECIDED, 33),
        ("unit", Status.IN_PUBLICITY, 50),
        ("county", Status.UNDER_REVIEW, 67),
        ("county", Status.ENDORSED, 83),
        ("city", Status.RANKED, 100),
    ],
)
def test_each_step_towards_the_city_counts_r111(stage, status, completeness):
    assert measured({"individual": {(stage, status): 1}})[1] == completeness


def test_a_city_level_unit_has_no_county_to_wait_for_r111_a13():
    assert measured({"individual": {("unit", Status.IN_PUBLICITY): 1}}, path=CITY_DIRECT)[1] == 75


@pytest.mark.parametrize(
    ("stage", "status"), [("unit", Status.WITHDRAWN), ("county", Status.REJECTED), ("county", Status.DISQUALIFIED)]
)
def test_what_came_to_nothing_fills_no_seat_r111(stage, status):
    assert measured({"individual": {(stage, status): 1}})[1:3] == (0, 0)


DEADLINE = datetime(2025, 3, 1, tzinfo=UTC)
BEFORE, AFTER = DEADLINE - timedelta(microseconds=1), DEADLINE
OWED = frozenset(SEATS)


def in_time(*, owed=OWED, declared=None, first_report=None, now=AFTER):
    return is_in_time(owed=owed, declared=declared or {}, first_report=first_report, deadline=DEADLINE, now=now)


def test_what_was_reported_before_the_deadline_is_in_time_and_at_the_deadline_it_is_late_r111_r112():
    assert (in_time(first_report=BEFORE), in_time(first_report=AFTER)) == (True, False)


def test_who_has_said_nothing_is_late_from_the_deadline_on_r111_r113():
    assert (in_time(now=BEFORE), in_time(now=AFTER)) == (True, False)


@pytest.mark.parametrize(
    ("declared", "found"),
    [
        ({"collective": BEFORE, "individual": BEFORE}, True),
        ({"collective": BEFORE, "individual": AFTER}, False),
        ({"collective": BEFORE}, False),
    ],
)
def test_zero_is_declared_in_time_once_it_is_of_every_category_with_seats_r13_r111(declared, found):
    assert in_time(declared=declared) is found


def test_what_comes_after_the_first_answer_makes_nobody_late_r111():
    assert in_time(first_report=AFTER, declared=dict.fromkeys(OWED, BEFORE))


def test_who_has_no_seat_owes_nothing_and_is_not_late_r111():
    assert in_time(owed=frozenset())
