"""What is sent past SQLAlchemy and what its session sends are one transaction, and a lost connection harms nobody else."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from jose import jwt
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import IntegrityError

from services.common.callers.tokens import Caller, caller_from_claims
from services.common.db import Database, fetch
from services.common.problems import Unavailable
from services.nominations.campaigns.course_tables import CampaignClosing
from services.nominations.cases.case_history import record
from services.nominations.cases.saving import locked_case
from services.nominations.domain.workflow import Event
from services.nominations.reviews.unit_records import record_step
from services.nominations.schemas.procedure import StaffDeliberation
from services.nominations.settings import NominationsSettings
from services.nominations.tables import Nomination
from tests.refusing_postgres import NONSENSE, RECOVERING, WITHOUT_A_CONNECTION_LEFT, RefusingPostgres

_OWN_TRANSACTION = "SELECT pg_current_xact_id()::text"
_CLOSE = "INSERT INTO nominations.campaign_closings VALUES ($1, '', gen_random_uuid(), now())"
_PLANNED_ANEW = "SELECT statement FROM pg_prepared_statements WHERE custom_plans > 5"
_CLOSED = "SELECT count(*) FROM nominations.campaign_closings WHERE campaign_key = $1"


@pytest.fixture
async def clerk(office) -> Caller:
    return caller_from_claims(jwt.get_unverified_claims(await office.token("wutai-clerk")))


async def closings(context, key: str) -> int:
    return (await context.database.fetch(_CLOSED, key))[0][0]


async def test_a_session_joins_the_transaction_that_was_begun_past_it(context):
    async with context.database.transaction() as session:
        before = (await fetch(session, _OWN_TRANSACTION))[0][0]
        own = str(await session.scalar(select(func.txid_current())))
        after = (await fetch(session, _OWN_TRANSACTION))[0][0]
    assert (before, own) == (after, after)


async def test_what_a_session_holds_back_is_seen_past_it(context):
    closing = CampaignClosing(campaign_key="held-back", statement="", closed_by=uuid4(), closed_at=datetime.now(UTC))
    with suppress(ZeroDivisionError):
        async with context.database.transaction() as session:
            session.add(closing)
            seen = (await fetch(session, _CLOSED, "held-back"))[0][0]
            raise ZeroDivisionError
    assert (seen, await closings(context, "held-back")) == (1, 0)


async def test_an_exception_takes_back_what_was_written_past_the_session(context):
    with suppress(ZeroDivisionError):
        async with context.database.transaction() as session:
            await fetch(session, _CLOSE, "taken-back")
            raise ZeroDivisionError
    assert await closings(context, "taken-back") == 0


async def test_nothing_is_seen_by_others_before_the_end(context):
    async with context.database.transaction() as session:
        await fetch(session, _CLOSE, "half-way")
        meanwhile = await closings(context, "half-way")
        await fetch(session, "DELETE FROM nominations.campaign_closings WHERE campaign_key = 'half-way'")
    assert meanwhile == 0


@pytest.mark.parametrize("first", ["past the session", "the session"])
async def test_a_reader_keeps_one_connection_whoever_uses_it_first(context, first):
    own = "SELECT pg_backend_pid()"
    pool = context.database.engine.pool
    before = pool.checkedout()
    async with context.database.reading() as session:
        untouched = pool.checkedout()
        pids = [await session.scalar(text(own))] if first == "the session" else []
        pids += [(await fetch(session, own))[0][0], await session.scalar(text(own)), (await fetch(session, own))[0][0]]
        held = pool.checkedout()
    assert (len(set(pids)), untouched - before, held - before, pool.checkedout() - before) == (1, 0, 1, 0)


async def test_a_reader_begins_no_transaction(context):
    now = "SELECT now()"
    async with context.database.reading() as session:
        moments = [(await fetch(session, now))[0][0], await session.scalar(text(now)), await session.scalar(text(now))]
    assert len(set(moments)) == 3


async def test_a_constraint_refuses_past_the_session_as_it_does_within(context):
    with suppress(ZeroDivisionError):
        async with context.database.transaction() as session:
            await fetch(session, _CLOSE, "twice")
            with pytest.raises(IntegrityError, match="pk_campaign_closings"):
                await fetch(session, _CLOSE, "twice")
            raise ZeroDivisionError


async def close_twice_and_go_on(context, key: str) -> None:
    async with context.database.transaction() as session:
        await fetch(session, _CLOSE, key)
        with suppress(IntegrityError):
            await fetch(session, _CLOSE, key)


async def test_who_goes_on_after_a_refusal_is_not_told_that_it_was_kept(context):
    """PostgreSQL answers COMMIT of a failed transaction as if it were one."""
    with pytest.raises(RuntimeError, match="refused"):
        await close_twice_and_go_on(context, "kept in spite")
    assert await closings(context, "kept in spite") == 0


@contextmanager
def connections_made(database: Database) -> Iterator[list[object]]:
    made: list[object] = []

    def note(connection: object, _record: object) -> None:
        made.append(connection)

    engine = database.engine.sync_engine
    event.listen(engine, "connect", note)
    try:
        yield made
    finally:
        event.remove(engine, "connect", note)


async def test_a_connection_that_is_lost_half_way_is_said_to_be_lost_and_replaced(context):
    with pytest.raises(Unavailable):
        async with context.database.transaction() as session:
            await fetch(session, "SELECT pg_terminate_backend(pg_backend_pid())")
    assert (await context.database.fetch("SELECT 1"))[0][0] == 1


async def test_where_the_server_falls_silent_all_connections_that_are_as_old_are_replaced(environment):
    url = NominationsSettings().database_url.get_secret_value()
    database = Database(url, pool_size=2, application="silent", patience=0.5)
    try:
        async with database.transaction(), database.transaction():
            pass
        with pytest.raises(Unavailable):
            await database.fetch("SELECT pg_sleep(5)")
        with connections_made(database) as made:
            async with database.transaction(), database.transaction():
                pass
    finally:
        await database.close()
    assert len(made) == 2


async def _sleep(database: Database) -> None:
    async with database.reading() as session:
        await session.execute(text("SELECT pg_sleep(5)"))


async def test_who_gives_up_a_statement_of_the_session_costs_one_connection_and_not_the_pool(environment):
    url = NominationsSettings().database_url.get_secret_value()
    database = Database(url, pool_size=3, application="given up once")
    try:
        async with database.transaction(), database.transaction(), database.transaction():
            pass
        with connections_made(database) as made:
            with suppress(TimeoutError):
                await asyncio.wait_for(_sleep(database), 0.2)
            async with database.transaction(), database.transaction(), database.transaction():
                pass
    finally:
        await database.close()
    assert len(made) == 1


async def test_what_a_command_sets_of_a_case_is_written_with_the_event_that_says_why(office, context, clerk):
    case_id = UUID((await office.draft()).json()["id"])
    async with context.database.transaction() as session:
        case = await locked_case(session, context, clerk, case_id)
        case.nomination.explanations = [{"pointer": "/form/name"}]
        case.nomination.revision += 1
        await record(
            session, case.nomination, Event.SAVED, caller=clerk, at=case.now, before=("unit", "draft"), details={}
        )
        read = await session.get_one(Nomination, case_id)
        assert (read.explanations, read.revision) == ([{"pointer": "/form/name"}], 2)


async def change_without_a_word(context, clerk, case_id: UUID) -> None:
    async with context.database.transaction() as session:
        case = await locked_case(session, context, clerk, case_id)
        case.nomination.revision += 1


async def test_a_change_of_a_case_that_no_event_tells_of_is_not_committed(office, context, clerk):
    case_id = UUID((await office.draft()).json()["id"])
    with pytest.raises(RuntimeError, match="revision"):
        await change_without_a_word(context, clerk, case_id)


async def test_a_case_that_is_locked_twice_is_one_row_with_one_history(office, context, clerk):
    case_id = UUID((await office.draft()).json()["id"])
    async with context.database.transaction() as session:
        for _ in range(2):
            case = await locked_case(session, context, clerk, case_id)
            await record(
                session, case.nomination, Event.SAVED, caller=clerk, at=case.now, before=("unit", "draft"), details={}
            )
    history = (await office.done("wutai-clerk", "GET", f"/v1/nominations/{case_id}/events")).json()
    assert ([each["sequence"] for each in history["items"]], history["intact"]) == ([1, 2, 3], True)


async def test_a_locked_case_has_no_columns_that_the_table_has_not(office, context, clerk):
    case_id = UUID((await office.draft()).json()["id"])
    async with context.database.transaction() as session:
        row: Any = (await locked_case(session, context, clerk, case_id)).nomination
        with pytest.raises(AttributeError, match="staus"):
            row.staus = "submitted"


async def test_what_a_deed_of_the_unit_sends_is_planned_by_postgresql_once_and_for_all(office, context, clerk):
    case_id = UUID(await office.submitted())
    deliberation = StaffDeliberation(held_on=date(2025, 2, 7), form="ballot", present=9, in_favour=8)
    database = Database(NominationsSettings().database_url.get_secret_value(), pool_size=1, application="planned")
    try:
        for _ in range(7):
            async with database.transaction() as session:
                case = await locked_case(session, context, clerk, case_id)
                await record_step(session, clerk, case, deliberation)
        anew = await database.fetch(_PLANNED_ANEW)
    finally:
        await database.close()
    assert [row[0] for row in anew] == []


@pytest.mark.parametrize(
    "answer", [RECOVERING, WITHOUT_A_CONNECTION_LEFT, NONSENSE], ids=["recovering", "full", "dying"]
)
async def test_a_server_that_lets_nobody_in_for_now_is_called_away_past_sqlalchemy_too(answer):
    postgres = RefusingPostgres(answer)
    async with postgres.listening():
        database = Database(postgres.url, pool_size=1, application="refused")
        with pytest.raises(Unavailable):
            await database.fetch("SELECT 1")


async def _close_past_the_session(database: Database, key: str) -> None:
    async with database.transaction() as session:
        await fetch(session, _CLOSE, key)


async def _close_by_the_session(database: Database, key: str) -> None:
    async with database.transaction() as session:
        await session.execute(text("SELECT 1"))
        session.add(CampaignClosing(campaign_key=key, statement="", closed_by=uuid4(), closed_at=datetime.now(UTC)))


@pytest.mark.parametrize("close", [_close_past_the_session, _close_by_the_session])
async def test_who_gives_up_at_any_step_leaves_the_next_a_connection_that_commits(context, close):
    key = close.__name__
    database = Database(NominationsSettings().database_url.get_secret_value(), pool_size=1, application="given up")
    try:
        await close(database, key)
        for steps in range(1, 40):
            writing = asyncio.create_task(close(database, f"{key} given up {steps}"))
            for _ in range(steps):
                await asyncio.sleep(0)
            writing.cancel()
            await asyncio.wait({writing})
            await close(database, f"{key} after {steps}")
    finally:
        await database.close()
    committed = [await closings(context, f"{key} after {steps}") for steps in range(1, 40)]
    assert committed == [1] * 39


async def test_a_connection_left_in_a_transaction_is_replaced_before_anybody_uses_it(context):
    database = Database(NominationsSettings().database_url.get_secret_value(), pool_size=1, application="left open")
    try:
        await database.fetch("BEGIN")
        await _close_past_the_session(database, "after one left open")
    finally:
        await database.close()
    assert await closings(context, "after one left open") == 1
