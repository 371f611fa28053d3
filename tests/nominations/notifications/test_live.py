"""Being told at once how much waits: no connection of the pool is held, waits are bounded, end in time, and outlive a restart."""

import asyncio
import json
import time

import pytest

from services.common.health import Leaving
from services.nominations.notifications.live import LiveFeed
from services.nominations.settings import NominationsSettings
from tests.factories import Office
from tests.refusing_postgres import NONSENSE, RefusingPostgres

PATH = "/v1/work-items/changes"


@pytest.fixture
async def county(client) -> Office:
    return Office(client, "tests-changes")


async def ask(office: Office, who: str, since: str | None = None, wait: int = 10):
    params = {"campaign_key": office.campaign, "wait": wait} | ({"since": since} if since else {})
    answer = await office.send(who, "GET", PATH, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_who_waits_is_told_when_work_arrives(county):
    first = await ask(county, "wutai-hrss")
    waiting = asyncio.create_task(ask(county, "wutai-hrss", first["since"], wait=50))
    await asyncio.sleep(0.1)
    started = time.monotonic()
    await county.collective_at_county()
    answer = await waiting
    assert (answer["waiting"], answer["changed"]) == (first["waiting"] + 1, True)
    assert time.monotonic() - started < 45


async def test_without_a_change_the_wait_is_as_long_as_asked(county):
    first = await ask(county, "wutai-hrss")
    started = time.monotonic()
    answer = await ask(county, "wutai-hrss", first["since"], wait=1)
    assert (answer, time.monotonic() - started >= 1) == (first | {"changed": False}, True)


async def test_a_change_between_two_requests_is_not_missed(county):
    first = await ask(county, "wutai-hrss")
    await county.collective_at_county()
    answer = await ask(county, "wutai-hrss", first["since"], wait=50)
    assert answer["changed"]


async def test_a_hundred_who_wait_hold_no_connection_of_the_pool(county, context):
    since = (await ask(county, "dingxiang-hrss"))["since"]
    waits = [asyncio.create_task(ask(county, "dingxiang-hrss", since, wait=50)) for _ in range(100)]
    async with asyncio.timeout(45):
        while len(context.live.waiters) < 100 or context.database.engine.pool.checkedout():  # noqa: ASYNC110  looks from outside
            await asyncio.sleep(0.1)
    assert not any(wait.done() for wait in waits)
    for wait in waits:
        wait.cancel()
    await asyncio.gather(*waits, return_exceptions=True)
    assert not context.live.waiters


async def test_beyond_the_bound_a_wait_is_answered_at_once_and_told_to_come_back(county, context, monkeypatch):
    since = (await ask(county, "wutai-hrss"))["since"]
    monkeypatch.setattr(context.live, "_most", 0)
    params = {"campaign_key": county.campaign, "wait": 50, "since": since}
    answer = await county.send("wutai-hrss", "GET", PATH, params=params)
    stream = await county.send("wutai-hrss", "GET", "/v1/work-items/stream", params={"campaign_key": county.campaign})
    assert (answer.json()["changed"], answer.headers["retry-after"]) == (False, "10")
    assert (stream.status_code, stream.json()["code"]) == (503, "too_many_waiting")


async def test_the_feed_finds_its_way_back_after_its_connection_was_cut(county, context, environment):
    """As a restart of PostgreSQL cuts it: whoever waits looks again once it listens again."""
    feed = LiveFeed(NominationsSettings().database_url.get_secret_value(), most=5)
    async with feed.running():
        with feed.waiter(lambda _: False) as waiter:
            await asyncio.wait_for(waiter.woken.wait(), 20)
            waiter.woken.clear()
            await context.database.fetch(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = current_user AND query LIKE 'LISTEN%'"
            )
            await asyncio.wait_for(waiter.woken.wait(), 20)


async def test_the_feed_asks_again_whatever_the_database_answered():
    postgres = RefusingPostgres(NONSENSE)
    async with postgres.listening(), LiveFeed(postgres.url, most=5).running(), asyncio.timeout(20):
        while postgres.asked < 2:  # noqa: ASYNC110  looks from outside
            await asyncio.sleep(0.05)


async def test_a_server_told_to_stop_ends_every_wait(environment):
    leaving = Leaving()
    feed = LiveFeed(NominationsSettings().database_url.get_secret_value(), most=5, leaving=leaving)
    async with feed.running():
        with feed.waiter(lambda _: False) as waiter:
            await asyncio.wait_for(waiter.woken.wait(), 20)  # its connection stands
            waiter.woken.clear()
            leaving.stopping = True
            await asyncio.wait_for(waiter.woken.wait(), 20)
        with feed.waiter(lambda _: True) as late:
            assert (feed.ending, late) == (True, None)


async def test_the_stream_sends_events_that_a_browser_reads(county):
    answer = await county.send("wutai-hrss", "GET", "/v1/work-items/stream", params={"campaign_key": county.campaign})
    event = dict(line.split(": ", 1) for line in answer.text.split("\n\n")[1].splitlines())
    told = json.loads(event["data"])
    assert (answer.headers["content-type"], event["event"]) == ("text/event-stream; charset=utf-8", "work_items")
    assert (told, event["id"]) == (await ask(county, "wutai-hrss") | {"changed": True}, told["since"])
