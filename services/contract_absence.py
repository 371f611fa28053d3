"""What may be left out is optional, not null: `anyOf [X, null]` becomes X wherever a request is meant.

In answers a member that holds null says so, as `type: [string, 'null']`, which generators understand better than `anyOf`.
"""

from collections.abc import Iterator
from typing import Any

Document = dict[str, Any]
_NULL = {"type": "null"}
_METHODS = ("get", "put", "post", "delete")


def say_absence(document: Document) -> None:
    schemas: Document = document["components"].get("schemas", {})
    operations = [item[method] for item in document["paths"].values() for method in _METHODS if method in item]
    for operation in operations:
        for parameter in operation.get("parameters", []):
            _drop_null(parameter["schema"])
        for media in operation.get("requestBody", {}).get("content", {}).values():
            _drop_null(media["schema"])
    asked = reachable(schemas, [operation.get("requestBody", {}) for operation in operations])
    answered = reachable(schemas, [operation["responses"] for operation in operations])
    for name, schema in schemas.items():
        for member in schema.get("properties", {}).values():
            if name in asked - answered:
                _drop_null(member)
            else:
                _fold_null(member)


def _drop_null(schema: Document) -> None:
    choices = schema.get("anyOf", [])
    if _NULL not in choices:
        return
    rest = [choice for choice in choices if choice != _NULL]
    if len(rest) > 1:
        schema["anyOf"] = rest
    else:
        del schema["anyOf"]
        _take_in(schema, rest[0])
    if schema.get("default", "") is None:
        del schema["default"]


def _fold_null(schema: Document) -> None:
    """Only where the one other choice is a plain type: an enum or a reference would have to say null itself."""
    choices = schema.get("anyOf", [])
    rest = [choice for choice in choices if choice != _NULL]
    if (
        _NULL in choices
        and len(rest) == 1
        and isinstance(rest[0].get("type"), str)
        and not rest[0].keys() & {"enum", "const"}
    ):
        del schema["anyOf"]
        _take_in(schema, rest[0] | {"type": [rest[0]["type"], "null"]})


def _take_in(schema: Document, choice: Document) -> None:
    """A title is the member's own, and a reference stands first."""
    own = {key: value for key, value in schema.items() if key not in choice or key in ("title", "description")}
    schema.clear()
    schema.update({key: value for key, value in choice.items() if key not in own} | own)


def reachable(schemas: Document, roots: list[Any]) -> set[str]:
    """The names of all schemas that these parts of the document lead to."""
    found: set[str] = set()
    waiting = [name for root in roots for name in _named(root)]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(_named(schemas[name]))
    return found


def _named(node: Any) -> Iterator[str]:
    """The schemas that a part of the document refers to."""
    if isinstance(node, dict):
        reference = node.get("$ref", "")
        if isinstance(reference, str) and reference.startswith("#/components/schemas/"):
            yield reference.rpartition("/")[2]
        for value in node.values():
            yield from _named(value)
    elif isinstance(node, list):
        for value in node:
            yield from _named(value)
