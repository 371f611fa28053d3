"""A form described for front ends: enough to render any campaign's form without knowing it beforehand."""

from typing import Any

from services.nominations.domain.campaign import Campaign
from services.nominations.domain.form_definition import Condition, FieldDefinition, FormDefinition


def form_schema(campaign: Campaign, form: FormDefinition) -> dict[str, Any]:
    """Fields in order with label, help, limits, choices, who fills them, and when they are asked."""
    return {
        "key": form.key,
        "title": form.title,
        "campaign": campaign.key,
        "version": campaign.version,
        "fields": [_field(campaign, definition) for definition in form.fields],
    }


def _field(campaign: Campaign, definition: FieldDefinition) -> dict[str, Any]:
    described: dict[str, Any] = {
        "key": definition.key,
        "label": definition.label,
        "type": definition.type.value,
        "part": definition.part.value,
        "required": definition.required,
        "sensitivity": definition.sensitivity,
        "printed": definition.printed,
    }
    limits = {
        "blank_as": definition.blank_as,
        "max_length": definition.max_length if definition.max_count is None else None,
        "max_count": definition.max_count,
        "minimum": definition.minimum,
        "maximum": definition.maximum,
        "pattern": definition.pattern,
        "suggestions": list(definition.suggestions),
        "help": definition.help,
        "requirement": definition.requirement,
        "required_if": _condition(definition.required_if),
    }
    described |= {name: value for name, value in limits.items() if value not in (None, "", [])}
    if definition.enum:
        described["choices"] = [{"value": c.value, "label": c.label} for c in campaign.enums[definition.enum]]
    if definition.items:
        described["max_items"] = definition.max_items
        described["items"] = [_field(campaign, item) for item in definition.items]
    return described


def _condition(condition: Condition | None) -> dict[str, Any] | None:
    if condition is None:
        return None
    members = {"equals": condition.equals, "differs_from": condition.differs_from, "one_of": list(condition.one_of)}
    return {"field": condition.field} | {name: value for name, value in members.items() if value not in (None, [])}
