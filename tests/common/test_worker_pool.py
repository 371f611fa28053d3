"""CPU work runs in processes that may be busy, die or hang without harming the service."""

import asyncio
import math
import os
import signal
import sys
import time

import pytest

from services.common.worker_pool import (
    JobStarved,
    JobTimeout,
    WorkerCrashed,
    WorkerPool,
    WorkersBusy,
)

ORPHAN = """
import asyncio, os, time
from services.common.worker_pool import WorkerPool
async def main():
    pool = WorkerPool(workers=1, queue_limit=0)
    await pool.start()
    print(await pool.run(os.getpid), flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""


@pytest.fixture
async def pool():
    pool = WorkerPool(workers=1, queue_limit=1, time_limit=1.0)
    await pool.start()
    yield pool
    await pool.close()


async def test_a_job_that_comes_while_the_pool_begins_waits_for_a_worker():
    async with WorkerPool(workers=1, queue_limit=0) as beginning:
        assert await beginning.run(math.sqrt, 4.0) == 2.0


async def test_what_keeps_a_worker_from_starting_is_told_to_whoever_waits_for_it():
    async with WorkerPool(workers=1, queue_limit=0, preload=("no_module_of_this_name",)) as broken:
        with pytest.raises(ModuleNotFoundError):
            await broken.ready()


async def test_a_job_runs_in_another_process(pool):
    assert await pool.run(os.getpid) != os.getpid()


async def test_a_job_yields_a_busy_core_to_the_answers_of_its_server(pool):
    assert await pool.run(os.nice, 0) == min(19, os.nice(0) + 10)


async def test_what_a_job_raises_reaches_its_caller(pool):
    with pytest.raises(ValueError, match=r"math domain error|nonnegative"):
        await pool.run(math.sqrt, -1.0)


async def test_beyond_the_queue_limit_a_job_is_refused_at_once(pool):
    taken = [asyncio.create_task(pool.run(time.sleep, 0.2)) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(WorkersBusy):
        await pool.run(os.getpid)
    assert await asyncio.gather(*taken) == [None, None]


async def test_a_job_whose_worker_is_killed_is_done_by_a_new_one(pool):
    first = await pool.run(os.getpid)
    job = asyncio.create_task(pool.run(time.sleep, 0.5))
    await asyncio.sleep(0.2)
    os.kill(first, signal.SIGKILL)
    assert await job is None
    assert await pool.run(os.getpid) != first


async def test_a_worker_killed_while_idle_is_replaced(pool):
    first = await pool.run(os.getpid)
    os.kill(first, signal.SIGKILL)
    assert await pool.run(os.getpid) != first


async def test_a_job_that_kills_every_worker_fails_and_the_next_one_runs(pool):
    with pytest.raises(WorkerCrashed):
        await pool.run(os._exit, 1)
    assert await pool.run(math.sqrt, 4.0) == 2.0


async def test_a_job_that_uses_up_its_processor_time_is_ended_with_its_worker(pool):
    first = await pool.run(os.getpid)
    with pytest.raises(JobTimeout):
        await pool.run(sum, range(10**12))
    assert await pool.run(os.getpid) != first


async def test_a_job_that_got_no_processor_time_is_not_said_to_have_used_it_up(pool):
    first = await pool.run(os.getpid)
    with pytest.raises(JobStarved):
        await pool.run(time.sleep, 30)
    assert await pool.run(os.getpid) != first


async def test_a_job_may_be_slow_by_the_clock(pool):
    assert await pool.run(time.sleep, 1.5) is None


async def test_a_worker_stays_busy_when_its_caller_goes_away(pool):
    job = asyncio.create_task(pool.run(time.sleep, 0.4))
    await asyncio.sleep(0.1)
    job.cancel()
    started = time.monotonic()
    await pool.run(os.getpid)
    assert time.monotonic() - started > 0.2


async def test_a_worker_is_replaced_after_its_share_of_jobs():
    pool = WorkerPool(workers=1, queue_limit=0, jobs_per_worker=2)
    await pool.start()
    first, second, third = [await pool.run(os.getpid) for _ in range(3)]
    await pool.close()
    assert (first == second, second == third) == (True, False)


async def test_a_closed_pool_takes_no_job(pool):
    await pool.close()
    with pytest.raises(WorkersBusy):
        await pool.run(os.getpid)


async def test_workers_end_with_a_parent_that_is_killed():
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", ORPHAN, stdout=asyncio.subprocess.PIPE)
    assert int(await parent.stdout.readline()) > 0
    parent.kill()
    rest = await asyncio.wait_for(parent.stdout.read(), 10)  # ends when the last holder of the pipe has gone
    assert (rest, await parent.wait()) == (b"", -signal.SIGKILL)
