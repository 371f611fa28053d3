"""Who fills what, and that each has confirmed it (A30): the notice never says who types.

The nominee fills the nominee's part on a phone, the unit's clerk the unit's part. What was confirmed is fixed by a hash:
a part that changed afterwards is unconfirmed again, and nobody has to remember to say so.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.nominations.domain.form import is_asked, still_asked
from services.nominations.domain.form_definition import FieldDefinition, Finding, FormDefinition, Part

_to_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode
_UNANSWERED: tuple[object, ...] = (None, "", [])


@dataclass(frozen=True, slots=True)
class PartProgress:
    """How far one part is: percent of the questions asked that have an answer, and the keys of those that have none."""

    percent: int
    missing: tuple[str, ...]


def progress(form: FormDefinition, values: Mapping[str, Any]) -> dict[Part, PartProgress]:
    """Only the parts in which the form asks anything: a collective's form has no nominee's part."""
    asked_values = still_asked(form, values)
    found = {}
    for part in Part:
        asked = [definition for definition in form.of_part(part) if is_asked(definition, asked_values)]
        missing = tuple(each.key for each in asked if asked_values.get(each.key) in _UNANSWERED)
        if asked:
            found[part] = PartProgress(100 * (len(asked) - len(missing)) // len(asked), missing)
    return found


def part_hash(form: FormDefinition, values: Mapping[str, Any], part: Part) -> str:
    """SHA-256 of what a part says, whatever the order it was sent in."""
    said = {each.key: values[each.key] for each in form.of_part(part) if each.key in values}
    return hashlib.sha256(_to_json(said).encode()).hexdigest()


def changed_fields(
    form: FormDefinition, before: Mapping[str, Any], after: Mapping[str, Any], part: Part
) -> list[FieldDefinition]:
    """The fields of a part whose answers differ."""
    return [each for each in form.of_part(part) if before.get(each.key) != after.get(each.key)]


def foreign_findings(form: FormDefinition, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Finding]:
    """What a nominee changed in the unit's part: the unit answers for it (R68, R79)."""
    return [
        Finding(f"/form/{each.key}", "not_your_part", f"“{each.label}”由所在单位填写", each.requirement)
        for each in changed_fields(form, before, after, Part.UNIT)
    ]


def filled_with_nothing(form: FormDefinition, values: Mapping[str, Any], keys: frozenset[str]) -> dict[str, str]:
    """The word for “nothing to tell” (R151, R171) for each of these fields that is asked, unanswered and may say so."""
    asked_values = still_asked(form, values)
    return {
        definition.key: definition.blank_as
        for definition in form.fields
        if definition.key in keys
        and definition.blank_as is not None
        and is_asked(definition, asked_values)
        and asked_values.get(definition.key) in _UNANSWERED
    }
