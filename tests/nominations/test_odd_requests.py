"""No input is answered by “our fault”."""

import pytest

from tests.factories import Office
from tests.nominations.odd_requests import OddRequests
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
