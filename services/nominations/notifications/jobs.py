"""Work after the deed: jobs in PostgreSQL, put there in the deed's own transaction, done by whichever replica is free.

Jobs only tell people and machines. No legal fact waits for one: a queue that stands still delays a message, nothing else.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, partial
from typing import TYPE_CHECKING

import asyncpg
from pgqueuer import PgQueuer
from pgqueuer.db import AsyncpgDriver, AsyncpgPoolDriver
from pgqueuer.domain.settings import DBSettings
from pgqueuer.domain.types import Channel, QueueExecutionMode
from pgqueuer.errors import PgqException, RetryRequested
from pgqueuer.executors import DatabaseRetryEntrypointExecutor
from pgqueuer.models import Job, Schedule
from pgqueuer.queries import Queries
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.db import driver_of
from services.nominations.tables import SCHEMA

if TYPE_CHECKING:
    from pgqueuer.executors import AbstractEntrypointExecutor, EntrypointExecutorParameters

log = logging.getLogger(__name__)
_SETTINGS = DBSettings(db_schema=SCHEMA, channel=Channel(f"{SCHEMA}_jobs"))
_LOOK_AGAIN = timedelta(seconds=10)
"""How long a job of a worker that died may lie beyond its heartbeat, and how soon a lost notification is made good."""
_HEARTBEAT = timedelta(seconds=30)
_RESTART_SECONDS = 3
_STOP_SECONDS = 5
_MORNING = "0 1 * * *"
"""09:00 in China: the queue reads it in UTC."""

Handler = Callable[[str], Awaitable[None]]
"""Does the job with this payload. Whatever it raises puts the job off; `RetryRequested` says for how long."""


@dataclass(frozen=True, slots=True)
class Work:
    """What a worker can do: handlers by job name, and what is done every morning."""

    handlers: Mapping[str, Handler]
    every_morning: Callable[[], Awaitable[None]]


def install_sql() -> str:
    """The queue's own tables, as its library makes them; for the migration."""
    return _queries_over(None).qbe.build_install_query(create_schema=False)


async def enqueue(session: AsyncSession, name: str, payloads: list[str]) -> None:
    """Puts jobs into the queue with the transaction in hand: they are there when it commits, and only then."""
    if not payloads:
        return
    connection = await driver_of(session)
    assert connection.is_in_transaction()  # a reader's would put it in at once
    queries = _queries_over(AsyncpgDriver(connection))
    await queries.enqueue([name] * len(payloads), [payload.encode() for payload in payloads], [0] * len(payloads))


async def work_until_cancelled(url: str, work: Work) -> None:
    """Works through whatever happens to the database: it says so in the log and begins again."""
    while True:
        try:
            await _work(url, work, mode=QueueExecutionMode.continuous)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, PgqException) as trouble:
            log.warning("jobs put off", extra={"error": type(trouble).__name__})
        except Exception as trouble:
            log.exception("jobs failed", extra={"error": type(trouble).__name__})
        await asyncio.sleep(_RESTART_SECONDS)


async def work_until_done(url: str, work: Work) -> None:
    """Does every job that is due, and ends."""
    await _work(url, work, mode=QueueExecutionMode.drain)


async def _work(url: str, work: Work, *, mode: QueueExecutionMode) -> None:
    dsn = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    pool = await asyncpg.create_pool(dsn, min_size=1, max_size=3, server_settings={"jit": "off"})
    try:
        driver = AsyncpgPoolDriver(pool)
        queue = PgQueuer(driver, channel=_SETTINGS.channel, queries=_queries_over(driver))
        for name, handler in work.handlers.items():
            queue.entrypoint(name, on_failure="hold", executor_factory=_patient)(partial(_handle, name, handler))
        if mode is QueueExecutionMode.drain:
            await queue.qm.run(mode=mode, batch_size=20)
            return
        queue.schedule("every_morning", _MORNING)(partial(_in_the_morning, work))
        running = asyncio.create_task(
            queue.run(dequeue_timeout=_LOOK_AGAIN, heartbeat_timeout=_HEARTBEAT, shutdown_on_listener_failure=True)
        )
        try:
            await asyncio.shield(running)
        finally:
            queue.shutdown.set()
            await _ended(running)
    finally:
        pool.terminate()  # a pool whose server died would wait for its connections for ever


async def _ended(running: "asyncio.Task[None]") -> None:
    """Waits so long for jobs in hand as is polite, and not for ever: another worker takes up what is left."""
    _, still = await asyncio.wait({running}, timeout=_STOP_SECONDS)
    if still:
        running.cancel()
        await asyncio.wait({running}, timeout=1)
    if running.done() and not running.cancelled():
        running.exception()  # looked at: whoever waited has been told


@cache
def _settled() -> Queries:
    """With our settings, over no driver yet. Once: the library reads the environment for each of its builders."""
    queries = Queries(None)  # type: ignore[arg-type]
    for builder in (queries.qbe, queries.qbq, queries.qbs):
        builder.settings = _SETTINGS
    return queries


def _queries_over(driver: object) -> Queries:
    queries = copy(_settled())
    queries.driver = driver  # type: ignore[assignment]  # None where only its SQL is wanted
    return queries


def _patient(parameters: "EntrypointExecutorParameters") -> "AbstractEntrypointExecutor":
    """Tried again for about a day, then kept as failed for a person to look at."""
    return DatabaseRetryEntrypointExecutor(
        parameters, max_attempts=40, initial_delay=timedelta(seconds=2), max_delay=timedelta(minutes=40)
    )


async def _handle(name: str, handler: Handler, job: Job) -> None:
    try:
        await handler((job.payload or b"").decode())
    except RetryRequested:
        raise
    except Exception as trouble:
        log.warning("job put off", extra={"job": name, "attempt": job.attempts, "error": type(trouble).__name__})
        raise


async def _in_the_morning(work: Work, _schedule: Schedule) -> None:
    await work.every_morning()
