"""The contract in OpenAPI 3.0.3, for tools that know no newer one (openapi-generator, Apifox, YApi).

The 3.1 documents are the contract; a twin says the same as far as the older language can. What it cannot say is left open,
never said wrongly: webhooks stand under `x-webhooks`, names of map members are not restricted.
"""

from collections.abc import Mapping
from typing import Any

Document = dict[str, Any]
_SCHEMAS_BY_NAME = ("properties", "patternProperties", "$defs")
_SCHEMA_LISTS = ("allOf", "anyOf", "oneOf")
_SCHEMA_MEMBERS = ("items", "not", "additionalProperties")
_UNKNOWN_TO_IT = ("propertyNames", "patternProperties", "contentMediaType", "contentEncoding", "$defs", "prefixItems")


def twin_of(document: Mapping[str, Any]) -> Document:
    """A document of its own; the given one is not changed."""
    twin: Document = _walked(dict(document))
    twin["openapi"] = "3.0.3"
    if "webhooks" in twin:
        twin["x-webhooks"] = twin.pop("webhooks")
    _type_nullables(twin, twin.get("components", {}).get("schemas", {}))
    return twin


def _type_nullables(node: Any, schemas: Mapping[str, Document]) -> None:
    """There `nullable` says nothing without a `type` beside it, so a reference that may be null tells the type it leads to."""
    if isinstance(node, list):
        for each in node:
            _type_nullables(each, schemas)
    elif isinstance(node, dict):
        choices = node.get("allOf", node.get("anyOf", ()))
        if node.get("nullable") is True and "type" not in node and choices:
            kinds = {schemas.get(str(each.get("$ref", "")).rpartition("/")[2], each).get("type") for each in choices}
            if len(kinds) == 1 and None not in kinds:
                node["type"] = kinds.pop()
        for each in node.values():
            _type_nullables(each, schemas)


def _walked(node: Any) -> Any:
    """Schemas stand under `schema` and in `components/schemas`; everything else is as it was."""
    if isinstance(node, list):
        return [_walked(each) for each in node]
    if not isinstance(node, dict):
        return node
    walked = {}
    for name, value in node.items():
        if name == "schema":
            walked[name] = _older(value)
        elif name == "schemas" and isinstance(value, dict):
            walked[name] = {key: _older(schema) for key, schema in value.items()}
        else:
            walked[name] = _walked(value)
    return walked


def _older(schema: Any) -> Any:
    if not isinstance(schema, dict):
        return schema  # `additionalProperties: false`
    told = _inner(schema)
    _no_null(told)
    _no_choice_beside_any_object(told)
    _no_const(told)
    _no_exclusive_numbers(told)
    if "prefixItems" in told:
        told.setdefault("items", {})
    if "examples" in told:
        told["example"] = told.pop("examples")[0]
    for name in _UNKNOWN_TO_IT:
        told.pop(name, None)
    if "$ref" in told and len(told) > 1:  # beside a reference 3.0 reads nothing
        told = {"allOf": [{"$ref": told.pop("$ref")}], **told}
    return told


def _inner(schema: Mapping[str, Any]) -> Document:
    told = dict(schema)
    for name in _SCHEMAS_BY_NAME:
        if name in told:
            told[name] = {key: _older(each) for key, each in told[name].items()}
    for name in _SCHEMA_LISTS:
        if name in told:
            told[name] = [_older(each) for each in told[name]]
    for name in _SCHEMA_MEMBERS:
        if name in told:
            told[name] = _older(told[name])
    return told


def _no_null(schema: Document) -> None:
    """`null` is no type there, but a property of one."""
    kinds = schema.get("type")
    if isinstance(kinds, list):
        rest = [kind for kind in kinds if kind != "null"]
        schema.pop("type")
        if len(rest) == 1:
            schema["type"] = rest[0]
        elif rest:
            schema["anyOf"] = [{"type": kind} for kind in rest]
        if len(rest) < len(kinds):
            schema["nullable"] = True
    for name in ("anyOf", "oneOf"):
        choices = schema.get(name, [])
        left = [each for each in choices if each.get("type") != "null" and each.get("enum") != [None]]
        if len(left) == len(choices):
            continue
        schema.pop(name)
        schema["nullable"] = True
        if len(left) == 1:
            schema |= left[0] if "$ref" not in left[0] else {"allOf": left}
        else:
            schema[name] = left


def _no_choice_beside_any_object(schema: Document) -> None:
    """A choice between an object of ours and any object is any object: openapi-generator writes Java for it that is none."""
    free = next((each for each in schema.get("anyOf", ()) if each.get("additionalProperties") is True), None)
    if free is not None and "properties" not in free:
        schema.pop("anyOf")
        schema |= free


def _no_const(schema: Document) -> None:
    if "const" in schema:
        schema["enum"] = [schema.pop("const")]


def _no_exclusive_numbers(schema: Document) -> None:
    for name, limit in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(schema.get(name), int | float) and not isinstance(schema.get(name), bool):
            schema[limit] = schema[name]
            schema[name] = True
