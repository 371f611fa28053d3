"""A release may promise more and demand less. Whatever else happens to the contract is caught before it is released."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from services import CONTRACT_VERSION
from services.commands.openapi import RELEASED, merged
from services.contract_promises import broken, lines_of, version_owed

Document = dict[str, Any]


@pytest.fixture(scope="module")
def contract() -> Document:
    return merged()


def schema(document: Document, name: str) -> Document:
    return document["components"]["schemas"][name]


def test_nothing_of_the_last_release_is_broken(contract):
    assert broken(set(RELEASED.read_text("utf-8").splitlines()), lines_of(contract)) == []


def remove_an_operation(document: Document) -> None:
    del document["paths"]["/v1/awards"]["get"]


def move_an_operation(document: Document) -> None:
    document["paths"]["/v2/awards"] = document["paths"].pop("/v1/awards")


def drop_a_member_of_an_answer(document: Document) -> None:
    del schema(document, "NominationBody")["properties"]["stage"]


def make_a_member_of_an_answer_uncertain(document: Document) -> None:
    schema(document, "NominationBody")["required"].remove("stage")


def refuse_a_choice(document: Document) -> None:
    schema(document, "ReviewDecision")["enum"].remove("return")


def tell_the_choices_of_a_request(document: Document) -> None:
    document["components"]["schemas"]["Ground"] = {"type": "string", "enum": ["fraud"]}
    schema(document, "NewNomination")["properties"]["category"] = {"$ref": "#/components/schemas/Ground"}


def forget_the_choices_of_an_answer(document: Document) -> None:
    schema(document, "PublicAward")["properties"]["status"] = {"type": "string"}


def demand_a_member(document: Document) -> None:
    schema(document, "NewNomination")["required"].append("form")


def demand_a_header(document: Document) -> None:
    parameters = document["paths"]["/v1/nominations"]["post"]["parameters"]
    next(each for each in parameters if each["name"] == "Idempotency-Key")["required"] = True


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (remove_an_operation, "promise list_awards is GET /v1/awards"),
        (move_an_operation, "promise list_awards is GET /v1/awards"),
        (drop_a_member_of_an_answer, "promise NominationBody has stage string"),
        (make_a_member_of_an_answer_uncertain, "promise NominationBody always has stage"),
        (refuse_a_choice, "promise ReviewDecision takes return"),
        (tell_the_choices_of_a_request, "promise NewNomination has category string"),
        (forget_the_choices_of_an_answer, "promise PublicAward has status AwardStatus"),
        (demand_a_member, "demand NewNomination needs form"),
        (demand_a_header, "demand create_nomination needs header Idempotency-Key"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_change_that_breaks_clients_is_told(contract, change: Callable[[Document], None], told):
    changed = copy.deepcopy(contract)
    change(changed)
    assert told in broken(lines_of(contract), lines_of(changed))


def add_an_optional_member(document: Document) -> None:
    schema(document, "NewNomination")["properties"]["note"] = {"type": "string"}


def answer_more(document: Document) -> None:
    schema(document, "NominationBody")["properties"]["note"] = {"type": "string"}
    schema(document, "NominationBody")["required"].append("note")


def tell_the_choices_of_an_answer(document: Document) -> None:
    document["components"]["schemas"]["AwardTitle"] = {"type": "string", "enum": ["先进集体", "先进个人"]}
    schema(document, "PublicAward")["properties"]["decision_number"] = {"$ref": "#/components/schemas/AwardTitle"}


def add_an_operation_that_demands(document: Document) -> None:
    operation = copy.deepcopy(document["paths"]["/v1/nominations"]["post"])
    operation["operationId"] = "create_something_new"
    operation["parameters"][0]["required"] = True
    document["paths"]["/v1/something-new"] = {"post": operation}


@pytest.mark.parametrize(
    "change",
    [add_an_optional_member, answer_more, tell_the_choices_of_an_answer, add_an_operation_that_demands],
)
def test_a_change_that_clients_do_not_notice_is_free(contract, change: Callable[[Document], None]):
    changed = copy.deepcopy(contract)
    change(changed)
    assert broken(lines_of(contract), lines_of(changed)) == []


RELEASED_LINES = {"promise list_awards is GET /v1/awards", "demand NewAward needs serials"}
MORE = {"promise list_prizes is GET /v1/prizes"}


@pytest.mark.parametrize(
    ("released", "version", "now", "owed"),
    [
        ("0.3.1", "0.3.1", RELEASED_LINES, None),
        ("0.3.1", "0.3.1", RELEASED_LINES | MORE, "0.4.0"),
        ("0.3.1", "0.4.0", RELEASED_LINES | MORE, None),
        ("0.3.1", "0.3.2", MORE, "0.4.0"),
        ("1.3.1", "1.3.1", RELEASED_LINES, None),
        ("1.3.1", "1.3.2", RELEASED_LINES | MORE, "1.4.0"),
        ("1.3.1", "1.10.0", RELEASED_LINES | MORE, None),
        ("1.3.1", "1.3.1", RELEASED_LINES - {"demand NewAward needs serials"}, "1.4.0"),
        ("1.3.1", "1.4.0", MORE, "2.0.0"),
        ("1.3.1", "2.0.0", MORE, None),
    ],
)
def test_the_version_rises_with_what_the_contract_promises(released, version, now, owed):
    assert version_owed(version, RELEASED_LINES | {f"version {released}"}, now) == owed


def test_the_version_of_this_contract_is_high_enough(contract):
    assert version_owed(CONTRACT_VERSION, set(RELEASED.read_text("utf-8").splitlines()), lines_of(contract)) is None
