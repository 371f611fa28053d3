"""What a contract promises and demands, line by line: a release may promise more and demand less, never the other way round.

A promise is what a client may lean on: an operation, a member of an answer, a member that a request may hold. A demand is
what a client has to send. The lines of the last release are kept in openapi/released.txt.
"""

from collections.abc import Iterator
from typing import Any

from services.contract_absence import reachable

Document = dict[str, Any]
_METHODS = ("get", "put", "post", "delete")
PROMISE, DEMAND, VERSION = "promise", "demand", "version"


def lines_of(document: Document) -> set[str]:
    """Every promise and demand of a merged contract."""
    return set(_of_operations(document)) | set(_of_schemas(document))


def broken(released: set[str], now: set[str]) -> list[str]:
    """Promises that are no longer kept and demands that are new, sorted; empty where old clients go on working."""
    known = {line for line in released if line.startswith(DEMAND)}
    # A new operation or a new request may demand what it likes: nobody uses it yet.
    old = {_subject(line) for line in released}
    gone = {line for line in released - now if line.startswith(PROMISE)}
    asked = {line for line in now - known if line.startswith(DEMAND) and _subject(line) in old}
    return sorted(gone | asked)


def version_owed(version: str, released: set[str], now: set[str]) -> str | None:
    """The number that `info.version` must be raised to, by semantic versioning; None where it is high enough.

    Before 1.0.0 a break raises the minor number, as everything else does.
    """
    promised = {line for line in released if not line.startswith(VERSION)}
    if promised == now:
        return None
    major, minor, _ = _parsed(next(line.split(" ")[1] for line in released if line.startswith(VERSION)))
    least = (major + 1, 0, 0) if major and broken(promised, now) else (major, minor + 1, 0)
    return None if _parsed(version) >= least else ".".join(map(str, least))


def _parsed(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _subject(line: str) -> str:
    return line.split(" ", 3)[1]


def _of_operations(document: Document) -> Iterator[str]:
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method not in item:
                continue
            operation = item[method]
            name = operation["operationId"]
            yield f"{PROMISE} {name} is {method.upper()} {path}"
            for parameter in operation.get("parameters", []):
                where = f"{parameter['in']} {parameter['name']}"
                yield f"{PROMISE} {name} takes {where} {_type(parameter['schema'])}"
                if parameter.get("required"):
                    yield f"{DEMAND} {name} needs {where}"
            for media, content in operation.get("requestBody", {}).get("content", {}).items():
                yield f"{PROMISE} {name} takes {media} {_type(content.get('schema', {}))}"
            if operation.get("requestBody", {}).get("required"):
                yield f"{DEMAND} {name} needs a body"
            for status, response in operation["responses"].items():
                for media, content in response.get("content", {}).items():
                    if str(status).startswith("2"):
                        yield f"{PROMISE} {name} answers {status} {media} {_type(content.get('schema', {}))}"


def _of_schemas(document: Document) -> Iterator[str]:
    schemas: Document = document["components"]["schemas"]
    operations = [item[method] for item in document["paths"].values() for method in _METHODS if method in item]
    asked = reachable(schemas, [operation.get("requestBody", {}) for operation in operations])
    answered = reachable(schemas, [operation["responses"] for operation in operations])
    for name, schema in schemas.items():
        for key, member in schema.get("properties", {}).items():
            yield f"{PROMISE} {name} has {key} {_type(member)}"
            if name not in asked:  # a word of a closed list is a text to whoever reads it
                yield f"{PROMISE} {name} has {key} {_type(_as_text(member, schemas))}"
        required = schema.get("required", [])
        if name in answered:
            yield from (f"{PROMISE} {name} always has {key}" for key in required)
        if name in asked:
            yield from (f"{DEMAND} {name} needs {key}" for key in required)
            yield from (f"{PROMISE} {name} takes {choice}" for choice in schema.get("enum", []))


def _as_text(schema: Document, schemas: Document) -> Document:
    """The same with a plain text for every list of words: what the member may have been before the list was told."""
    words = schemas.get(str(schema.get("$ref")).rpartition("/")[2], {})
    if "enum" in words:
        return {"type": words["type"]}
    parts = {key: [_as_text(each, schemas) for each in schema[key]] for key in ("anyOf",) if key in schema}
    return schema | parts | ({"items": _as_text(schema["items"], schemas)} if "items" in schema else {})


def _type(schema: Document) -> str:
    """Short and stable: a reference by its name, a plain type with its format."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return "|".join(_type(choice) for choice in schema["anyOf"])
    if schema.get("type") == "array":
        return f"[{_type(schema.get('items', {}))}]"
    kind = schema.get("type", "any")
    words = "|".join(kind) if isinstance(kind, list) else str(kind)
    return f"{words}:{schema['format']}" if "format" in schema else words
