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


async def details_of(office: Office, who: str, case: str, event: str) -> list[dict]:
    items = (await office.done(who, "GET", f"/v1/nominations/{case}/events")).json()["items"]
    return [item["details"] for item in items if item["event"] == event]


async def test_unit_and_nominee_read_that_an_authority_answered_and_not_what_r58(office):
    case = await office.at_county()
    await office.with_opinions(case)
    told = {who: await details_of(office, who, case, "opinion_recorded") for who in ("wutai-office", "wutai-clerk")}
    assert told == {
        "wutai-office": [{"authority": "public_security", "result": "favourable"}],
        "wutai-clerk": [{"authority": "public_security"}],
    }


async def test_nobody_below_reads_a_rank_before_the_province_has_decided_r64(office):
    case = await office.submitted_collective()
    await office.to_the_city(case)
    ranks = {
        who: ["rank" in each for each in await details_of(office, who, case, "nomination_reported")]
        for who in ("wutai-office", "wutai-clerk", "wutai-head")
    }
    assert ranks == {"wutai-office": [True], "wutai-clerk": [False], "wutai-head": [False]}
