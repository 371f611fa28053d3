"""Reads the calendars of working days: one file per year, as the State Council arranged it.

Strictly: a mistyped year or a range back to front would move the last day of a publicity notice without a word (R49).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from services.nominations.campaigns.campaign_files import CampaignFileBroken, read_days, read_yaml
from services.nominations.domain.working_days import Calendar

_KEYS = {"year", "version", "source", "holidays", "working_weekends"}
_DECEMBER = 12
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class _Year:
    number: int
    version: str
    holidays: set[date]
    working_weekends: set[date]


def read_calendar(folder: Path) -> Calendar:
    """All years of the folder in one calendar. Raises CampaignFileBroken."""
    holidays: set[date] = set()
    working_weekends: set[date] = set()
    versions: dict[int, str] = {}
    for path in sorted(folder.glob("*.yaml")):
        year = _read_year(path)
        if year.number in versions:
            raise CampaignFileBroken(f"{path}: year {year.number} stands in another file too")
        holidays |= year.holidays
        working_weekends |= year.working_weekends
        versions[year.number] = year.version
    return Calendar(frozenset(holidays), frozenset(working_weekends), versions)


def _read_year(path: Path) -> _Year:
    data = read_yaml(path)
    try:
        return _year(data)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise CampaignFileBroken(f"{path}: {error}") from None


def _year(data: Any) -> _Year:
    if not isinstance(data, dict) or data.keys() != _KEYS:
        raise ValueError(f"must have {', '.join(sorted(_KEYS))}, and nothing else")
    if type(data["year"]) is not int or type(data["version"]) is not int:
        raise ValueError("year and version must be whole numbers")
    year = _Year(
        number=data["year"],
        version=str(data["version"]),
        holidays=read_days([each["days"] for each in data["holidays"]]),
        working_weekends={date.fromisoformat(day) for day in data["working_weekends"]},
    )
    _refuse_strays(year.number, year.holidays | year.working_weekends)
    for day in sorted(year.working_weekends):
        if day.weekday() < _SATURDAY:
            raise ValueError(f"{day} is no weekend")
        if day in year.holidays:
            raise ValueError(f"{day} cannot both work and rest")
    return year


def _refuse_strays(year: int, days: Iterable[date]) -> None:
    """The holiday of New Year's Day may begin in the December before."""
    for day in sorted(days):
        if day.year != year and (day.year, day.month) != (year - 1, _DECEMBER):
            raise ValueError(f"{day} is not in {year}")
