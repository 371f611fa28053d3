"""What PostgreSQL says of a row that it refuses, names and all, reaches no log; what was violated does."""

import json
import logging

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from services.common.db import Database
from services.common.logs import JsonFormatter

NAME = "示例张某\n\n某某"
REFUSED = {
    "not-null constraint": f"INSERT INTO auth.persons (id, full_name, created_at) VALUES (gen_random_uuid(), '{NAME}', NULL)",
    "check constraint": "INSERT INTO auth.persons (id, full_name, created_at, suspended_at)"
    f" VALUES (gen_random_uuid(), '{NAME}', now(), now())",
    "unique constraint": "INSERT INTO auth.persons (id, full_name, created_at)"
    f" SELECT '00000000-0000-0000-0000-0000000000aa', '{NAME}', now() FROM generate_series(1, 2)",
}


async def by_the_session(database: Database, statement: str) -> None:
    async with database.transaction() as session:
        await session.execute(text(statement))


async def past_the_session(database: Database, statement: str) -> None:
    await database.fetch(statement)


async def logged(attempt, database: Database, statement: str) -> str:
    """The line of whatever was raised, as a bug of ours is logged."""
    with pytest.raises((IntegrityError, asyncpg.IntegrityConstraintViolationError)) as raised:
        await attempt(database, statement)
    told = (raised.type, raised.value, raised.tb)
    record = logging.makeLogRecord({"msg": "unhandled error", "levelname": "ERROR", "exc_info": told})
    return JsonFormatter().format(record)


@pytest.mark.parametrize("attempt", [by_the_session, past_the_session])
@pytest.mark.parametrize(("violated", "statement"), REFUSED.items(), ids=REFUSED)
async def test_a_row_that_postgresql_refuses_stands_in_no_log(database: Database, attempt, violated, statement) -> None:
    exception = json.loads(await logged(attempt, database, statement))["exception"]
    told = exception.replace(statement, "")  # SQLAlchemy's [SQL: …]: what we wrote, values apart
    shown = {word for word in ("示例张某", "某某", "0000000000aa") if word in told}
    assert (violated in told, shown) == (True, set())
