"""Every route says who may call it."""

from typing import Any

import pytest

from services.auth import audiences as auth
from services.commands.audiences import PAGE, audiences_page
from services.commands.openapi import built_services
from services.contract import contract_of
from services.documents import audiences as documents
from services.nominations import audiences as nominations


@pytest.fixture(scope="module")
def operations() -> dict[str, dict[str, Any]]:
    documents = [contract_of(service) for service in built_services().values()]
    return {
        operation["operationId"]: operation
        for document in documents
        for item in document["paths"].values()
        for operation in item.values()
    }


def test_every_route_says_who_may_call_it(operations):
    assert [name for name, operation in operations.items() if "x-audience" not in operation] == []


def test_every_route_says_which_rows_its_callers_reach(operations):
    assert [name for name, operation in operations.items() if not operation["x-audience"]["rows"]] == []


def test_only_public_routes_ask_for_no_token(operations):
    public = {name for name, operation in operations.items() if operation["x-audience"]["roles"] == ["public"]}
    without_token = {name for name, operation in operations.items() if not operation.get("security")}
    assert without_token == public


def test_no_table_names_a_route_that_is_gone():

    tables = {"auth": auth, "documents": documents, "nominations": nominations}
    gone = {
        name: sorted(tables[name].AUDIENCES.keys() - service.state.audiences.keys())
        for name, service in built_services().items()
    }
    assert gone == {name: [] for name in tables}


def test_the_page_is_what_the_code_says():
    assert PAGE.read_text(encoding="utf-8") == audiences_page()
