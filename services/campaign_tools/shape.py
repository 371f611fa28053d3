"""Checks data against the schemas that this package makes, every fault at once. It knows their words and no others."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from services.campaign_tools.record_schema import Schema

Faults = Iterator[tuple[str, str]]
_NAMES = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
    "null": "empty",
}


def shape_faults(schema: Schema, data: Any, path: str = "") -> Faults:
    """Path and message of each fault."""
    if "anyOf" in schema:
        yield from _about_choice(schema["anyOf"], data, path)
    elif "enum" in schema or "const" in schema:
        choices = schema.get("enum", [schema.get("const")])
        if data not in choices or isinstance(data, bool):
            yield path, f"must be one of {', '.join(map(str, choices))}"
    elif "type" in schema and not _is(schema["type"], data):
        yield path, "is missing" if data is None else f"must be {_NAMES[schema['type']]}"
    elif isinstance(data, dict):
        yield from _about_mapping(schema, data, path)
    elif isinstance(data, list):
        yield from _about_list(schema, data, path)
    elif isinstance(data, str) and "pattern" in schema and not re.search(schema["pattern"], data):
        yield path, f"must look like {schema['pattern']}"
    elif _is("number", data) and data < schema.get("minimum", data):
        yield path, f"must be at least {schema['minimum']}"


def _is(kind: str, data: Any) -> bool:
    match kind:
        case "integer":
            return type(data) is int
        case "number":
            return type(data) in (int, float)
        case "null":
            return data is None
        case _:
            return isinstance(data, {"string": str, "boolean": bool, "array": list, "object": dict}[kind])


def _about_mapping(schema: Schema, data: Mapping[str, Any], path: str) -> Faults:
    properties, others = schema.get("properties", {}), schema.get("additionalProperties", True)
    for key in schema.get("required", []):
        if key not in data:
            yield f"{path}.{key}".strip("."), "is missing"
    for key, value in data.items():
        at = f"{path}.{key}".strip(".")
        if key in properties:
            yield from shape_faults(properties[key], value, at)
        elif others is False:
            yield at, "is not known here"
        elif others is not True:
            yield from shape_faults(others, value, at)


def _about_list(schema: Schema, data: list[Any], path: str) -> Faults:
    if len(data) < schema.get("minItems", 0):
        yield path, f"must have at least {schema['minItems']} item"
    if len(data) > schema.get("maxItems", len(data)):
        yield path, f"must have at most {schema['maxItems']} items"
    for index, item in enumerate(data):
        yield from shape_faults(schema.get("items", {}), item, f"{path}[{index}]")


def _about_choice(choices: list[Schema], data: Any, path: str) -> Faults:
    """The faults against the choice that was most likely meant: the one that says so, else the one with the fewest."""
    kinds = [choice["properties"]["kind"]["const"] for choice in choices if "kind" in choice.get("properties", {})]
    if kinds and isinstance(data, dict) and data.get("kind") not in kinds:
        yield f"{path}.kind", f"must be one of {', '.join(kinds)}"
        return
    if kinds and isinstance(data, dict):
        choices = [choice for choice in choices if choice["properties"]["kind"]["const"] == data["kind"]]
    yield from min((list(shape_faults(choice, data, path)) for choice in choices), key=len)
