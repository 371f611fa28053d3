"""What a plain upload asks of PostgreSQL: every statement is one way there and back, and a share of each upload's price."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from sqlalchemy import event

from services.documents.resources import Resources
from tests.documents.service.steps import fresh_portrait, open_case, upload


@contextmanager
def statements_of(resources: Resources) -> Iterator[list[str]]:
    """The first word of everything that is sent meanwhile, by SQLAlchemy or, in the fast lane, past it."""
    sent: list[str] = []

    def compiled(_connection: Any, _cursor: Any, statement: str, *_: object) -> None:
        sent.append(statement.split(maxsplit=1)[0])

    def note(record: Any) -> None:
        sent.append(record.query.split()[0].rstrip(";"))

    def listen(connection: Any, *_: object) -> None:
        connection.driver_connection.add_query_logger(note)

    def leave(connection: Any, *_: object) -> None:
        connection.driver_connection.remove_query_logger(note)

    engine = resources.database.engine.sync_engine
    event.listen(engine, "checkout", listen)
    event.listen(engine, "checkin", leave)
    event.listen(engine, "before_cursor_execute", compiled)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", compiled)
        event.remove(engine, "checkout", listen)
        event.remove(engine, "checkin", leave)


async def test_a_new_portrait_is_taken_in_by_six_statements_and_one_transaction(
    http: httpx.AsyncClient, resources: Resources
) -> None:
    case, content = await open_case(http), fresh_portrait()
    with statements_of(resources) as sent:
        answer = await upload(http, case.nominee, case.bundle_id, content)
        await asyncio.sleep(0)  # asyncpg tells of a query in the loop's next turn
    assert answer.status_code == 201
    assert Counter(sent) == {"SELECT": 3, "WITH": 2, "INSERT": 1, "BEGIN": 1, "COMMIT": 1}
