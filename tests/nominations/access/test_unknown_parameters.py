"""A misspelt filter is refused by name: nobody takes the whole list for the part that they asked for."""

import re
from uuid import UUID

from tests.the_contract import the_contract

SOME_ID = str(UUID(int=1))


def asked_with_parameters() -> list[tuple[str, str]]:
    """Every operation that has query parameters: method and an address."""
    return [
        (method.upper(), re.sub(r"\{[^}]+\}", SOME_ID, path))
        for path, item in the_contract()["paths"].items()
        for method, operation in item.items()
        if any(parameter.get("in") == "query" for parameter in operation.get("parameters", ()))
    ]


def faults(answer) -> list[tuple[str, str]]:
    return [(error["pointer"], error["code"]) for error in answer.json().get("errors", ())]


async def test_every_operation_with_parameters_refuses_one_that_it_does_not_know(client):
    asked = asked_with_parameters()
    answers = [await client.request(method, path, params={"statuss": "1"}) for method, path in asked]
    told = {path: (answer.status_code, faults(answer)) for (_, path), answer in zip(asked, answers, strict=True)}
    assert {
        path: found for path, found in told.items() if found != (422, [("/query/statuss", "unknown_parameter")])
    } == {}


async def test_every_unknown_parameter_is_told_at_once(client):
    answer = await client.get("/v1/publicity-notices", params={"b": "1", "a": "2"})
    assert faults(answer) == [("/query/b", "unknown_parameter"), ("/query/a", "unknown_parameter")]


async def test_what_browsers_and_proxies_add_against_caches_is_let_through(client):
    asked = {"campaign_key": "shanxi-manufacturing-2025", "_": "1764326400"}
    assert (await client.get("/v1/publicity-notices", params=asked)).status_code == 200


async def test_a_page_that_is_shared_may_carry_whatever_its_app_adds(client):
    shared = await client.get(f"/v1/publicity-notices/{SOME_ID}/page", params={"from": "singlemessage"})
    assert shared.status_code == 404
