"""Publicity: what is shown, and for how long (R47–R49, R62).

“公示内容包括拟推荐对象基本情况和主要事迹，公示时间不少于5个工作日”. The first day is not counted (民法典 第二百零一条)
unless the campaign says so; the last day is a working day and ends at 24:00 (第二百零三条).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice
from typing import Any

from services.nominations.domain.form_definition import FieldDefinition, FieldType, FormDefinition
from services.nominations.domain.working_days import Calendar

_NEVER_SHOWN = frozenset(
    {
        FieldType.PHONE,
        FieldType.MOBILE,
        FieldType.LANDLINE,
        FieldType.EMAIL,
        FieldType.ADDRESS,
        FieldType.POSTCODE,
        FieldType.RESIDENT_ID,
        FieldType.ATTESTATION,
    }
)


@dataclass(frozen=True, slots=True)
class PublicityRule:
    """How long a notice of one level stands."""

    working_days: int
    count_first_day: bool = False
    place: str = ""


@dataclass(frozen=True, slots=True)
class PublicityPeriod:
    """A period as counted on the day it opened. It runs to the end of `closes_on`."""

    opened_on: date
    closes_on: date
    provisional: bool
    """The period touches a year whose arrangement is not loaded: the last day is not certain yet."""
    calendar_version: str


def publicity_period(rule: PublicityRule, *, opened_on: date, calendar: Calendar) -> PublicityPeriod:
    """Counts the rule's working days from the opening. Raises ValueError for a rule of less than one day."""
    if rule.working_days < 1:
        raise ValueError("a publicity period has at least one working day")
    first = opened_on if rule.count_first_day else opened_on + timedelta(days=1)
    *_, last = islice(calendar.working_days_from(first), rule.working_days)
    provisional = not (calendar.knows(opened_on) and calendar.knows(last))
    return PublicityPeriod(opened_on, last, provisional, calendar.version_of(opened_on, last))


def settled_period(rule: PublicityRule, shown: PublicityPeriod, *, calendar: Calendar) -> PublicityPeriod:
    """A provisional period once the arrangement it waited for is loaded: counted anew, and never over before the day shown.

    The public was told that day; an arrangement that makes a weekend work takes nothing from them (R49).
    """
    if not shown.provisional:
        return shown
    counted = publicity_period(rule, opened_on=shown.opened_on, calendar=calendar)
    return replace(counted, closes_on=max(counted.closes_on, shown.closes_on))


def first_day_after(closes_on: date) -> date:
    """The first day on which the case may go on: the period runs to 24:00 of its last day."""
    return closes_on + timedelta(days=1)


def publicity_content(form: FormDefinition, values: Mapping[str, Any]) -> dict[str, Any]:
    """Basic facts and deeds: printed fields that are public (P0), and never a number, a phone or an address (R48).

    A whitelist: a field of any other class is left out, whatever it holds.
    """
    return {
        definition.key: _without_private(definition, values[definition.key])
        for definition in form.fields
        if definition.sensitivity == "P0"
        and definition.printed
        and definition.type not in _NEVER_SHOWN
        and values.get(definition.key) not in (None, "", [])
    }


def _without_private(definition: FieldDefinition, value: Any) -> Any:
    """The rows of a list stand under its own class; a number, a phone or an address in them is left out as well."""
    private = {item.key for item in definition.items if item.type in _NEVER_SHOWN}
    if not private or not isinstance(value, list):
        return value
    return [{key: said for key, said in row.items() if key not in private} for row in value]


def masked_name(name: str) -> str:
    """王*明, 王*: for titles of links, which wander through chats long after the period is over (R48)."""
    if len(name) < 3:
        return name[:1] + "*" * (len(name) - 1)
    return name[0] + "*" * (len(name) - 2) + name[-1]
