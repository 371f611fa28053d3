from dataclasses import replace
from datetime import date

import pytest

from services.nominations.domain.publicity import (
    PublicityPeriod,
    PublicityRule,
    first_day_after,
    publicity_period,
    settled_period,
)
from services.nominations.domain.working_days import Calendar


def days(month: int, first: int, last: int, year: int = 2025) -> set[date]:
    return {date(year, month, day) for day in range(first, last + 1)}


CALENDAR = Calendar(
    holidays=frozenset(
        days(1, 1, 1) | days(1, 28, 31) | days(2, 1, 4) | days(4, 4, 6) | days(5, 1, 5) | {date(2025, 5, 31)}
        | days(6, 1, 2) | days(10, 1, 8) | days(1, 1, 3, 2026) | days(2, 15, 23, 2026) | days(10, 1, 7, 2026)
    ),
    working_weekends=frozenset(
        {date(2025, 1, 26), date(2025, 2, 8), date(2025, 4, 27), date(2025, 9, 28), date(2025, 10, 11)}
        | {date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 9, 20), date(2026, 10, 10)}
    ),
    versions={2025: "1", 2026: "1"},
)  # fmt: skip

# posted, last day with the first day not counted (民法典 第二百零一条), last day with it counted
PERIODS = [
    ("2025-01-26", "2025-02-08", "2025-02-07"),
    ("2025-01-27", "2025-02-10", "2025-02-08"),
    ("2025-02-05", "2025-02-11", "2025-02-10"),
    ("2025-02-07", "2025-02-13", "2025-02-12"),
    ("2025-02-08", "2025-02-14", "2025-02-13"),
    ("2025-02-20", "2025-02-27", "2025-02-26"),
    ("2025-02-21", "2025-02-28", "2025-02-27"),
    ("2025-02-22", "2025-02-28", "2025-02-28"),
    ("2025-04-25", "2025-05-06", "2025-04-30"),
    ("2025-09-26", "2025-10-10", "2025-10-09"),
    ("2025-09-29", "2025-10-13", "2025-10-11"),
    ("2026-02-12", "2026-02-26", "2026-02-25"),
    ("2026-09-30", "2026-10-13", "2026-10-12"),
]


def closes(opened_on: str, rule: PublicityRule) -> str:
    return publicity_period(rule, opened_on=date.fromisoformat(opened_on), calendar=CALENDAR).closes_on.isoformat()


@pytest.mark.parametrize(("posted", "expected"), [(row[0], row[1]) for row in PERIODS])
def test_five_working_days_end_here_when_the_first_day_is_not_counted_r49(posted, expected):
    assert closes(posted, PublicityRule(5)) == expected


@pytest.mark.parametrize(("posted", "expected"), [(row[0], row[2]) for row in PERIODS])
def test_five_working_days_end_here_when_the_first_day_is_counted_a16(posted, expected):
    assert closes(posted, PublicityRule(5, count_first_day=True)) == expected


def test_the_case_goes_on_the_day_after_the_last_day():
    assert first_day_after(date(2025, 2, 13)) == date(2025, 2, 14)


def test_the_campaign_window_holds_twenty_one_working_days():
    window = [date.fromordinal(day) for day in range(date(2025, 1, 26).toordinal(), date(2025, 3, 1).toordinal())]
    assert sum(map(CALENDAR.is_working_day, window)) == 21


def test_a_period_into_a_year_without_arrangement_is_provisional():
    period = publicity_period(PublicityRule(5), opened_on=date(2026, 12, 28), calendar=CALENDAR)
    assert (period.provisional, period.calendar_version) == (True, "2026@1,2027@none")


def test_a_period_within_loaded_years_is_final_and_names_its_calendar():
    period = publicity_period(PublicityRule(5), opened_on=date(2025, 2, 7), calendar=CALENDAR)
    assert (period.provisional, period.calendar_version) == (False, "2025@1")


