"""Circumstances for which an enterprise and its head are not put forward, in every county (R83–R93)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from services.nominations.domain.campaign import Disqualifier
from services.nominations.domain.periods import years_before


@dataclass(frozen=True, slots=True)
class FoundCircumstance:
    """What was found of a firm or a person: the disqualifier, and the day it happened where that matters."""

    disqualifier: str
    occurred_on: date | None


def bars(
    found: Iterable[FoundCircumstance], disqualifiers: Sequence[Disqualifier], *, reference_date: date
) -> list[Disqualifier]:
    """The disqualifiers that stand against a case, each once, in the order of the notice.

    “近五年” counts back from the campaign's reference date (A14). A circumstance without a day is taken as recent.
    """
    rules = {each.key: each for each in disqualifiers}
    standing = {
        circumstance.disqualifier
        for circumstance in found
        if circumstance.disqualifier in rules
        and _within(rules[circumstance.disqualifier], circumstance.occurred_on, reference_date)
    }
    return [each for each in disqualifiers if each.key in standing]


def _within(rule: Disqualifier, occurred_on: date | None, reference_date: date) -> bool:
    if rule.window_years is None or occurred_on is None:
        return True
    return occurred_on >= years_before(reference_date, rule.window_years)
