"""docs/errors.md: every code that a client can meet, what to tell people, and what to do. Written from the code itself."""

import ast
from collections.abc import Iterator
from pathlib import Path

from services.common.problems import (
    Conflict,
    Forbidden,
    NotFound,
    PreconditionFailed,
    PreconditionRequired,
    Problem,
    StepRequired,
    TokenExpired,
    TooManyRequests,
    Unauthenticated,
    Unavailable,
    Unprocessable,
    problem_classes,
)
from services.error_advice import ADVICE

_SOURCES = Path(__file__).parent
_TOLD_BY = {"FieldError": 1, "Finding": 1, "SelectionFault": 1, "Blocker": 0, "RowFault": 1}
"""Constructors that carry a code, and the place of the code among their arguments; the message follows it."""

_WHAT_TO_DO: tuple[tuple[type[Problem], str], ...] = (
    (TokenExpired, "refresh once, then repeat the request"),
    (StepRequired, "do the step that `steps` names at auth, refresh, repeat"),
    (Unauthenticated, "sign in again"),
    (TooManyRequests, "wait `Retry-After` seconds; show a countdown, do not repeat by yourself more than once"),
    (Unavailable, "repeat after `Retry-After` seconds with the same `Idempotency-Key`"),
    (Unprocessable, "show each of `errors` at the field that its `pointer` names"),
    (PreconditionFailed, "read again, show both versions, let the person decide"),
    (PreconditionRequired, "send `If-Match` with the `ETag` that was read"),
    (Forbidden, "tell the person; another role may be able to"),
    (NotFound, "it does not exist for this person: leave the page"),
    (Conflict, "read again and show `detail`, and of `errors` each: it says what stands against it"),
)
_OTHERWISE = {
    400: "a fault of the client: report it",
    405: "a fault of the client: report it",
    410: "ask for a new one",
    413: "choose a smaller file",
    415: "a fault of the client: report it",
}
_HEAD = """<!-- Written by `make openapi` from the code. Do not edit. -->
# What can be refused

Every refusal is `application/problem+json`: `code` is for programs and never changes its meaning, `title` and `detail` are for
people, in Chinese unless `Accept-Language: en`. `trace_id` finds it in the log.

## Codes

| code | status | tell people | in English | do |
|---|---|---|---|---|
"""
_FIELDS = """
## Codes of fields

Members of `errors`, beside a `pointer` into the request. Sentences with … name something of the case.
A code may come with several sentences: one is shown.

| code | for example |
|---|---|
"""


def error_page() -> str:
    """The page. All problem classes must have been imported."""
    problems = [
        f"| `{cls.code}` | {cls.status} | {cls.title.zh} | {cls.title.en} | {what_to_do(cls)} |"
        for cls in problem_classes()
    ]
    fields = [f"| `{code}` | {message} |" for code, message in sorted(_field_codes().items())]
    return _HEAD + "\n".join(problems) + "\n" + _FIELDS + "\n".join(fields) + "\n"


def what_to_do(cls: type[Problem]) -> str:
    if cls.code in ADVICE:
        return ADVICE[cls.code]
    for family, advice in _WHAT_TO_DO:
        if issubclass(cls, family):
            return advice
    return _OTHERWISE.get(cls.status, "try again later; report it with `trace_id` when it stays")


def _field_codes() -> dict[str, str]:
    """Every code that stands in the source as a literal, with the first sentence beside it."""
    found: dict[str, str] = {}
    for file in sorted(_SOURCES.rglob("*.py")):
        for code, message in _told_in(ast.parse(file.read_text(encoding="utf-8"))):
            if not found.get(code):
                found[code] = message
    return found


def _told_in(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _TOLD_BY:
            given = node.args[_TOLD_BY[node.func.id] :]
            if given and isinstance(given[0], ast.Constant):
                yield str(given[0].value), _sentence(given[1]) if len(given) > 1 else ""


def _sentence(node: ast.expr) -> str:
    """A literal as it stands; … for what is filled in."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
    return ""
