"""What a service sends to PostgreSQL, heard from the driver."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from services.common.db import Database


@contextmanager
def statements_of(database: Database) -> Iterator[list[str]]:
    """Everything that is sent meanwhile, in order, by SQLAlchemy or, in the fast lane, past it."""
    sent: list[str] = []

    def compiled(_connection: Any, _cursor: Any, statement: str, *_: object) -> None:
        sent.append(statement)

    def note(record: Any) -> None:
        sent.append(record.query)

    def listen(connection: Any, *_: object) -> None:
        connection.driver_connection.add_query_logger(note)

    def leave(connection: Any, *_: object) -> None:
        connection.driver_connection.remove_query_logger(note)

    engine = database.engine.sync_engine
    event.listen(engine, "checkout", listen)
    event.listen(engine, "checkin", leave)
    event.listen(engine, "before_cursor_execute", compiled)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", compiled)
        event.remove(engine, "checkout", listen)
        event.remove(engine, "checkin", leave)
