"""One engine per service; a reader in AUTOCOMMIT, and a transaction that is committed before the answer is sent."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Annotated, Any, cast

import asyncpg
from fastapi import Depends, Request
from sqlalchemy import Connection, Engine, ExceptionContext, PoolProxiedConnection, event
from sqlalchemy.dialects.postgresql.asyncpg import AsyncAdapt_asyncpg_dbapi
from sqlalchemy.exc import DisconnectionError, IntegrityError, InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session
from sqlalchemy.util import greenlet_spawn

from services.common.problems import Unavailable

log = logging.getLogger(__name__)

# A statement that waits longer than this answers 503 and leaves its connection to the next caller.
_SERVER_SETTINGS = {
    "statement_timeout": "15000",
    "lock_timeout": "10000",
    "idle_in_transaction_session_timeout": "30000",
    "jit": "off",
}


_PATIENCE_SECONDS = 20.0
"""For an answer of the server, which gives up first when it can: a line that went dead says nothing at all."""


LOST = (
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # what was said to a connection at rest, as a server does that goes away, confused it
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    OSError,
)
"""What asyncpg raises over a connection that nobody can use again."""
_NONE_TO_BE_HAD = (*LOST, asyncpg.InsufficientResourcesError)
"""What it raises instead of a connection: the server is away, recovers (57P03) or has none left (53300)."""
_DATABASE, _LANE, _BOUND, _AT_THE_END = "database", "lane", "bound", "at the end"
"""What a session knows in its `info`."""


class Database:
    """The engine and its two ways in. Sessions are short: no call to another service happens inside one."""

    def __init__(self, url: str, *, pool_size: int, application: str, patience: float = _PATIENCE_SECONDS) -> None:
        self.engine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=15,
            pool_recycle=1800,
            hide_parameters=True,  # an error message must not carry personal data
            connect_args={
                "timeout": 5,
                "command_timeout": patience,
                "server_settings": {**_SERVER_SETTINGS, "application_name": application},
            },
        )
        # One dead connection means that the server went away: drop them all, so that recovery needs no hand.
        event.listen(self.engine.sync_engine, "handle_error", _invalidate_whole_pool)
        event.listen(self.engine.sync_engine, "checkout", self._refuse_lost)
        self._fell_silent = False
        reader = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._readers = async_sessionmaker(
            reader, expire_on_commit=False, autoflush=False, sync_session_class=_LateSession
        )
        self._writers = async_sessionmaker(self.engine, expire_on_commit=False, sync_session_class=_LateSession)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """Single reads, each its own statement: no BEGIN and ROLLBACK around them.

        A connection is taken by the first of them, and kept for the others.
        """
        session = self._readers(info={_DATABASE: self})
        try:
            yield session
        finally:
            lane: _Lane | None = session.info.get(_LANE)
            if lane is not None:
                await greenlet_spawn(_release, session.sync_session, lane.pooled)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """All or nothing: committed on leaving, rolled back by any exception. Raises Unavailable when there is no connection.

        It begins past SQLAlchemy, whose session joins it when one is needed.
        """
        lane = await self.lane()
        adapter: Any = lane.pooled.dbapi_connection
        session = self._writers(info={_DATABASE: self, _LANE: lane})
        try:
            with lane.watched():
                await adapter._start_transaction()  # by itself it begins with the first statement of a cursor
            yield session
            if lane.refused:
                raise RuntimeError("a statement was refused: COMMIT would be answered and keep nothing")
            for holds in session.info.get(_AT_THE_END, ()):
                holds()
            with lane.watched():
                await greenlet_spawn(_commit, session.sync_session, adapter)
        finally:
            await greenlet_spawn(_release, session.sync_session, lane.pooled)

    async def fetch(self, statement: str, *values: object) -> list[Any]:
        """The fast lane: one statement, prepared by asyncpg, on a connection of the same pool, without a transaction.

        Raises Unavailable when there is none, or it is lost on the way.
        """
        lane = await self.lane()
        try:
            return await lane.fetch(statement, *values)
        finally:
            await greenlet_spawn(lane.pooled.close)

    async def lane(self) -> "_Lane":
        """A connection of the pool, for whoever gives it back. Raises Unavailable when none can be had for now."""
        try:
            with _as_asyncpg_says():
                return _Lane(self, await self.engine.raw_connection())
        except _NONE_TO_BE_HAD as error:
            log.warning("database unavailable", extra={"error": type(error).__name__})
            raise Unavailable from None

    def lose(self, pooled: PoolProxiedConnection, error: Exception) -> None:
        """Gives a connection up; where the server said nothing, with the next checkout all that are as old."""
        pooled.invalidate()
        if not isinstance(error, asyncpg.PostgresError):
            self._fell_silent = True

    def _refuse_lost(self, connection: Any, _record: object, _proxy: object) -> None:
        """A connection that the server closed is replaced before anybody uses it: asyncpg knows, without asking.

        So is one in whose transaction somebody left: what the next one writes would never be committed.
        """
        if self._fell_silent:
            self._fell_silent = False
            raise InvalidatePoolError
        if connection.driver_connection.is_closed() or connection.driver_connection.is_in_transaction():
            raise DisconnectionError

    async def close(self) -> None:
        await self.engine.dispose()


class _Lane:
    """A pooled connection past SQLAlchemy."""

    def __init__(self, database: Database, pooled: PoolProxiedConnection) -> None:
        self.database = database
        self.pooled = pooled
        self.refused = False
        """A statement failed: PostgreSQL takes COMMIT for ROLLBACK from here on, and says nothing."""

    async def fetch(self, statement: str, *values: object) -> list[Any]:
        """Raises Unavailable when the connection is lost on the way."""
        driver: Any = self.pooled.driver_connection
        with self._given_up_or_lost():
            rows: list[Any] = await driver.fetch(statement, *values)
        return rows

    @contextmanager
    def watched(self) -> Iterator[None]:
        """The same for what SQLAlchemy's adapter does."""
        with self._given_up_or_lost(), _as_asyncpg_says():
            yield

    @contextmanager
    def _given_up_or_lost(self) -> Iterator[None]:
        """Who gives up while the server works leaves it nobody knows where, in the middle of BEGIN for instance."""
        try:
            yield
        except LOST as error:
            self.database.lose(self.pooled, error)
            raise Unavailable from None
        except asyncpg.PostgresError:
            self.refused = True
            raise
        except asyncio.CancelledError:
            if self.pooled.is_valid:  # SQLAlchemy has not done so already
                self.pooled.invalidate()
            raise


