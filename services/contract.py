"""The OpenAPI contract, made from the code: one document per service, and the merged one that clients are generated from."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import yaml
from fastapi import FastAPI

from services.common.callers.audiences import extension
from services.common.problem_schema import ProblemBody
from services.contract_absence import say_absence
from services.contract_enums import name_enums
from services.contract_examples import examples, show
from services.contract_limits import declare_standings, declare_waits
from services.contract_oauth import declare_oauth
from services.contract_refusals import declare_common_refusals
from services.contract_sensitivity import mark_sensitivity
from services.contract_traits import tell_traits
from services.contract_words import describe

Document = dict[str, Any]
_METHODS = ("get", "put", "post", "delete")
_NUMBER = re.compile(r"[-+]?[0-9][0-9_]*(\.[0-9]*)?([eE][-+]?[0-9]+)?")
_PROBLEM = {"$ref": "#/components/schemas/ProblemBody"}


def contract_of(service: FastAPI) -> Document:
    """The contract of one service, with what FastAPI writes differently from what we mean set right."""
    document: Document = service.openapi()
    audiences = service.state.audiences
    for operation in _operations(document):
        if operation["operationId"] in audiences:
            operation["x-audience"] = extension(audiences[operation["operationId"]])
        declare_common_refusals(operation)
        declare_waits(operation, document["components"])
        declare_standings(operation, document["components"])
        _declare_problems(operation, document["components"].setdefault("examples", {}))
    for item in document.get("paths", {}).values():
        _declare_revalidation(item.get("get", {"responses": {}}))
    for item in document.get("webhooks", {}).values():
        item["post"]["responses"] = {"200": {"description": "收到 Received; any status from 200 to 299 will do"}}
    schemas = document["components"]["schemas"] = _with_problems(document["components"].get("schemas", {}))
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for schema in schemas.values():
        _declare_files(schema)
    declare_oauth(document)
    say_absence(document)
    name_enums(document)
    describe(document)
    tell_traits(document)
    mark_sensitivity(document)
    show(document, examples())
    return document


def merge(documents: Iterable[Document]) -> Document:
    """One document of several. Raises ValueError where two services mean different things by one name."""
    merged: Document = {}
    for document in documents:
        if not merged:
            merged = {
                "openapi": document["openapi"],
                "info": {
                    "title": "先进 Xianjin",
                    "version": document["info"]["version"],
                    "description": "评选表彰推荐系统：身份认证、材料和推荐办理。 "
                    "Government commendation campaigns: auth, documents, nominations.",
                },
                "servers": document["servers"],
                "tags": [],
                "paths": {},
                "components": {},
            }
        merged["tags"] += [tag for tag in document["tags"] if tag not in merged["tags"]]
        _unite(merged["paths"], document.get("paths", {}))
        if document.get("webhooks"):
            _unite(merged.setdefault("webhooks", {}), document["webhooks"])
        for kind, entries in document.get("components", {}).items():
            _unite(merged["components"].setdefault(kind, {}), entries)
    return merged


def to_yaml(document: Mapping[str, Any]) -> str:
    return yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)


class _Dumper(yaml.CSafeDumper):
    """Writes no anchors: generators and people read the document, not only YAML libraries."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True


def _quoted(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    """`012389` is text to one version of YAML and a number to another."""
    style = "'" if _NUMBER.fullmatch(text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _quoted)


def _operations(document: Document) -> Iterator[Document]:
    for item in document.get("paths", {}).values():
        yield from (item[method] for method in _METHODS if method in item)


def _with_problems(schemas: Document) -> Document:
    """With the schema of every refusal, which no route brings along by itself."""
    problem = ProblemBody.model_json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
    return dict(sorted((schemas | problem.pop("$defs") | {"ProblemBody": problem}).items()))


def _declare_problems(operation: Document, shared: Document) -> None:
    """Each problem is shown once in the document, and named wherever it may be answered."""
    for status, response in operation["responses"].items():
        if not str(status).startswith(("4", "5")):
            continue
        examples = response.get("content", {}).get("application/problem+json", {}).get("examples", {})
        _unite(shared, examples)
        named = {code: {"$ref": f"#/components/examples/{code}"} for code in examples}
        response["content"] = {"application/problem+json": {"schema": _PROBLEM, "examples": named}}


def _declare_revalidation(operation: Document) -> None:
    """What services/common/answers/revalidation.py does for every JSON answer."""
    responses = operation["responses"]
    if "application/json" in responses.get("200", {}).get("content", {}):
        told = {"description": "未变化：与If-None-Match所带的ETag相同 Unchanged: what you hold is still right"}
        operation["responses"] = dict(sorted((responses | {"304": told}).items()))


def _declare_files(schema: Document) -> None:
    """Generators break on `contentMediaType` alone; so a file carries `format: binary` too."""
    for member in schema.get("properties", {}).values():
        if "contentMediaType" in member:
            member["format"] = "binary"


def _unite(into: Document, entries: Mapping[str, Any]) -> None:
    for name, value in entries.items():
        if into.setdefault(name, value) != value:
            raise ValueError(f"{name} is defined twice, differently")
