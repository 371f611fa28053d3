"""The periods of a résumé, in months. What is not dated yet, or dated wrongly, is left out: the form names it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.nominations.domain.field_checks import year_month_is_valid


@dataclass(frozen=True, slots=True)
class Period:
    """One row of a résumé: its place in the list, and its first and last month as month numbers."""

    index: int
    start: int
    end: int


_SCHOOLING = re.compile(
    "(?!学习$)(?:.{1,30}专业)?(?:在校|全日制)?(?:大学|大专|中专|技校|高中|初中|本科|专科|硕士|博士|研究生?)*"
    "(?:学生|生|学习|就读|在读)"
)
"""Posts that are no work: 学生, 本科生, 机械专业学习. A paid leave to study (脱产学习) and 学生处 are work."""


def working_rows(resume: object) -> list[Mapping[str, Any]]:
    """The rows of a résumé that tell of work, not of school (R30)."""
    rows = resume if isinstance(resume, list) else []
    return [row for row in rows if not _SCHOOLING.fullmatch("".join(str(row.get("post") or "").split()))]


def month_number(day: date) -> int:
    """Months since year 0: what makes months subtractable."""
    return day.year * 12 + day.month


def years_before(day: date, years: int) -> date:
    """The same day so many years earlier; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def dated_periods(resume: object, *, today: date) -> Iterator[Period]:
    """The rows that have dates. A row without an end lasts until today."""
    for index, row in enumerate(resume if isinstance(resume, list) else []):
        start, end = str(row.get("from") or ""), str(row.get("to") or f"{today.year:04}-{today.month:02}")
        if year_month_is_valid(start) and year_month_is_valid(end):
            yield Period(index, _number(start), _number(end))


def months_covered(periods: Iterable[Period], *, until: int) -> int:
    """The length of all periods together up to a month, overlaps counted once.

    People write 2020-01 to 2022-06 and go on in 2022-07: the step to the next month is no gap and costs no month.
    """
    total, reached = 0, None
    for period in sorted(periods, key=lambda period: period.start):
        end = min(period.end, until)
        start = reached if reached is not None and period.start - reached <= 1 else period.start
        total += max(0, end - start)
        reached = max(reached or end, end)
    return total


def _number(year_month: str) -> int:
    return int(year_month[:4]) * 12 + int(year_month[5:])
