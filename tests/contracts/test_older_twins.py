"""The twins in OpenAPI 3.0.3 say the same as the contract, in the older language."""

import json
from pathlib import Path

import pytest
import yaml
from openapi_spec_validator import OpenAPIV30SpecValidator

from services.contract_older import twin_of

TWINS = sorted(path.name for path in Path("openapi").glob("*-3.0.yaml"))


def read(name: str) -> dict:
    return yaml.load((Path("openapi") / name).read_text("utf-8"), yaml.CSafeLoader)


def test_every_contract_has_its_twin():
    assert TWINS == ["auth-3.0.yaml", "documents-3.0.yaml", "nominations-3.0.yaml", "xianjin-3.0.yaml"]


def test_the_twin_of_the_whole_contract_is_a_valid_document_of_3_0():
    document = read("xianjin-3.0.yaml")
    faults = [error.message for error in OpenAPIV30SpecValidator(document).iter_errors()]
    assert (document["openapi"], faults) == ("3.0.3", [])


@pytest.mark.parametrize("name", TWINS)
def test_a_twin_has_the_same_operations_and_answers(name):
    def told(document: dict) -> dict[str, list[str]]:
        return {
            operation["operationId"]: sorted(operation["responses"])
            for item in document["paths"].values()
            for operation in item.values()
        }

    assert told(read(name)) == told(read(name.replace("-3.0", "")))


@pytest.mark.parametrize(
    ("schema", "older"),
    [
        ({"type": ["string", "null"]}, {"type": "string", "nullable": True}),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, {"nullable": True, "type": "string"}),
        (
            {"anyOf": [{"$ref": "#/a"}, {"type": "null"}]},
            {"nullable": True, "allOf": [{"$ref": "#/a"}]},
        ),
        (
            {"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}]},
            {"nullable": True, "anyOf": [{"type": "string"}, {"type": "integer"}]},
        ),
        (
            {"anyOf": [{"$ref": "#/a"}, {"type": "object", "additionalProperties": True}]},
            {"type": "object", "additionalProperties": True},
        ),
        ({"const": "Bearer"}, {"enum": ["Bearer"]}),
        ({"exclusiveMinimum": 0}, {"minimum": 0, "exclusiveMinimum": True}),
        ({"examples": ["a", "b"]}, {"example": "a"}),
        ({"type": "object", "propertyNames": {"maxLength": 4}}, {"type": "object"}),
        ({"$ref": "#/a", "description": "b"}, {"allOf": [{"$ref": "#/a"}], "description": "b"}),
        ({"format": "binary", "contentMediaType": "application/octet-stream"}, {"format": "binary"}),
        ({"items": {"const": 1}}, {"items": {"enum": [1]}}),
        ({"additionalProperties": False}, {"additionalProperties": False}),
    ],
    ids=json.dumps,
)
def test_a_schema_says_the_same_in_the_older_language(schema, older):
    assert twin_of({"components": {"schemas": {"A": schema}}})["components"]["schemas"]["A"] == older


def test_webhooks_stand_under_a_name_that_older_tools_pass_over():
    twin = twin_of({"openapi": "3.1.0", "webhooks": {"a": {}}})
    assert twin == {"openapi": "3.0.3", "x-webhooks": {"a": {}}}


def test_a_reference_that_may_be_null_tells_its_type_or_nullable_would_say_nothing():
    schemas = {"A": {"type": "object"}, "B": {"anyOf": [{"$ref": "#/components/schemas/A"}, {"type": "null"}]}}
    twin = twin_of({"components": {"schemas": schemas}})
    older = {"nullable": True, "allOf": [{"$ref": "#/components/schemas/A"}], "type": "object"}
    assert twin["components"]["schemas"]["B"] == older
