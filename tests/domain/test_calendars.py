"""The calendars we ship say the same as an independent source."""

from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest

from services.nominations.campaigns.calendar_files import read_calendar
from services.nominations.campaigns.campaign_files import read_yaml
from services.nominations.domain.publicity import PublicityRule, publicity_period
from tests.domain.test_working_days import PERIODS

FOLDER = Path("campaigns/calendars")
CALENDAR = read_calendar(FOLDER)


@pytest.mark.parametrize("year", [2025, 2026])
def test_every_day_agrees_with_chinesecalendar(year):
    days = [date(year, 1, 1) + timedelta(days=number) for number in range(365)]
    assert [day for day in days if CALENDAR.is_working_day(day) != chinese_calendar.is_workday(day)] == []


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_calendar_names_the_paper_it_was_taken_from(path):
    assert read_yaml(path)["source"].startswith("https://www.gov.cn/zhengce/zhengceku/")


def test_the_years_of_the_campaign_are_loaded():
    assert sorted(CALENDAR.versions) == [2025, 2026]


def test_a_notice_of_7_february_2025_runs_to_the_end_of_the_13th_r49():
    period = publicity_period(PublicityRule(5), opened_on=date(2025, 2, 7), calendar=CALENDAR)
    assert (period.closes_on, period.provisional) == (date(2025, 2, 13), False)


@pytest.mark.parametrize(("posted", "uncounted", "counted"), PERIODS)
def test_the_calendars_we_ship_end_every_period_of_the_table_r49_a16(posted, uncounted, counted):
    rules = (PublicityRule(5), PublicityRule(5, count_first_day=True))
    periods = [publicity_period(rule, opened_on=date.fromisoformat(posted), calendar=CALENDAR) for rule in rules]
    assert [each.closes_on.isoformat() for each in periods] == [uncounted, counted]


def test_a_notice_that_crosses_into_a_loaded_year_is_final():
    period = publicity_period(PublicityRule(5), opened_on=date(2025, 12, 29), calendar=CALENDAR)
    assert (period.closes_on, period.provisional) == (date(2026, 1, 6), False)
