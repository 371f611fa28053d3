"""The case history is only added to, and a changed byte shows."""

import asyncpg
import pytest

from services.embedded.stack import EmbeddedStack
from tests.factories import Office


async def connect(stack: EmbeddedStack, variable: str) -> asyncpg.Connection:
    return await asyncpg.connect(stack.environment()[variable].replace("+asyncpg", ""), ssl=False)


async def history(office: Office, case: str) -> dict:
    return (await office.done("wutai-clerk", "GET", f"/v1/nominations/{case}/events")).json()


async def test_every_command_leaves_one_gapless_event_with_its_actor(office):
    case = await office.decided()
    items = (await history(office, case))["items"]
    assert ([item["sequence"] for item in items], items[-1]["actor"]["roles"], items[-1]["event"]) == (
        list(range(1, len(items) + 1)),
        ["unit_clerk"],
        "self_review_recorded",
    )


async def test_an_untouched_history_is_intact(office):
    assert (await history(office, await office.submitted()))["intact"] is True


@pytest.mark.parametrize("statement", ["UPDATE {} SET event = ''", "DELETE FROM {}"])
@pytest.mark.parametrize("role", ["NOMINATIONS_DATABASE_URL", "NOMINATIONS_MIGRATION_DATABASE_URL"])
async def test_nobody_changes_or_deletes_an_event(office, stack, statement, role):
    await office.draft()
    connection = await connect(stack, role)
    refused = (asyncpg.InsufficientPrivilegeError, asyncpg.IntegrityConstraintViolationError)
    try:
        with pytest.raises(refused):
            await connection.execute(statement.format("nominations.nomination_events"))
    finally:
        await connection.close()


@pytest.mark.parametrize("table", ["quota_entries", "campaign_definitions"])
async def test_ledger_and_published_rules_are_not_emptied_by_their_owner(office, stack, table):
    connection = await connect(stack, "NOMINATIONS_MIGRATION_DATABASE_URL")
    try:
        with pytest.raises(asyncpg.IntegrityConstraintViolationError, match=table):
            await connection.execute(f"TRUNCATE nominations.{table}")
    finally:
        await connection.close()


async def test_a_byte_changed_behind_the_systems_back_shows(office, stack):
    case = await office.submitted()
    url = stack.postgres.superuser_url.rpartition("/")[0] + "/xianjin"
    second = "FROM nominations.nomination_events WHERE nomination_id = $1 AND sequence = 2"
    connection = await asyncpg.connect(url, ssl=False)
    try:
        written = await connection.fetchval(f"SELECT canonical {second}", case)
        await put_in_place(connection, case, written[:9] + b"9" + written[10:])
        shown = await history(office, case)
        await put_in_place(connection, case, written)
    finally:
        await connection.close()
    assert (shown["intact"], shown["first_broken"], len(shown["items"])) == (False, 2, 1)


async def put_in_place(connection, case: str, content: bytes) -> None:
    """As a superuser may, who switches triggers off."""
    await connection.execute("SET session_replication_role = replica")
    await connection.execute(
        "UPDATE nominations.nomination_events SET canonical = $2 WHERE nomination_id = $1 AND sequence = 2",
        case,
        content,
    )
