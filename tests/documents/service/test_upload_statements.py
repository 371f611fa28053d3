"""What a plain upload asks of PostgreSQL: every statement is one way there and back, and a share of each upload's price."""

import asyncio
from collections import Counter

import httpx

from services.documents.resources import Resources
from tests.documents.service.steps import fresh_portrait, open_case, upload
from tests.sent_statements import statements_of


async def test_a_new_portrait_is_taken_in_by_six_statements_and_one_transaction(
    http: httpx.AsyncClient, resources: Resources
) -> None:
    case, content = await open_case(http), fresh_portrait()
    with statements_of(resources.database) as sent:
        answer = await upload(http, case.nominee, case.bundle_id, content)
        await asyncio.sleep(0)  # asyncpg tells of a query in the loop's next turn
    assert answer.status_code == 201
    assert Counter(each.split()[0].rstrip(";") for each in sent) == {
        "SELECT": 3,
        "WITH": 2,
        "INSERT": 1,
        "BEGIN": 1,
        "COMMIT": 1,
    }
