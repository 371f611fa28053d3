"""Jobs belong to the transaction that asks for them, and outlive the worker that had them in hand."""

import asyncio

import pytest
from sqlalchemy import text

from services.nominations.figures import count_facts
from services.nominations.notifications.jobs import Work, enqueue, work_until_done
from services.nominations.settings import NominationsSettings

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
