"""Working days by the State Council's arrangements (调休): weekends that work, weekdays that rest.

A year whose arrangement is not published yet can be counted only provisionally, as Monday to Friday. The last days of a
December belong to two arrangements: New Year's holiday may begin in them, and their weekend be worked for it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5
_NEXT_YEARS_DAYS = (12, 25)
"""From this day of December on the arrangement of the next year decides as well: 2018-12-31 rested by that of 2019."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The loaded arrangements. `versions` names, by year, the arrangement that was loaded."""

    holidays: frozenset[date]
    working_weekends: frozenset[date]
    versions: dict[int, str] = field(default_factory=dict)

    def knows(self, day: date) -> bool:
        """Whether every arrangement that can decide about the day is loaded."""
        return all(year in self.versions for year in _years_about(day))

    def is_working_day(self, day: date) -> bool:
        """For a year that is not loaded: Monday to Friday, which the arrangement may still change."""
        if day.weekday() >= _SATURDAY:
            return day in self.working_weekends
        return day not in self.holidays

    def working_days_from(self, day: date) -> Iterator[date]:
        """The working days from `day` on, itself included when it is one."""
        while True:
            if self.is_working_day(day):
                yield day
            day += _ONE_DAY

    def version_of(self, first: date, last: date) -> str:
        """Names the arrangements that a period was counted by, such as `2025@1,2026@1`."""
        years = range(first.year, _years_about(last)[-1] + 1)
        return ",".join(f"{year}@{self.versions.get(year, 'none')}" for year in years)


def _years_about(day: date) -> tuple[int, ...]:
    return (day.year, day.year + 1) if (day.month, day.day) >= _NEXT_YEARS_DAYS else (day.year,)
