"""The counted security log goes on through whatever the database says."""

import asyncio

import pytest

from services.common.db import Database
from services.common.security_log.counted_events import CountedEvents
from tests.refusing_postgres import (
    NONSENSE,
    RECOVERING,
    WITH_ANOTHER_PASSWORD,
    WITHOUT_A_CONNECTION_LEFT,
    RefusingPostgres,
)

ANSWERS = {
    "recovering": RECOVERING,
    "full": WITHOUT_A_CONNECTION_LEFT,
    "another password": WITH_ANOTHER_PASSWORD,
    "dying": NONSENSE,
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
async def test_what_the_database_does_not_take_is_kept_and_tried_again_each_turn(answer):
    postgres = RefusingPostgres(answer)
    async with postgres.listening():
        database = Database(postgres.url, pool_size=1, application="refused")
        counted = CountedEvents(database, schema="auth")
        counted.note("access_refused", person_id=None, refused="not_found")
        async with counted.written_regularly(seconds=0.01), asyncio.timeout(10):
            while postgres.asked < 3:  # noqa: ASYNC110  looks from outside
                await asyncio.sleep(0.01)
        await database.close()
    assert list(counted._times.values()) == [1]
