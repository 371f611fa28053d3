"""The calendar of a campaign before its notice is published: what can still be done when, and what will not work out.

A unit's publicity must be over before materials are due: the case goes up only on the day after its last day (R47–R49, R112).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.nominations.domain.campaign import Campaign
from services.nominations.domain.publicity import PublicityPeriod, PublicityRule, first_day_after, publicity_period
from services.nominations.domain.workflow import FIRST_STAGE
from services.nominations.domain.working_days import Calendar

_ONE_DAY = timedelta(days=1)
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day on which something is due. `moved_to` is the next working day where it is none itself."""

    label: str
    day: date
    moved_to: date | None


@dataclass(frozen=True, slots=True)
class PathPlan:
    """One way up: who goes it, and how late its unit publicity may be opened."""

    name: str
    stages: tuple[str, ...]
    quota_units: tuple[str, ...]
    last_opening: date | None
    """The last day on which a unit's publicity can be opened and end before the deadline; None where there is none."""
    closes_on: date | None
    working_days_left: int
    """After the last possible opening's publicity, until the deadline."""
    advised_opening: date | None
    """The last opening that leaves every level below the last one a working day of its own."""


@dataclass(frozen=True, slots=True)
class Competition:
    """差额: how many are nominated for how many places, and who has no seat (R14–R18)."""

    category: str
    title: str
    nominated: int
    final_quota: int
    without_seat: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Simulation:
    """Everything that the calendar and the quota table decide beforehand."""

    first_day: date
    last_day: date
    working_days: int
    deadlines: tuple[Deadline, ...]
    paths: tuple[PathPlan, ...]
    later_publicity: Mapping[str, PublicityPeriod]
    """By level above the unit: opened on the first working day after the deadline."""
    competition: tuple[Competition, ...]
    warnings: tuple[str, ...]


def simulate(campaign: Campaign, calendar: Calendar, *, first_day: date) -> Simulation:
    """Plays the calendar from `first_day` on, such as the day on which the notice is issued."""
    last_day = _last_day(campaign)
    days = _days(first_day, last_day)
    deadlines = tuple(_deadlines(campaign, calendar, last_day))
    paths = tuple(_plan(campaign, calendar, name, days) for name in campaign.paths)
    competition = tuple(_competition(campaign))
    after = next(calendar.working_days_from(first_day_after(last_day)))
    return Simulation(
        first_day=first_day,
        last_day=last_day,
        working_days=sum(map(calendar.is_working_day, days)),
        deadlines=deadlines,
        paths=paths,
        later_publicity={
            level: publicity_period(rule, opened_on=after, calendar=calendar)
            for level, rule in campaign.publicity.items()
            if level != FIRST_STAGE
        },
        competition=competition,
        warnings=(
            *_about_the_window(first_day, last_day),
            *_about_the_calendar(calendar, first_day, after),
            *(warning for deadline in deadlines for warning in _about_a_deadline(deadline)),
            *(
                warning
                for plan in paths
                if plan.quota_units
                for warning in _about_a_path(campaign, calendar, plan, days)
            ),
            *(warning for each in competition for warning in _about_the_competition(each)),
        ),
    )


def chinese_day(day: date) -> str:
    """Such as 2025年2月20日（周四）."""
    return f"{day.year}年{day.month}月{day.day}日（周{_WEEKDAYS[day.weekday()]}）"


def _last_day(campaign: Campaign) -> date:
    """A deadline at 24:00 belongs to the day that it ends."""
    return campaign.local_day(campaign.materials_deadline - timedelta(microseconds=1))


def _days(first: date, last: date) -> list[date]:
    return [date.fromordinal(day) for day in range(first.toordinal(), last.toordinal() + 1)]


def _deadlines(campaign: Campaign, calendar: Calendar, last_day: date) -> Iterator[Deadline]:
    for label, day in (("联络表报送", campaign.contact_form_due), ("推荐材料报送", last_day)):
        moved = None if calendar.is_working_day(day) else next(calendar.working_days_from(day))
        yield Deadline(label, day, moved)


