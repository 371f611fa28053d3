"""The schema of `*.print.yaml`: from the dataclasses of the print layout, and where a file writes less than they hold."""

from collections.abc import Mapping
from typing import Any, get_type_hints

from services.campaign_tools.record_schema import RecordSchemas, Schema
from services.nominations.forms.print_layout import SECTIONS, PrintLayout
from services.nominations.forms.print_specs import (
    CellSpec,
    CoverItem,
    LineItem,
    ListColumn,
    PhotoSpec,
    ValueSpec,
)

_LABEL: Schema = {"type": "string"}
_MEASURE: Schema = {"type": "number"}
_SPANS: Mapping[str, Schema] = {
    "colspan": {"type": "integer", "minimum": 1},
    "rowspan": {"type": "integer", "minimum": 1},
}


def print_schema() -> Schema:
    """A cell is a label, a value or a picture, its spans beside it; a section says its kind."""
    plain = RecordSchemas(nullable=False, filled=False)
    value, photo = plain.of(ValueSpec), plain.of(PhotoSpec)
    label = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
    cells = [
        _with(_with(label, {"label": _LABEL}), _SPANS, required=False),
        _with(value, _SPANS, required=False),
        _with(_renamed(photo, "key", "photo"), _SPANS, required=False),
    ]
    # A value stands flat beside the label it belongs to.
    column = _with(_with(value, {"width": _MEASURE}), {"label": _LABEL}, required=False)
    instead = {
        CellSpec: {"anyOf": cells},
        CoverItem: _with(value, {"label": _LABEL}),
        LineItem: _with(_with(value, {"label": _LABEL}), {"share": _MEASURE}, required=False),
        ListColumn: column,
    }
    written = RecordSchemas(instead=instead, nullable=False, filled=False)
    for kind, parse in SECTIONS.items():
        section = get_type_hints(parse)["return"]
        instead[section] = _with(written.of(section), {"kind": {"const": kind}})
    return RecordSchemas(instead=instead, nullable=False, filled=False).of(PrintLayout)


def _with(schema: Schema, more: Mapping[str, Schema], *, required: bool = True) -> Schema:
    names = [*(more if required else ()), *schema.get("required", [])]
    return schema | {"properties": {**more, **schema["properties"]}, "required": names}


def _renamed(schema: Schema, old: str, new: str) -> Schema:
    properties: dict[str, Any] = {new if key == old else key: value for key, value in schema["properties"].items()}
    return schema | {
        "properties": properties,
        "required": [new if key == old else key for key in schema["required"]],
    }
