"""How problems stand in the OpenAPI contract: one schema, and for each route the problems it can answer."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from services.common.problems import MEDIA_TYPE, Problem


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
    errors: Annotated[list[FieldErrorBody], Field(description="Every wrong field at once")] = []


def answers(*problems: type[Problem]) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of a route: its problems, grouped by status, each with an example."""
    by_status: dict[int | str, dict[str, Any]] = {}
    for problem in problems:
        entry = by_status.setdefault(
            problem.status,
            {"model": ProblemBody, "description": "", "content": {MEDIA_TYPE: {"examples": {}}}},
        )
        titles = [entry["description"]] if entry["description"] else []
        entry["description"] = " / ".join([*titles, f"`{problem.code}` {problem.title.zh}"])
        example = problem().as_json(language="zh", trace_id="0199b3a2c5d87e10a1b2c3d4e5f60718")
        entry["content"][MEDIA_TYPE]["examples"][problem.code] = {"summary": problem.title.zh, "value": example}
    return by_status