def _plan(campaign: Campaign, calendar: Calendar, name: str, days: list[date]) -> PathPlan:
    stages = campaign.paths[name]
    named = {unit for unit in campaign.paths if unit != "default"}
    units = tuple(
        row.name
        for row in campaign.quotas
        if row.quota_unit == name or (name == "default" and row.quota_unit not in named)
    )
    rule = campaign.publicity[FIRST_STAGE]
    last = _last_opening(campaign, calendar, rule, days, spare=0)
    closes_on = None if last is None else publicity_period(rule, opened_on=last, calendar=calendar).closes_on
    return PathPlan(
        name=name,
        stages=stages,
        quota_units=units,
        last_opening=last,
        closes_on=closes_on,
        working_days_left=0 if closes_on is None else _left(calendar, closes_on, days),
        advised_opening=_last_opening(campaign, calendar, rule, days, spare=len(stages) - 1),
    )


def _last_opening(
    campaign: Campaign, calendar: Calendar, rule: PublicityRule, days: list[date], *, spare: int
) -> date | None:
    """The last day whose publicity is over before the deadline and leaves so many working days."""
    for day in reversed(days):
        closes_on = publicity_period(rule, opened_on=day, calendar=calendar).closes_on
        if (
            _midnight_after(campaign, closes_on) < campaign.materials_deadline
            and _left(calendar, closes_on, days) >= spare
        ):
            return day
    return None


def _left(calendar: Calendar, closes_on: date, days: list[date]) -> int:
    return sum(calendar.is_working_day(day) for day in days if day > closes_on)


def _midnight_after(campaign: Campaign, day: date) -> datetime:
    return datetime.combine(first_day_after(day), time(), tzinfo=ZoneInfo(campaign.timezone))


def _competition(campaign: Campaign) -> Iterator[Competition]:
    for category in campaign.categories:
        seats = {row.name: row.seats[category.key] for row in campaign.quotas}
        yield Competition(
            category=category.key,
            title=category.title,
            nominated=sum(seats.values()),
            final_quota=category.final_quota,
            without_seat=tuple(name for name, count in seats.items() if count == 0),
        )


def _about_the_window(first_day: date, last_day: date) -> Iterator[str]:
    if first_day > last_day:
        yield f"起始日{chinese_day(first_day)}晚于材料报送截止日{chinese_day(last_day)}"


def _about_the_calendar(calendar: Calendar, first_day: date, last_day: date) -> Iterator[str]:
    for year in range(first_day.year, last_day.year + 1):
        if not calendar.knows(date(year, 1, 1)):
            yield f"{year}年放假安排尚未载入，工作日暂按周一至周五推算，公示截止日期待定"


def _about_a_deadline(deadline: Deadline) -> Iterator[str]:
    if deadline.moved_to is not None:
        yield f"{deadline.label}截止日{chinese_day(deadline.day)}不是工作日，下一个工作日是{chinese_day(deadline.moved_to)}"


def _about_a_path(campaign: Campaign, calendar: Calendar, plan: PathPlan, days: list[date]) -> Iterator[str]:
    who = "、".join(plan.quota_units) if plan.name != "default" else "各推荐单位"
    rule = campaign.publicity[FIRST_STAGE]
    if plan.last_opening is None:
        yield f"{who}：在{len(days)}天内没有一天发布单位公示能在材料报送截止前期满"
        if days:
            yield f"{who}：{_too_late(rule, days[0], calendar)}"
        return
    late = next((day for day in days if day > plan.last_opening and calendar.is_working_day(day)), None)
    if late is not None:
        yield f"{who}：最迟{chinese_day(plan.last_opening)}发布单位公示；{_too_late(rule, late, calendar)}"
    if plan.advised_opening != plan.last_opening:
        advice = f"建议不晚于{chinese_day(plan.advised_opening)}发布" if plan.advised_opening else "无法给各级各留一天"
        yield f"{who}：最迟一天发布的，公示期满后只剩{plan.working_days_left}个工作日逐级审核报送，{advice}"


def _too_late(rule: PublicityRule, opened_on: date, calendar: Calendar) -> str:
    closes_on = publicity_period(rule, opened_on=opened_on, calendar=calendar).closes_on
    return f"{chinese_day(opened_on)}发布的要到{chinese_day(closes_on)}24时才期满，来不及报送"


def _about_the_competition(each: Competition) -> Iterator[str]:
    if each.nominated < each.final_quota:
        yield f"{each.title}：推荐名额{each.nominated}个，少于上报名额{each.final_quota}个"
    elif each.nominated == each.final_quota:
        yield f"{each.title}：推荐名额与上报名额同为{each.nominated}个，没有差额"
    if each.without_seat:
        yield f"{each.title}：{len(each.without_seat)}个推荐单位没有名额：{'、'.join(each.without_seat)}"
