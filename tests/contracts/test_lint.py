"""The contract keeps the rules that openapi/redocly.yaml publishes, without exception."""

import shutil
import subprocess
from pathlib import Path

import pytest

from services.commands.openapi import merged
from services.contract_repeats import REPEATS
from services.contract_sensitivity import BY_NAME, BY_PLACE
from services.contract_traits import idempotency, rate_class, requirements
from services.contract_words import TAGS, summary

CLIENTS = Path("tests/clients")


def lint(*names: str) -> subprocess.CompletedProcess[str]:
    node = shutil.which("node")
    assert node, "node is not installed: the contract's lint needs Node 20 or newer"
    return subprocess.run([node, "lint.mjs", *names], cwd=CLIENTS, capture_output=True, text=True, check=False)


def test_the_contract_is_without_a_finding():
    linted = lint("xianjin.yaml")
    assert (linted.stdout, linted.returncode) == ("", 0), linted.stderr


BAD = """
openapi: 3.1.0
info: {title: 示例, version: 1.0.0}
servers: [{url: /}]
tags: [{name: cases, description: cases}]
paths:
  /v1/bad_path/{id}:
    patch:
      tags: [cases]
      operationId: patchCase
      summary: Patch
      description: Patch
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      requestBody:
        content:
          application/json:
            schema: {type: object, properties: {a: {anyOf: [{type: string}, {type: 'null'}]}}}
      responses:
        '200': {description: ok, content: {application/json: {schema: {type: array, items: {type: object}}}}}
        '404': {description: gone, content: {application/json: {schema: {type: object}}}}
        '409': {description: no, content: {application/problem+json: {schema: {type: object}}}}
  /v1/files:
    post:
      tags: [cases]
      operationId: create_file
      summary: 上传 Upload
      description: 上传 Upload
      requestBody:
        content:
          multipart/form-data:
            schema: {type: object, properties: {file: {type: string, contentMediaType: application/octet-stream}}}
      responses:
        '201': {description: ok}
"""


def test_each_rule_of_our_own_finds_its_fault(tmp_path):
    """A linter that finds nothing anywhere would pass the test above."""
    bad = tmp_path / "bad.yaml"
    bad.write_text(BAD, encoding="utf-8")
    found = {word for word in lint(str(bad)).stdout.split() if word.startswith("xianjin/")}
    assert found == {
        "xianjin/kebab-case-paths",
        "xianjin/verb-noun-id",
        "xianjin/both-languages",
        "xianjin/methods-of-a-mini-program",
        "xianjin/refusals-are-problems",
        "xianjin/every-refusal-shown",
        "xianjin/every-answer-shown",
        "xianjin/answers-are-objects",
        "xianjin/absence-is-not-null",
        "xianjin/files-for-every-generator",
        "xianjin/traits",
    }


@pytest.fixture(scope="module")
def contract():
    return merged()


def operations(contract):
    return {each["operationId"]: each for item in contract["paths"].values() for each in item.values()}


def test_every_tag_is_described_and_every_description_is_of_a_tag(contract):
    assert {tag["name"] for tag in contract["tags"]} == set(TAGS)


def test_a_summary_is_the_chinese_clause_and_the_name_in_words():
    assert (
        summary("withdraw_nomination", "撤回推荐，释放名额。Takes the case back.")
        == "撤回推荐，释放名额 Withdraw nomination"
    )


@pytest.mark.parametrize(
    ("method", "operation", "told"),
    [
        ("get", {}, ("safe", "")),
        ("put", {}, ("idempotent", "")),
        ("delete", {}, ("idempotent", "")),
        ("post", {"parameters": [{"name": "Idempotency-Key"}]}, ("key", "")),
        ("post", {"operationId": "check_card"}, ("safe", "只检查，不保存 Checks, keeps nothing")),
    ],
)
def test_how_a_request_may_be_repeated(method, operation, told):
    assert idempotency(method, operation) == told


def test_a_post_that_takes_no_key_and_does_not_say_why_is_refused():
    with pytest.raises(KeyError):
        idempotency("post", {"operationId": "make_something"})


def test_every_reason_for_taking_no_key_is_of_a_post_that_takes_none(contract):
    without = {
        name
        for name, operation in operations(contract).items()
        if operation["x-idempotency"] != "key" and "x-idempotency-reason" in operation
    }
    assert without == set(REPEATS)


def test_how_much_of_an_operation_is_allowed(contract):
    told = operations(contract)
    classes = {name: rate_class(told[name]) for name in ("create_session", "create_document", "list_campaigns")}
    assert classes == {"create_session": "limited", "create_document": "queued", "list_campaigns": "plain"}


def test_the_clauses_of_an_operation_are_those_its_words_name_ranges_written_out():
    operation = {
        "description": "检查照片。By the rules (R124-R126, R188).",
        "requestBody": {"$ref": "#/components/schemas/A"},
    }
    schemas = {"A": {"description": "民主推荐 (R50)", "properties": {"b": {"description": "“谁推荐，谁负责” (R68)"}}}}
    assert requirements(operation, schemas) == ["R50", "R68", "R124", "R125", "R126", "R188"]


def test_every_mark_of_sensitivity_is_of_a_member_that_exists(contract):
    schemas = contract["components"]["schemas"]
    members = {key for schema in schemas.values() for key in schema.get("properties", {})}
    names = {name for marked in BY_NAME.values() for name in marked}
    places = {f"{name}.{key}" for name, schema in schemas.items() for key in schema.get("properties", {})}
    assert (names - members, set(BY_PLACE) - places) == (set(), set())


def test_what_opens_a_door_and_what_tells_of_a_person_is_marked_wherever_it_stands(contract):
    marks = {
        (key, member.get("x-sensitivity"))
        for schema in contract["components"]["schemas"].values()
        for key, member in schema.get("properties", {}).items()
        if key in ("refresh_token", "password", "resident_id_number", "full_name")
    }
    assert marks == {
        ("refresh_token", "secret"),
        ("password", "secret"),
        ("resident_id_number", "P3"),
        ("full_name", "P2"),
    }
