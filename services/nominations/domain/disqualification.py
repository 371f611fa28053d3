"""Circumstances for which an enterprise and its head are not put forward, in every county (R83–R93)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.nominations.domain.campaign import Disqualifier
from services.nominations.domain.facts import Actor
from services.nominations.domain.periods import years_before
from services.nominations.domain.second_person import may_second
from services.nominations.domain.workflow import Role


class LiftingAction(StrEnum):
    """What is done about a circumstance in force that turns out not to hold."""

    PROPOSE = "propose_lifting"  # 提出解除
    SECOND = "second_lifting"  # 复核解除


_OFFICERS = (Role.COUNTY_OFFICER, Role.CITY_OFFICER)
_OFFICES = (*_OFFICERS, Role.COUNTY_REVIEWER, Role.CITY_REVIEWER)


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


def lifting_actions(
    actor: Actor, *, nominee_person_id: str | None, unit_id: str, proposed_by: str | None
) -> list[LiftingAction]:
    """What this actor may do about it: an officer proposes, anybody else of the offices seconds (R97).

    Nobody does either in a case of their own or of their unit. Whoever proposed may only propose anew, with a better reason.
    """
    if actor.person_id == nominee_person_id or actor.organisation_id == unit_id:
        return []
    open_to = {
        LiftingAction.PROPOSE: actor.has(*_OFFICERS),
        LiftingAction.SECOND: actor.has(*_OFFICES) and may_second(actor.person_id, proposed_by=proposed_by),
    }
    return [action for action, holds in open_to.items() if holds]


def _within(rule: Disqualifier, occurred_on: date | None, reference_date: date) -> bool:
    if rule.window_years is None or occurred_on is None:
        return True
    return occurred_on >= years_before(reference_date, rule.window_years)
