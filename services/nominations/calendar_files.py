"""Reads the calendars of working days: one file per year, as the State Council arranged it."""

from datetime import date
from pathlib import Path

from services.nominations.campaign_files import read_days, read_yaml
from services.nominations.domain.working_days import Calendar


def read_calendar(folder: Path) -> Calendar:
    """All years of the folder in one calendar. Raises CampaignFileBroken."""
    holidays: set[date] = set()
    working_weekends: set[date] = set()
    versions: dict[int, str] = {}
    for path in sorted(folder.glob("*.yaml")):
        year = read_yaml(path)
        holidays |= read_days([each["days"] for each in year["holidays"]])
        working_weekends |= {date.fromisoformat(day) for day in year["working_weekends"]}
        versions[year["year"]] = str(year["version"])
    return Calendar(frozenset(holidays), frozenset(working_weekends), versions)
