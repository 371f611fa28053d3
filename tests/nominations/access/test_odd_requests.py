"""No input is answered by “our fault”."""

import re
from uuid import uuid4

import pytest

from services.common.lists.paging import page_token
from tests.factories import Office
from tests.nominations.access.odd_requests import OddRequests
from tests.the_contract import the_contract

PEOPLE = ["kelan-clerk", "kelan-head", "kelan-hrss", "kelan-office", "city-iit", "city-office", "admin"]
"""Of a county that no other test works in: some odd requests succeed."""


@pytest.mark.parametrize("seed", range(4))
async def test_no_odd_request_is_an_internal_error(client, seed):
    office = Office(client, "tests-with-many-seats", place="kelan")
    ids = [(await office.draft()).json()["id"] for _ in range(2)]
    requests = OddRequests(the_contract(), ids, seed)
    failures = []
    for number, (method, path, request) in enumerate(requests.stream(rounds=4)):
        answer = await office.send(PEOPLE[number % len(PEOPLE)], method, path, **request)
        if answer.status_code >= 500:
            failures.append((method, path, answer.status_code, answer.text[:200]))
    assert failures == []


ODD_KEYS = (
    [10**30],
    [-1],
    ["0001-01-01T00:00:00+14:00", "0193a3a8-1111-7111-8111-111111111111"],
    ["2025-01-01T00:00:00", "0193a3a8-1111-7111-8111-111111111111"],
    ["2025-01-01", "0193a3a8-1111-7111-8111-111111111111"],
    ["\x00", "\x00"],
    ["a" * 200, 1, 2],
)


@pytest.mark.parametrize("username", ["kelan-clerk", "kelan-office", "city-office", "security", "audit"])
async def test_no_page_token_that_somebody_made_up_is_an_internal_error(client, username):
    office = Office(client, "tests-with-many-seats", place="kelan")
    lists = [
        path
        for path, item in the_contract()["paths"].items()
        if any(each.get("name") == "page_token" for each in item.get("get", {}).get("parameters", ()))
    ]
    names = {"key": office.campaign, "nomination_id": (await office.draft()).json()["id"]}
    failures = []
    for path in lists:
        address = re.sub(r"\{(\w+)\}", lambda found: names.get(found[1], str(uuid4())), path)
        for key in ODD_KEYS:
            params = {"page_token": page_token(*key), "campaign_key": office.campaign}
            answer = await office.send(username, "GET", address, params=params)
            failures += [(path, key, answer.text[:200])] if answer.status_code >= 500 else []
    assert (len(lists) > 10, failures) == (True, [])
