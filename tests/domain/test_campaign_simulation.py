"""The calendar before a notice is published: last safe days, the window's working days, 差额, and what to warn of."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from services.nominations.campaigns.calendar_files import read_calendar
from services.nominations.domain.campaign import Campaign
from services.nominations.domain.campaign_simulation import Simulation, simulate
from services.nominations.domain.publicity import PublicityRule, publicity_period
from services.nominations.domain.working_days import Calendar
from tests.domain.the_campaign import the_campaign

NOTICE = the_campaign()
CALENDAR = read_calendar(Path("campaigns/calendars"))
ISSUED = date(2025, 1, 26)
BEIJING = ZoneInfo("Asia/Shanghai")


def played(campaign: Campaign = NOTICE, *, first_day: date = ISSUED, calendar: Calendar = CALENDAR) -> Simulation:
    return simulate(campaign, calendar, first_day=first_day)


def due(day: int, hour: int, month: int = 2) -> Campaign:
    return replace(NOTICE, materials_deadline=datetime(2025, month, day, hour, tzinfo=BEIJING))


def warnings(simulation: Simulation, about: str) -> list[str]:
    return [warning for warning in simulation.warnings if about in warning]


def test_the_window_of_the_notice_holds_exactly_twenty_one_working_days():
    assert (played().first_day, played().last_day, played().working_days) == (ISSUED, date(2025, 2, 28), 21)


def test_the_last_safe_day_of_the_notice_is_20_february_r49_r112():
    plan = played().paths[0]
    assert (plan.last_opening, plan.closes_on, plan.working_days_left) == (date(2025, 2, 20), date(2025, 2, 27), 1)


@pytest.mark.parametrize("day", range(21, 29))
def test_no_publicity_opened_after_it_closes_before_the_deadlines_own_day(day: int):
    period = publicity_period(NOTICE.publicity["unit"], opened_on=date(2025, 2, day), calendar=CALENDAR)
    assert period.closes_on >= date(2025, 2, 28)


def test_the_next_working_day_is_told_as_too_late():
    assert warnings(played(), "最迟2025年2月20日") == [
        "各推荐单位：最迟2025年2月20日（周四）发布单位公示；2025年2月21日（周五）发布的要到2025年2月28日（周五）24时才期满，来不及报送",
        "市级：最迟2025年2月20日（周四）发布单位公示；2025年2月21日（周五）发布的要到2025年2月28日（周五）24时才期满，来不及报送",
    ]


def test_each_level_below_the_last_should_have_a_working_day_of_its_own():
    assert [(plan.name, plan.advised_opening) for plan in played().paths] == [
        ("default", date(2025, 2, 19)),
        ("city_direct", date(2025, 2, 20)),
    ]


def test_the_advised_day_is_told_where_it_differs():
    assert warnings(played(), "建议") == [
        "各推荐单位：最迟一天发布的，公示期满后只剩1个工作日逐级审核报送，建议不晚于2025年2月19日（周三）发布"
    ]


def test_a_window_without_room_for_every_level_says_so():
    plan = warnings(played(due(28, 18), first_day=date(2025, 2, 20)), "无法给各级各留一天")
    assert plan == ["各推荐单位：最迟一天发布的，公示期满后只剩1个工作日逐级审核报送，无法给各级各留一天"]


def test_a_path_names_who_goes_it():
    names = [plan.quota_units for plan in played().paths]
    assert (names[0][:2], len(names[0]), names[1]) == (("忻府区", "原平市"), 15, ("市级",))


def test_a_path_that_nobody_goes_is_not_warned_of():
    everybody = {row.quota_unit: ("unit", "city") for row in NOTICE.quotas}
    simulation = played(replace(NOTICE, paths=NOTICE.paths | everybody))
    assert (simulation.paths[0].quota_units, warnings(simulation, "各推荐单位")) == ((), [])


def test_a_deadline_within_the_day_ends_on_that_day():
    assert (played(due(28, 18)).last_day, played(due(28, 18)).paths[0].last_opening) == (
        date(2025, 2, 28),
        date(2025, 2, 20),
    )


def test_a_window_too_short_for_any_publicity_has_no_safe_day():
    simulation = played(first_day=date(2025, 2, 21))
    assert (simulation.paths[0].last_opening, simulation.paths[0].closes_on, simulation.paths[0].working_days_left) == (
        None,
        None,
        0,
    )
    assert warnings(simulation, "没有一天") == [
        "各推荐单位：在8天内没有一天发布单位公示能在材料报送截止前期满",
        "市级：在8天内没有一天发布单位公示能在材料报送截止前期满",
    ]


def test_a_publicity_opened_on_22_february_cannot_close_before_the_28th_and_that_is_warned_of_r49_r112():
    assert warnings(played(first_day=date(2025, 2, 22)), "各推荐单位：2025") == [
        "各推荐单位：2025年2月22日（周六）发布的要到2025年2月28日（周五）24时才期满，来不及报送"
    ]


def test_a_publicity_short_enough_for_the_last_working_day_is_not_warned_of():
    """Opened on Thursday and over that day: on Friday, when materials are due, nothing can be opened too late."""
    unit = {"unit": PublicityRule(working_days=1, count_first_day=True)}
    simulation = played(replace(due(1, 0, month=3), publicity=unit), first_day=date(2025, 2, 27))
    assert (simulation.paths[0].last_opening, simulation.later_publicity) == (date(2025, 2, 27), {})


def test_no_later_working_day_is_none_too_late():
    """Due on a Sunday: on the Saturday before nothing is late that a working day could bring."""
    unit = {"unit": PublicityRule(working_days=1, count_first_day=True)}
    simulation = played(replace(due(23, 18), publicity=unit, paths={"default": ("unit",)}), first_day=date(2025, 2, 17))
    assert (simulation.paths[0].last_opening, warnings(simulation, "来不及")) == (date(2025, 2, 21), [])


def test_deadlines_on_working_days_stay_where_they_are_r41():
    assert [(each.day, each.moved_to) for each in played().deadlines] == [
        (date(2025, 2, 8), None),
        (date(2025, 2, 28), None),
    ]


def test_a_deadline_on_a_day_of_rest_is_warned_of_with_the_next_working_day():
    campaign = replace(NOTICE, contact_form_due=date(2025, 2, 2))
    assert warnings(played(campaign), "联络表") == [
        "联络表报送截止日2025年2月2日（周日）不是工作日，下一个工作日是2025年2月5日（周三）"
    ]


def test_the_citys_publicity_follows_on_the_first_working_day_after_the_deadline_r62():
    assert {level: (each.opened_on, each.closes_on) for level, each in played().later_publicity.items()} == {
        "city": (date(2025, 3, 3), date(2025, 3, 10))
    }


def test_more_are_nominated_than_reported_and_who_has_no_seat_is_named_r14_r18():
    individual, collective = played().competition
    assert (individual.nominated, individual.final_quota, individual.without_seat) == (20, 8, ())
    assert (collective.nominated, collective.final_quota, len(collective.without_seat)) == (8, 4, 8)


def test_units_without_a_seat_are_told():
    assert warnings(played(), "没有名额") == [
        "山西省制造业振兴升级先进集体：8个推荐单位没有名额：宁武县、静乐县、神池县、五寨县、岢岚县、河曲县、保德县、偏关县"
    ]


@pytest.mark.parametrize(
    ("final_quota", "words"),
    [(20, "推荐名额与上报名额同为20个，没有差额"), (21, "推荐名额20个，少于上报名额21个")],
)
def test_no_margin_is_warned_of_r18(final_quota: int, words: str):
    individual, collective = NOTICE.categories
    campaign = replace(NOTICE, categories=(replace(individual, final_quota=final_quota), collective))
    assert warnings(played(campaign), "上报名额") == [f"山西省制造业振兴升级先进个人：{words}"]


def test_a_year_without_a_calendar_is_provisional_r49():
    calendar = Calendar(frozenset(), frozenset(), {2024: "1"})
    assert warnings(played(calendar=calendar), "放假安排") == [
        "2025年放假安排尚未载入，工作日暂按周一至周五推算，公示截止日期待定"
    ]


def test_a_start_after_the_deadline_is_told():
    assert warnings(played(first_day=date(2025, 3, 5)), "晚于") == [
        "起始日2025年3月5日（周三）晚于材料报送截止日2025年2月28日（周五）"
    ]
