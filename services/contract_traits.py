"""What a client must know besides the shape: may a request be repeated, how many are allowed, which clauses it serves."""

import re
from typing import Any

from services.contract_absence import reachable
from services.contract_repeats import REPEATS

Document = dict[str, Any]
_METHODS = ("get", "put", "post", "delete")
_CLAUSES = re.compile(r"R(\d+)(?:\s*[-–]\s*R(\d+))?")


def tell_traits(document: Document) -> None:
    schemas: Document = document["components"].get("schemas", {})
    for item in document["paths"].values():
        for method in _METHODS:
            if method in item:
                operation = item[method]
                operation["x-idempotency"], reason = idempotency(method, operation)
                if reason:
                    operation["x-idempotency-reason"] = reason
                operation["x-rate-class"] = rate_class(operation)
                operation["x-requirements"] = requirements(operation, schemas)


def idempotency(method: str, operation: Document) -> tuple[str, str]:
    """What happens when the same request is sent again after a lost answer, and why it may be; empty where it is plain.

    `safe`: nothing is changed. `idempotent`: the second leaves things as the first did. `key`: done once under one
    Idempotency-Key. What else there is: `contract_repeats`. Raises KeyError for a POST that takes no key and says nothing.
    """
    if method == "get":
        return "safe", ""
    if method in ("put", "delete"):
        return "idempotent", ""
    if any(parameter["name"] == "Idempotency-Key" for parameter in operation.get("parameters", ())):
        return "key", ""
    return REPEATS[operation["operationId"]]


def rate_class(operation: Document) -> str:
    """`limited`: by person, address or action, 429 says when to return. `queued`: worker processes, 503 when they are busy.
    `plain`: only the proxy counts."""
    responses = operation["responses"]
    if "429" in responses:
        return "limited"
    busy = {code for code in _codes(responses.get("503", {})) if code.endswith("_busy")}
    return "queued" if busy else "plain"


def _codes(response: Document) -> set[str]:
    return set(response.get("content", {}).get("application/problem+json", {}).get("examples", {}))


def requirements(operation: Document, schemas: Document) -> list[str]:
    """The clauses of the notice that the operation's own words, and those of what it takes, name. In order."""
    told = [operation["description"]]
    told += [parameter.get("description", "") for parameter in operation.get("parameters", ())]
    for name in reachable(schemas, [operation.get("requestBody", {})]):
        told.append(schemas[name].get("description", ""))
        told += [member.get("description", "") for member in schemas[name].get("properties", {}).values()]
    numbers: set[int] = set()
    for first, last in _CLAUSES.findall(" ".join(told)):
        numbers.update(range(int(first), int(last or first) + 1))
    return [f"R{number}" for number in sorted(numbers)]
