"""Who waits is told at once: one connection a process listens for changes of cases and wakes those whom they concern.

A wake-up says only: look again. Whatever is lost on the way (a restart of the database, a full queue) costs a second look,
never a change, because every wait begins and ends with one. Nobody holds a connection of the pool while waiting.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import asyncpg
from sqlalchemy.engine import make_url

from services.common.callers.tokens import Caller
from services.common.health import LEAVING, Leaving
from services.nominations.domain.workflow import Role

log = logging.getLogger(__name__)
_CHANNEL = "nomination_changes"
_AGAIN_AFTER_SECONDS = 1.0
_LOOK_SECONDS = 0.5
"""How often the process is asked whether it was told to stop."""


@dataclass(frozen=True, slots=True)
class Change:
    """Whom a changed case concerns."""

    campaign_key: str
    quota_unit: str
    unit_id: str
    nominee: str


@dataclass(eq=False, slots=True)
class Waiter:
    """Somebody who waits for cases of theirs to change."""

    concerned: Callable[[Change], bool]
    woken: asyncio.Event = field(default_factory=asyncio.Event)


class LiveFeed:
    """All waits of this process; `most` of them at a time."""

    def __init__(self, url: str, *, most: int, stream_seconds: int = 600, leaving: Leaving = LEAVING) -> None:
        self._dsn = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._most = most
        self.stream_seconds = stream_seconds
        self._leaving = leaving
        self.waiters: set[Waiter] = set()
        self.ending = False

    @contextmanager
    def waiter(self, concerned: Callable[[Change], bool]) -> Iterator[Waiter | None]:
        """None when too many wait already, or the process is about to end: look once and come back later."""
        if self.ending or len(self.waiters) >= self._most:
            yield None
            return
        waiter = Waiter(concerned)
        self.waiters.add(waiter)
        try:
            yield waiter
        finally:
            self.waiters.discard(waiter)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(work(), name="live") for work in (self._listen_for_ever, self._watch_for_the_end)]
        try:
            yield
        finally:
            self._end()
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    async def _listen_for_ever(self) -> None:
        while True:
            try:
                await self._listen()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as trouble:
                log.warning("live feed lost its connection", extra={"error": type(trouble).__name__})
            except Exception as trouble:  # a server that dies says whatever it likes
                log.exception("live feed failed", extra={"error": type(trouble).__name__})
            await asyncio.sleep(_AGAIN_AFTER_SECONDS)

    async def _listen(self) -> None:
        connection = await asyncpg.connect(self._dsn, timeout=5)
        lost = asyncio.Event()
        connection.add_termination_listener(lambda _: lost.set())
        try:
            await connection.add_listener(_CHANNEL, self._heard)
            self._wake_all()  # whatever happened while nobody listened
            await lost.wait()
        finally:
            connection.terminate()

    def _heard(self, _connection: Any, _pid: int, _channel: str, payload: object) -> None:
        parts = str(payload).split("|")
        if len(parts) != 4:
            return
        change = Change(*parts)
        for waiter in self.waiters:
            if waiter.concerned(change):
                waiter.woken.set()

    async def _watch_for_the_end(self) -> None:
        """uvicorn waits for requests in hand before it ends the application: so the waits end first."""
        while not self._leaving.stopping:  # noqa: ASYNC110  told by a signal handler, perhaps in another thread
            await asyncio.sleep(_LOOK_SECONDS)
        self._end()

    def _end(self) -> None:
        self.ending = True
        self._wake_all()

    def _wake_all(self) -> None:
        for waiter in self.waiters:
            waiter.woken.set()


def concerns(caller: Caller, campaign_key: str) -> Callable[[Change], bool]:
    """Whether a change may be one of the caller's cases. Wide for the city; the look that follows is exact."""
    city = bool(caller.roles & {Role.CITY_OFFICER, Role.CITY_REVIEWER})
    county = bool(caller.roles & {Role.COUNTY_OFFICER, Role.COUNTY_REVIEWER})
    unit = bool(caller.roles & {Role.UNIT_CLERK, Role.UNIT_HEAD})
    bodies = {str(each) for each in caller.organisations}
    person = str(caller.person_id) if Role.NOMINEE in caller.roles else None

    def concerned(change: Change) -> bool:
        return change.campaign_key == campaign_key and (
            city
            or (county and change.quota_unit == caller.jurisdiction)
            or (unit and change.unit_id in bodies)
            or (person is not None and change.nominee == person)
        )

    return concerned
