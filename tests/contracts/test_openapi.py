"""The contract says what the code does, and what mini-programs can use."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from openapi_spec_validator import validate

from services import SERVICES
from services.app import PREFIXES, owner_of
from services.commands.openapi import FOLDER, contracts
from services.common.problems import problem_classes
from services.contract_absence import reachable
from services.nominations.labels import ACTION, EVENT, STAGE, STATUS

MERGED = "xianjin.yaml"
METHODS = {"get", "put", "post", "delete"}


@pytest.fixture(scope="module")
def written() -> dict[str, str]:
    return contracts()


@pytest.fixture(scope="module")
def merged(written: dict[str, str]) -> dict[str, Any]:
    return yaml.load(written[MERGED], Loader=yaml.CSafeLoader)


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(path, method, item[method]) for path, item in document["paths"].items() for method in item]


def test_the_committed_contract_is_what_the_code_says(written):
    assert {name: (FOLDER / name).read_text(encoding="utf-8") for name in written} == written


def test_every_operation_has_one_tag_or_generators_write_it_twice(merged):
    assert {operation["operationId"] for _, _, operation in operations(merged) if len(operation["tags"]) != 1} == set()


def test_whoever_is_put_off_finds_retry_after_in_the_contract(merged):
    assert {
        (operation["operationId"], status)
        for _, _, operation in operations(merged)
        for status in operation["responses"].keys() & {"429", "503"}
        if "Retry-After" not in operation["responses"][status]["headers"]
    } == set()


ONE_OF_MANY_PUT_OFF = {"create_upload"}
"""By how many uploads somebody has open, not by how often they ask."""


def test_no_limit_counts_what_a_signed_in_person_does_for_the_campaign(merged):
    """Reviewers on the last evening, and the chunks of an upload: limits guard doors, not work."""
    limited = [each for _, _, each in operations(merged) if "429" in each["responses"]]
    roles = {each["operationId"]: set(each["x-audience"]["roles"]) for each in limited}
    assert {name for name, who in roles.items() if not who <= {"public", "signed_in"}} == ONE_OF_MANY_PUT_OFF
    own = {each["operationId"] for each in limited if roles[each["operationId"]] == {"signed_in"}}
    assert [name for name in own if not re.search("password|second_factor|passkey|email", name)] == []


SHOWN = {"status", "stage", "state", "outcome", "action", "event", "channel", "verdict", "severity"}
"""Members that front ends draw as a word or a colour of its own."""


def test_every_state_that_is_shown_is_a_word_of_a_closed_list(merged):
    schemas = merged["components"]["schemas"]
    answered = reachable(schemas, [operation["responses"] for _, _, operation in operations(merged)])
    assert {
        f"{name}.{key}"
        for name in answered
        for key, member in schemas[name].get("properties", {}).items()
        if key in SHOWN and "string" in member.get("type", ()) and not member.keys() & {"enum", "const"}
    } == set()


@pytest.mark.parametrize(
    ("words", "labels"),
    [("Status", STATUS), ("CaseStage", STAGE), ("CaseAction", ACTION), ("Event", EVENT)],
)
def test_the_words_of_a_list_are_those_that_have_a_chinese_name(merged, words, labels):
    assert set(merged["components"]["schemas"][words]["enum"]) == {str(each) for each in labels}


def test_every_reference_leads_somewhere(written):
    documents = {name: yaml.load(text, Loader=yaml.CSafeLoader) for name, text in written.items()}
    assert {
        (name, reference)
        for name, document in documents.items()
        for reference in set(_references(document))
        if not _leads_somewhere(document, reference)
    } == set()


def _references(node):
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)


def _leads_somewhere(document, reference) -> bool:
    for step in reference.removeprefix("#/").split("/"):
        if step not in document:
            return False
        document = document[step]
    return True


def test_the_whole_contract_is_valid_openapi(written):
    validate(yaml.load(written[MERGED], Loader=yaml.CSafeLoader))


def test_mini_programs_have_every_method_they_need(merged):
    """wx.request has no PATCH."""
    assert {method for _, method, _ in operations(merged)} - METHODS == set()


def test_operation_ids_are_unique_verb_noun(merged):
    ids = [operation["operationId"] for _, _, operation in operations(merged)]
    assert (len(ids) == len(set(ids)), [each for each in ids if not re.fullmatch(r"[a-z]+(_[a-z]+)+", each)]) == (
        True,
        [],
    )


def test_every_operation_is_described_in_words(merged):
    assert [
        operation["operationId"] for _, _, operation in operations(merged) if not operation.get("description")
    ] == []


def test_every_refusal_is_problem_json(merged):
    wrong = [
        (operation["operationId"], status)
        for _, _, operation in operations(merged)
        for status, response in operation["responses"].items()
        if status[0] in "45" and set(response["content"]) != {"application/problem+json"}
    ]
    assert wrong == []


def test_an_upload_always_answers_json(merged):
    uploads = [
        (operation["operationId"], sorted(status for status in operation["responses"] if status[0] == "2"))
        for _, _, operation in operations(merged)
        if "multipart/form-data" in operation.get("requestBody", {}).get("content", {})
    ]
    assert uploads == [
        ("create_invitation_batch", ["201"]),
        ("check_photo", ["200"]),
        ("fix_photo", ["200"]),
        ("check_card", ["200"]),
        ("create_document", ["201"]),
        ("create_granted_document", ["201"]),
        ("create_upload_chunk", ["200"]),
        ("import_nominations_from_workbook", ["200"]),
    ]


def test_a_file_is_declared_so_that_every_generator_understands_it(merged):
    files = [
        member
        for schema in merged["components"]["schemas"].values()
        for member in schema.get("properties", {}).values()
        if "contentMediaType" in member
    ]
    assert files
    assert [member for member in files if member.get("format") != "binary"] == []


def test_each_service_serves_only_its_own_addresses(written):
    strays = [
        path
        for service in SERVICES
        for name in (f"{service}.yaml", f"{service}-3.0.yaml")
        for path in yaml.load(written[name], Loader=yaml.CSafeLoader)["paths"]
        if owner_of(path) != service
    ]
    assert strays == []


def test_the_reverse_proxy_follows_the_table_of_prefixes():
    text = Path("deploy/nginx/prefixes.conf").read_text(encoding="utf-8")
    proxied = re.findall(r"location (\S+)\s+\{ proxy_pass http://(\w+);", text)
    assert [(prefix.rstrip("/"), service) for prefix, service in proxied] == list(PREFIXES)


def test_every_problem_has_a_code_of_its_own_and_both_languages():
    problems = problem_classes()
    assert [p.code for p in problems if not (p.title.zh and p.title.en)] == []
