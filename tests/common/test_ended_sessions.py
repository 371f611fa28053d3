"""What a service hears of ended sessions: in the background, in nobody's name, and without auth it goes on."""

import asyncio
import logging
import time
from datetime import UTC, datetime, timedelta

import pytest

from services.common.callers.ended_sessions import EndedSessions
from services.common.problems import Unavailable
from services.common.request_context import request_id


def feed(*, as_of: datetime | None = None, **ended: float) -> dict:
    return {"as_of": (as_of or datetime.now(UTC)).isoformat(), "kids": ["k"], "ended": ended}


async def test_it_asks_under_no_callers_request_id_and_in_no_callers_trace():
    asked_under = []

    async def fetch(_since: str) -> dict:
        asked_under.append(request_id.get())
        return feed()

    mine = request_id.set("of a caller")
    await EndedSessions(fetch).keep_up()
    request_id.reset(mine)
    assert asked_under == [""]


async def test_many_requests_ask_once():
    asked = []

    async def fetch(since: str) -> dict:
        asked.append(since)
        return feed()

    sessions = EndedSessions(fetch)
    for _ in range(5):
        await sessions.keep_up()
    assert asked == [""]


async def test_what_ended_is_known_from_the_first_answer_on():
    async def fetch(_since: str) -> dict:
        return feed(over=time.time() + 60)

    sessions = EndedSessions(fetch)
    await sessions.keep_up()
    assert ("over" in sessions, "running" in sessions, sessions.kids) == (True, False, frozenset("k"))


async def test_while_auth_is_away_nothing_is_taken_out_of_force():
    async def fetch(_since: str) -> dict:
        raise Unavailable

    sessions = EndedSessions(fetch)
    await sessions.keep_up()
    assert ("over" in sessions, sessions.kids) == (False, None)


@pytest.mark.parametrize(("ahead", "told"), [(60, [60]), (-60, [-60]), (2, [])])
async def test_a_clock_that_goes_otherwise_than_that_of_auth_is_told_once_a_minute(ahead, told, caplog):
    async def fetch(_since: str) -> dict:
        return feed(as_of=datetime.now(UTC) - timedelta(seconds=ahead))

    sessions = EndedSessions(fetch)
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            sessions._asked_at = float("-inf")  # two seconds later
            await sessions.keep_up()
            await asyncio.sleep(0)
    assert [record.seconds_ahead for record in caplog.records] == told
