"""A form of the notice: what a draft may hold, what stands against submitting it.

“所有表格不可空白，对无相关情况的栏目，请填写“无”” (R151, R171).
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from services.nominations.domain.cross_checks import cross_findings
from services.nominations.domain.field_checks import faults_of
from services.nominations.domain.form_definition import (
    NOTHING,
    FieldDefinition,
    FieldType,
    Finding,
    FormDefinition,
)
from services.nominations.domain.form_drafts import accept_draft

__all__ = ["accept_draft", "check_form", "is_asked", "still_asked"]

_UNANSWERED: tuple[object, ...] = (None, "", [])


def check_form(form: FormDefinition, values: Mapping[str, Any], *, today: date) -> list[Finding]:
    """Every problem at once, in the order of the form; then the rules that join fields."""
    findings: list[Finding] = []
    values = still_asked(form, values)
    for definition in form.fields:
        value = values.get(definition.key)
        pointer = f"/form/{definition.key}"
        if value in _UNANSWERED:
            findings += _missing(definition, values, pointer)
        elif value == NOTHING and definition.blank_as is None and is_asked(definition, values):
            message = f"“{definition.label}”不能填“{NOTHING}”"
            findings.append(Finding(pointer, "required", message, definition.requirement))
        elif value != definition.blank_as or definition.blank_as is None:
            findings += _wrong(definition, value, pointer, today)
    return [*findings, *cross_findings(values, today=today)]


def is_asked(definition: FieldDefinition, values: Mapping[str, Any]) -> bool:
    """Whether the form needs an answer here, given the others."""
    return definition.required if definition.required_if is None else definition.required_if.holds(values)


def still_asked(form: FormDefinition, values: Mapping[str, Any]) -> dict[str, Any]:
    """Without the answers to questions that a later answer has hidden: they are kept in the draft and not judged."""
    asked = dict(values)
    for definition in form.fields:
        if definition.required_if is not None and not definition.required_if.holds(asked):
            asked.pop(definition.key, None)
    return asked


def _missing(definition: FieldDefinition, values: Mapping[str, Any], pointer: str) -> Iterator[Finding]:
    if not is_asked(definition, values):
        return
    if definition.type is FieldType.ATTESTATION:
        yield Finding(pointer, "attestation_missing", f"请确认：{definition.label}", definition.requirement)
        return
    yield Finding(pointer, "required", f"请填写{definition.label}{_hint(definition)}", definition.requirement)


def _hint(definition: FieldDefinition) -> str:
    return f"，没有的请填“{definition.blank_as}”" if definition.blank_as else ""


def _wrong(definition: FieldDefinition, value: Any, pointer: str, today: date) -> Iterator[Finding]:
    if definition.type is FieldType.LIST:
        if len(value) < definition.min_items:
            message = f"“{definition.label}”至少{definition.min_items}条"
            yield Finding(pointer, "too_few_items", message, definition.requirement)
        for index, row in enumerate(value):
            yield from _wrong_row(definition, row, f"{pointer}/{index}", today)
        return
    for code, message in faults_of(definition, value, today=today):
        yield Finding(pointer, code, message, definition.requirement)


def _wrong_row(definition: FieldDefinition, row: Mapping[str, Any], pointer: str, today: date) -> Iterator[Finding]:
    for item in definition.items:
        value = row.get(item.key)
        if value in _UNANSWERED:
            faults = iter(
                [("required", f"请填写{definition.label}的{item.label}{_hint(item)}")] if item.required else []
            )
        else:
            faults = iter(()) if value == item.blank_as else faults_of(item, value, today=today)
        for code, message in faults:
            yield Finding(f"{pointer}/{item.key}", code, message, definition.requirement)
