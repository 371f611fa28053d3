"""The refusals that no route declares because all of them give them: the shell's, the gate's and the bug's."""

from collections.abc import Iterator, Mapping
from typing import Any

from services.common.problem_schema import answers
from services.common.problems import (
    Forbidden,
    IdempotencyKeyReused,
    MalformedJson,
    PayloadTooLarge,
    Problem,
    ScopeMissing,
    StepRequired,
    TokenExpired,
    TokenMissing,
    Unauthenticated,
    Unavailable,
    Unprocessable,
    UnsupportedMediaType,
)
from services.nominations.problems import NominationHeld

Operation = dict[str, Any]


def declare_common_refusals(operation: Operation) -> None:
    """Adds what the route left out. What it declares itself stays as it is."""
    declared = operation["responses"]
    for status, entry in answers(*_common_to(operation)).items():
        content = entry["content"]
        if str(status) not in declared:
            declared[str(status)] = {"description": entry["description"], "content": content}
            continue
        given = declared[str(status)]
        examples = _examples_of(given.setdefault("content", {}))
        missing = {code: each for code, each in _examples_of(content).items() if code not in examples}
        examples |= missing
        added = " / ".join(f"`{code}` {each['summary']}" for code, each in missing.items())
        given["description"] = " / ".join(filter(None, (_own(given), added)))
    operation["responses"] = dict(sorted(declared.items()))


def _common_to(operation: Operation) -> Iterator[type[Problem]]:
    content = operation.get("requestBody", {}).get("content", {})
    if content:
        yield from (PayloadTooLarge, UnsupportedMediaType)
    if "application/json" in content:
        yield MalformedJson
    if content or operation.get("parameters"):
        yield Unprocessable
    if any(parameter["name"] == "Idempotency-Key" for parameter in operation.get("parameters", ())):
        yield IdempotencyKeyReused
    if operation.get("security"):
        yield from (TokenMissing, TokenExpired, Unauthenticated, StepRequired)
    if operation.get("security") and operation.get("x-audience", {}).get("roles") != ["signed_in"]:
        yield from (Forbidden, ScopeMissing)
    if operation.get("security") and any(each["name"] == "nomination_id" for each in operation.get("parameters", ())):
        yield NominationHeld
    yield from (Unavailable, Problem)


def _own(response: Mapping[str, Any]) -> str:
    """FastAPI's words for a refusal that it adds itself are nobody's."""
    words: str = response.get("description", "")
    return "" if words == "Validation Error" else words


def _examples_of(content: dict[str, Any]) -> dict[str, Any]:
    media = content.setdefault("application/problem+json", {})
    examples: dict[str, Any] = media.setdefault("examples", {})
    return examples