@pytest.mark.parametrize(
    ("posted", "closes_on", "version", "provisional"),
    [
        ("2026-12-17", "2026-12-24", "2026@1", False),
        ("2026-12-18", "2026-12-25", "2026@1,2027@none", True),
        ("2026-12-24", "2026-12-31", "2026@1,2027@none", True),
        ("2025-12-24", "2025-12-31", "2025@1,2026@1", False),
    ],
)
def test_the_last_days_of_december_wait_for_the_next_years_arrangement_r49(posted, closes_on, version, provisional):
    period = publicity_period(PublicityRule(5), opened_on=date.fromisoformat(posted), calendar=CALENDAR)
    assert (period.closes_on.isoformat(), period.calendar_version, period.provisional) == (
        closes_on,
        version,
        provisional,
    )


def test_the_last_days_of_december_are_known_when_both_arrangements_are_r49():
    days_of_2027 = replace(CALENDAR, versions={2027: "1"})
    assert (days_of_2027.knows(date(2026, 12, 28)), days_of_2027.knows(date(2027, 1, 4))) == (False, True)


def test_a_period_out_of_a_year_without_arrangement_is_provisional():
    days_of_2027 = replace(CALENDAR, versions={2027: "1"})
    period = publicity_period(PublicityRule(5), opened_on=date(2026, 12, 30), calendar=days_of_2027)
    assert (period.closes_on, period.provisional, period.calendar_version) == (
        date(2027, 1, 6),
        True,
        "2026@none,2027@1",
    )


def test_a_holiday_that_begins_in_december_moves_the_last_day_once_it_is_known_r49():
    shown = publicity_period(PublicityRule(5), opened_on=date(2026, 12, 24), calendar=CALENDAR)
    calendar = with_2027(resting={date(2026, 12, 31), date(2027, 1, 1)}, working=set())
    settled = settled_period(PublicityRule(5), shown, calendar=calendar)
    assert (shown.closes_on, settled.closes_on, settled.provisional) == (date(2026, 12, 31), date(2027, 1, 4), False)


def test_a_rule_of_no_days_is_refused():
    with pytest.raises(ValueError, match="at least one working day"):
        publicity_period(PublicityRule(0), opened_on=date(2025, 2, 7), calendar=CALENDAR)


def into_2027() -> PublicityPeriod:
    return publicity_period(PublicityRule(5), opened_on=date(2026, 12, 28), calendar=CALENDAR)


def with_2027(*, resting: set[date], working: set[date]) -> Calendar:
    versions = CALENDAR.versions | {2027: "1"}
    return Calendar(CALENDAR.holidays | resting, CALENDAR.working_weekends | working, versions)


def test_without_the_next_year_a_provisional_period_stays_as_it_is_r49():
    assert settled_period(PublicityRule(5), into_2027(), calendar=CALENDAR) == into_2027()


def test_the_next_years_arrangement_settles_a_period_that_waited_for_it_r49():
    calendar = with_2027(resting={date(2027, 1, 1), date(2027, 1, 4)}, working=set())
    period = settled_period(PublicityRule(5), into_2027(), calendar=calendar)
    assert (period.closes_on, period.provisional, period.calendar_version) == (
        date(2027, 1, 6),
        False,
        "2026@1,2027@1",
    )


def test_a_period_is_never_over_before_the_day_that_was_shown_r49():
    calendar = with_2027(resting=set(), working={date(2027, 1, 2), date(2027, 1, 3)})
    assert settled_period(PublicityRule(5), into_2027(), calendar=calendar).closes_on == into_2027().closes_on


def test_a_period_that_was_certain_is_not_counted_again_r49():
    period = publicity_period(PublicityRule(5), opened_on=date(2025, 2, 7), calendar=CALENDAR)
    calendar = with_2027(resting={date(2025, 2, 10)}, working=set())
    assert settled_period(PublicityRule(5), period, calendar=calendar) == period