@contextmanager
def _as_asyncpg_says() -> Iterator[None]:
    """The adapter's errors are the driver's own, wrapped: the driver's are what we know."""
    try:
        yield
    except AsyncAdapt_asyncpg_dbapi.Error as error:
        raise (error.__cause__ or error) from None


class _LateSession(Session):
    """Joins the connection in hand when it is first used: whoever only uses `fetch` never pays for it."""

    def get_bind(self, *_: object, **_options: object) -> Connection:
        bound: Connection | None = self.info.get(_BOUND)
        if bound is None:
            lane: _Lane | None = self.info.get(_LANE)
            engine = cast("Engine", self.bind)
            bound = self.info[_BOUND] = Connection(engine, connection=lane.pooled if lane else None)
            if lane is None:  # a reader's first statement
                self.info[_LANE] = _Lane(self.info[_DATABASE], bound.connection)
        return bound


def _commit(session: Session, adapter: Any) -> None:
    if session.in_transaction():
        session.commit()
    adapter.commit()


def _release(session: Session, pooled: PoolProxiedConnection) -> None:
    try:
        session.close()
    finally:
        pooled.close()


async def fetch(session: AsyncSession, statement: str, *values: object) -> list[Any]:
    """One statement on the connection in hand, past SQLAlchemy: a fifth of the price, for what is sent often.

    What the session holds back is written first. Raises IntegrityError as the session would, Unavailable when the
    connection is lost.
    """
    await write_held_back(session)
    try:
        return await (await _lane_of(session)).fetch(statement, *values)
    except asyncpg.IntegrityConstraintViolationError as error:
        raise IntegrityError(None, None, error) from error


def at_the_end(session: AsyncSession, holds: Callable[[], None]) -> None:
    """Asked when the transaction would be committed; what it raises rolls everything back."""
    session.info.setdefault(_AT_THE_END, []).append(holds)


async def write_held_back(session: AsyncSession) -> None:
    """What the session will write in the end, now. Costs nothing where it was not used."""
    if session.in_transaction() and (session.new or session.dirty or session.deleted):
        await session.flush()


async def driver_of(session: AsyncSession) -> Any:
    """asyncpg's connection, for a library that speaks to it."""
    return (await _lane_of(session)).pooled.driver_connection


async def _lane_of(session: AsyncSession) -> _Lane:
    lane: _Lane | None = session.info.get(_LANE)
    if lane is None:  # a reader's first statement
        database: Database = session.info[_DATABASE]
        lane = session.info[_LANE] = await database.lane()
    return lane


def _invalidate_whole_pool(context: ExceptionContext) -> None:
    if isinstance(context.original_exception, TimeoutError | asyncpg.InternalClientError):
        context.is_disconnect = True  # nothing came back, or nonsense: a rollback over this line would wait for ever
    if context.is_disconnect and isinstance(context.original_exception, Exception):  # not: somebody gave up
        context.invalidate_pool_on_disconnect = True


def get_database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


async def _reading(request: Request) -> AsyncIterator[AsyncSession]:
    async with get_database(request).reading() as session:
        yield session


async def _transaction(request: Request) -> AsyncIterator[AsyncSession]:
    async with get_database(request).transaction() as session:
        yield session


# scope="function": the commit happens before the response is sent, so a failed commit is never answered with 200.
Reading = Annotated[AsyncSession, Depends(_reading, scope="function")]
Transaction = Annotated[AsyncSession, Depends(_transaction, scope="function")]
