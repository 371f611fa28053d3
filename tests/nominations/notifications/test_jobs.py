"""Jobs belong to the transaction that asks for them, and outlive the worker that had them in hand."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
from sqlalchemy import text

from services.nominations.figures import count_facts
from services.nominations.notifications.event_queue import MORNING
from services.nominations.notifications.job_handlers import work_of
from services.nominations.notifications.jobs import Work, enqueue, work_until_done
from services.nominations.settings import NominationsSettings
from tests.factories import Office
from tests.nominations.notifications.test_notifications import reminders

NAME = "a-job-of-the-tests"


class Undone(Exception):
    """The transaction is rolled back."""


@pytest.fixture
def done() -> list[str]:
    return []


@pytest.fixture
def work(done):
    """Does only the jobs of these tests."""

    async def do(payload: str) -> None:
        done.append(payload)

    async def nothing() -> None:
        return None

    async def work() -> None:
        async with asyncio.timeout(20):
            await work_until_done(
                NominationsSettings().database_url.get_secret_value(), Work({NAME: do}, every_morning=nothing)
            )

    return work


async def asked_for_and_undone(context) -> None:
    async with context.database.transaction() as session:
        await session.execute(text("SELECT 1"))
        await enqueue(session, NAME, ["rolled back"])
        raise Undone


async def test_a_job_is_done_once_its_transaction_is_committed(context, work, done):
    async with context.database.transaction() as session:
        await session.execute(text("SELECT 1"))
        await enqueue(session, NAME, ["committed"])
    await work()
    assert done == ["committed"]


async def facts_of_the_job(context) -> dict[str, float]:
    return {fact.name: fact.value for fact in await count_facts(context) if dict(fact.labels).get("job") == NAME}


async def test_a_job_that_is_due_is_counted_with_its_age_until_it_is_done(context, work, done):
    async with context.database.transaction() as session:
        await session.execute(text("SELECT 1"))
        await enqueue(session, NAME, ["counted"])
    waiting = await facts_of_the_job(context)
    await work()
    counts = (waiting["xianjin_jobs_due"], waiting["xianjin_jobs_failed"], waiting["xianjin_outbox_age_seconds"] > 0)
    assert (counts, await facts_of_the_job(context)) == ((1, 0, True), {})


async def test_a_job_goes_with_the_transaction_that_is_rolled_back(context, work, done):
    with pytest.raises(Undone):
        await asked_for_and_undone(context)
    await work()
    assert done == []


async def test_what_a_dead_worker_had_in_hand_is_done_by_another(context, work, done):
    async with context.database.transaction() as session:
        await session.execute(text("SELECT 1"))
        await enqueue(session, NAME, ["left behind"])
        taken = "UPDATE nominations.pgqueuer SET status = 'picked', queue_manager_id = gen_random_uuid(), "
        await session.execute(
            text(taken + "heartbeat = now() - interval '31 seconds' WHERE entrypoint = :name"), {"name": NAME}
        )
    await work()
    assert done == ["left behind"]


async def test_many_workers_at_once_do_each_job_once(context, work, done):
    async with context.database.transaction() as session:
        await session.execute(text("SELECT 1"))
        await enqueue(session, NAME, [str(number) for number in range(200)])
    await asyncio.gather(*(work() for _ in range(4)))
    assert sorted(map(int, done)) == list(range(200))


@pytest.fixture
async def broken(stack) -> AsyncIterator[asyncpg.Connection]:
    """Nothing of one campaign can be told, until the trigger is gone."""
    database = await asyncpg.connect(stack.postgres.superuser_url.rpartition("/")[0] + "/xianjin", ssl=False)
    await database.execute("""
        CREATE FUNCTION nominations.tests_refuse() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'out of order'; END $$;
        CREATE TRIGGER tests_refuse BEFORE INSERT ON nominations.notifications FOR EACH ROW
            WHEN (NEW.campaign_key = 'tests-batch') EXECUTE FUNCTION nominations.tests_refuse();
    """)
    try:
        yield database
    finally:
        await database.execute("DROP FUNCTION nominations.tests_refuse() CASCADE")
        await database.close()


async def morning_jobs(context) -> list[tuple[str, bool]]:
    """Those that are left to do, and whether they were tried."""
    async with context.database.reading() as session:
        left = text("SELECT entrypoint, attempts > 0 FROM nominations.pgqueuer WHERE entrypoint = ANY(:names)")
        return [tuple(row) for row in await session.execute(left, {"names": list(MORNING)})]


async def work_of_a_morning(context) -> None:
    every = work_of(context)
    handlers = {name: every.handlers[name] for name in MORNING}
    async with asyncio.timeout(60):
        url = NominationsSettings().database_url.get_secret_value()
        await work_until_done(url, Work(handlers, every.every_morning))


async def test_what_fails_of_a_morning_takes_nothing_else_with_it_and_is_done_later_once(client, context, broken):
    refused, other = Office(client, "tests-batch"), Office(client, "tests-webhooks")
    await refused.set_clock("2025-02-08T09:00:00+08:00")
    await work_of(context).every_morning()
    working = asyncio.create_task(work_of_a_morning(context))
    for _ in range(300):
        if await morning_jobs(context) == [("remind", True)]:
            break
        await asyncio.sleep(0.2)
    told = [await reminders(each, "contact_form_due", of="daixian-office") for each in (refused, other)]
    await broken.execute("DROP TRIGGER tests_refuse ON nominations.notifications")
    await working
    later = [await reminders(each, "contact_form_due", of="daixian-office") for each in (refused, other)]
    words = ["联系表（附件9）须在2025年2月8日前报送，还未收到"]
    assert (told, later, await morning_jobs(context)) == ([[], words], [words, words], [])
