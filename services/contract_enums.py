"""Every list of choices gets a name of its own: generators make one type of each, and mix up no two behind equal keys."""

from typing import Any

from services.common.answers.closed_lists import NAME

Document = dict[str, Any]
_METHODS = ("get", "put", "post", "delete")


def name_enums(document: Document) -> None:
    """Moves choices that stand within a schema or parameter into components, named after both, or as the list is called."""
    schemas: Document = document["components"].setdefault("schemas", {})
    for owner, schema in list(schemas.items()):
        for key, member in schema.get("properties", {}).items():
            _hoist(schemas, member, f"{owner}{_pascal(key)}")
    for item in document["paths"].values():
        for method in _METHODS:
            operation = item.get(method, {})
            for parameter in operation.get("parameters", []):
                _hoist(schemas, parameter["schema"], f"{_pascal(operation['operationId'])}{_pascal(parameter['name'])}")


def _hoist(schemas: Document, member: Document, name: str) -> None:
    for place in (member, member.get("items", {}), *member.get("anyOf", ())):
        if "enum" in place:
            own = {key: place.pop(key) for key in ("type", "enum") if key in place}
            name = place.pop(NAME, name)
            schemas.setdefault(name, own | {"title": name})
            kept = {key: value for key, value in place.items() if key != "title"}
            place.clear()
            place.update({"$ref": f"#/components/schemas/{name}"} | kept)
            return


def _pascal(words: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in words.replace("-", "_").split("_"))
