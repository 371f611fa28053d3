"""How problems stand in the OpenAPI contract: one schema, and for each route the problems it can answer."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.common.problems import (
    MEDIA_TYPE,
    Forbidden,
    Problem,
    TokenExpired,
    TokenMissing,
    Unauthenticated,
    Unavailable,
    Unprocessable,
)


class FieldErrorBody(BaseModel):
    """One wrong field."""

    pointer: Annotated[
        str, Field(description="RFC 6901 JSON pointer into the request body", examples=["/form/full_name"])
    ]
    code: Annotated[str, Field(description="Stable code for programs", examples=["required"])]
    message: Annotated[str, Field(description="Sentence for people", examples=["请填写姓名"])]
    requirement: Annotated[str, Field(description="Number of the rule in the notice", examples=["R172"])] = ""


class ProblemBody(BaseModel):
    """RFC 9457 problem details. Programs test `code`; people read `detail` and `errors[].message`. Some carry more members."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    code: str
    detail: str
    trace_id: Annotated[str, Field(description="Give this to the operator when you ask for help")]
    help: Annotated[
        str, Field(description="Where the code is explained, on the same host", examples=["/docs/errors#not_found"])
    ] = ""
    errors: Annotated[list[FieldErrorBody], Field(description="Every wrong field at once")] = []


Responses = dict[int | str, dict[str, Any]]


class Answers(Responses):
    """The `responses=` of a route. Joined by `|`, both sides' problems of one status stay declared."""

    def __or__(self, more: Mapping[int | str, dict[str, Any]]) -> "Answers":  # type: ignore[override]
        return joined(self, more)


def joined(first: Mapping[int | str, dict[str, Any]], second: Mapping[int | str, dict[str, Any]]) -> Answers:
    """Everything of both. A dict's own union would let the second's 409 hide the first's."""
    both = Answers(first)
    for status, entry in second.items():
        known = both.get(status)
        if known is None:
            both[status] = entry
            continue
        shown = _shown(known) | _shown(entry)
        words = [known.get("description", ""), *(_told(code, each) for code, each in _shown(entry).items())]
        told = list(dict.fromkeys(" / ".join(words).split(" / ")))
        both[status] = {**known, **entry, "description": " / ".join(filter(None, told))}
        if shown:
            both[status]["content"] = {
                **known.get("content", {}),
                **entry.get("content", {}),
                MEDIA_TYPE: {"examples": shown},
            }
    return both


class DeclaringRouter(APIRouter):
    """A router whose `responses` and those of its routes are joined; FastAPI lets a route's 409 hide the router's."""

    def add_api_route(self, path: str, endpoint: Callable[..., Any], **more: Any) -> None:
        more["responses"] = joined(self.responses, more.get("responses") or {})
        super().add_api_route(path, endpoint, **more)


def _shown(entry: Mapping[str, Any]) -> dict[str, Any]:
    examples: dict[str, Any] = entry.get("content", {}).get(MEDIA_TYPE, {}).get("examples", {})
    return examples


def _told(code: str, example: Mapping[str, Any]) -> str:
    return f"`{code}` {example['summary']}"


def answers(*problems: type[Problem]) -> Answers:
    """The problems of a route, grouped by status, each with an example.

    Without a model: FastAPI would build one for each of the 1,500 refusals. The contract names the one schema of all of them.
    """
    by_status = Answers()
    for problem in problems:
        entry = by_status.setdefault(
            problem.status,
            {"description": "", "content": {MEDIA_TYPE: {"examples": {}}}},
        )
        titles = [entry["description"]] if entry["description"] else []
        entry["description"] = " / ".join([*titles, f"`{problem.code}` {problem.title.zh}"])
        example = problem().as_json(language="zh", trace_id="0199b3a2c5d87e10a1b2c3d4e5f60718")
        entry["content"][MEDIA_TYPE]["examples"][problem.code] = {"summary": problem.title.zh, "value": example}
    return by_status


SIGNED_IN = answers(TokenMissing, TokenExpired, Unauthenticated)
"""What every route for signed-in people may answer."""
GATED: tuple[type[Problem], ...] = (Unauthenticated, TokenMissing, TokenExpired, Forbidden, Unprocessable, Unavailable)
"""What every route for certain roles may answer."""
