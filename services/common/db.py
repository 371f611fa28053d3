"""One engine per service; a reader in AUTOCOMMIT, and a transaction that is committed before the answer is sent."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

import asyncpg
from fastapi import Depends, Request
from sqlalchemy import ExceptionContext, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.util import greenlet_spawn

from services.common.problems import Unavailable

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
        event.listen(self.engine.sync_engine, "checkout", _refuse_closed)
        reader = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._readers = async_sessionmaker(reader, expire_on_commit=False, autoflush=False)
        self._writers = async_sessionmaker(self.engine, expire_on_commit=False)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """Single reads, each its own statement: no BEGIN and ROLLBACK around them."""
        async with self._readers() as session:
            yield session

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """All or nothing: committed on leaving, rolled back by any exception."""
        async with self._writers.begin() as session:
            yield session

    async def fetch(self, statement: str, *values: object) -> list[Any]:
        """The fast lane: one statement, prepared by asyncpg, on a connection of the same pool, without a transaction.

        Raises Unavailable when the connection is lost on the way.
        """
        pooled = await self.engine.raw_connection()
        try:
            driver: Any = pooled.driver_connection
            rows: list[Any] = await driver.fetch(statement, *values)
        except LOST:
            pooled.invalidate()
            raise Unavailable from None
        finally:
            await greenlet_spawn(pooled.close)
        return rows

    async def close(self) -> None:
        await self.engine.dispose()


def _refuse_closed(connection: Any, _record: object, _proxy: object) -> None:
    """A connection that the server closed is replaced before anybody uses it: asyncpg knows, without asking."""
    if connection.driver_connection.is_closed():
        raise DisconnectionError


def _invalidate_whole_pool(context: ExceptionContext) -> None:
    if isinstance(context.original_exception, TimeoutError | asyncpg.InternalClientError):
        context.is_disconnect = True  # nothing came back, or nonsense: a rollback over this line would wait for ever
    if context.is_disconnect:
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
