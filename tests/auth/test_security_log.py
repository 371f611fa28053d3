"""The security log: complete, chained, unchangeable, free of secrets, and read by one role."""

import asyncio
import json
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from services.auth.audit import Action, record
from services.auth.audit_table import AuditEventRow
from services.auth.sessions.origin import Origin
from services.auth.settings import AuthSettings
from services.common.db import Database
from services.common.security_log.audit_chain import BEGINNING, Link, first_break, hash_of
from services.common.security_log.audit_reading import check_chain
from tests.auth.people import new_person
from tests.auth.steps import PASSWORD, bearer, bearer_of, fresh, refusal, sign_in


async def entries_of(client: httpx.AsyncClient, person_id: UUID | str) -> list[dict[str, Any]]:
    headers = await bearer_of(client, "audit")
    answer = await client.get("/v1/auth/audit-events", params={"person_id": str(person_id)}, headers=headers)
    return answer.json()["items"]


def chain(*entries: str) -> list[Link]:
    links, previous = [], BEGINNING
    for seq, entry in enumerate(entries, 1):
        links.append(Link(seq, entry, previous, hash_of(previous, entry)))
        previous = links[-1].hash
    return links


def test_a_whole_chain_has_no_break() -> None:
    links = chain("a", "b", "c")
    assert (first_break(links), first_break(links[1:], after=links[0])) == (None, None)


@pytest.mark.parametrize(
    ("tampered", "expected"),
    [
        (lambda links: [links[0], Link(2, "x", links[1].previous_hash, links[1].hash), links[2]], 2),
        (lambda links: [links[0], links[2]], 2),
        (lambda links: links[1:], 1),
        (lambda links: [*links[:2], Link(3, "c", BEGINNING, links[2].hash)], 3),
    ],
)
def test_a_change_or_a_gap_breaks_the_chain(tampered: Any, expected: int) -> None:
    assert first_break(tampered(chain("a", "b", "c"))) == expected


async def test_success_and_failure_of_sign_in_are_written(client: httpx.AsyncClient, database: Database) -> None:
    person_id, username = await new_person(database)
    await client.post("/v1/auth/sessions", json={"username": username, "password": "wrong"})
    session = await sign_in(client, username)
    await client.delete("/v1/auth/sessions/current", headers=bearer(session["access_token"]))
    written = [
        (item["action"], item["outcome"], item["entry"].get("reason")) for item in await entries_of(client, person_id)
    ]
    assert written == [
        ("signed_out", "done", None),
        ("sign_in", "done", None),
        ("sign_in", "refused", "credentials_wrong"),
    ]


async def test_reuse_suspension_and_password_changes_are_written(client: httpx.AsyncClient, database: Database) -> None:
    person_id, username = await new_person(database)
    session = await sign_in(client, username)
    body = {"current_password": PASSWORD, "new_password": "Keel-Marrow-41-tundra"}
    await client.put("/v1/auth/me/password", json=body, headers=bearer(session["access_token"]))
    for _ in range(2):
        await client.post("/v1/auth/sessions/refreshes", json={"refresh_token": session["refresh_token"]})
    admin = await bearer_of(client, "admin")
    address = f"/v1/auth/persons/{person_id}"
    await client.put(f"{address}/suspension", json={"reason": "示例原因"}, headers=admin)
    await client.delete(f"{address}/suspension", headers=admin)
    await client.post(f"{address}/password-resets", headers=admin)
    assert [item["action"] for item in await entries_of(client, person_id)] == [
        "password_reset",
        "person_reinstated",
        "person_suspended",
        "refresh_reused",
        "password_changed",
        "sign_in",
    ]


async def test_no_secret_and_no_personal_number_is_written(client: httpx.AsyncClient, database: Database) -> None:
    _, username = await new_person(database)
    typed = ("Typed-Password-77", "11010519491231002X", "13800000000")
    for word in typed:
        body = {"username": word, "password": fresh("secret")}
        await client.post("/v1/auth/sessions", json=body, headers={"User-Agent": f"phone {word}"})
    session = await sign_in(client, username)
    export = await client.get("/v1/auth/audit-events/export", headers=await bearer_of(client, "audit"))
    secrets = (PASSWORD, session["access_token"], session["refresh_token"], username, *typed[1:])
    assert [secret for secret in secrets if secret in export.text] == []


async def test_the_export_can_be_checked_without_the_system(client: httpx.AsyncClient) -> None:
    export = await client.get("/v1/auth/audit-events/export", headers=await bearer_of(client, "audit"))
    rows = [json.loads(line) for line in export.text.splitlines()]
    links = [
        Link(row["seq"], row["entry"], bytes.fromhex(row["previous_hash"]), bytes.fromhex(row["hash"])) for row in rows
    ]
    assert first_break(links) is None
    assert json.loads(links[-1].entry)["action"] == "audit_exported"


@pytest.mark.parametrize("username", ["admin", "security", "city-office", "wutai-clerk"])
async def test_nobody_but_the_audit_administrator_reads_the_log(client: httpx.AsyncClient, username: str) -> None:
    headers = await bearer_of(client, username)
    answers = [
        await client.get(address, headers=headers)
        for address in ("/v1/auth/audit-events", "/v1/auth/audit-events/export")
    ]
    assert [refusal(answer) for answer in answers] == [(403, "forbidden")] * 2


async def test_pages_follow_one_another_without_loss(client: httpx.AsyncClient, database: Database) -> None:
    person_id, username = await new_person(database)
    for _ in range(3):
        await sign_in(client, username)
    headers, seen, token = await bearer_of(client, "audit"), [], None
    while True:
        params = {"person_id": str(person_id), "page_size": 2} | ({"page_token": token} if token else {})
        page = (await client.get("/v1/auth/audit-events", params=params, headers=headers)).json()
        seen += [item["seq"] for item in page["items"]]
        token = page["next_page_token"]
        if token is None:
            break
    assert (len(seen), seen) == (3, sorted(seen, reverse=True))


async def test_concurrent_writers_leave_the_chain_whole(auth_app: FastAPI, database: Database) -> None:
    async def write(turn: int) -> None:
        async with database.transaction() as session:
            await record(session, Action.SIGN_IN, person_id=None, origin=Origin("test", ""), turn=turn)

    before = await check_chain(database, AuditEventRow)
    await asyncio.gather(*(write(turn) for turn in range(40)))
    after = await check_chain(database, AuditEventRow)
    assert (after.entries - before.entries, after.broken_at) == (40, None)


@pytest.mark.parametrize("statement", ["UPDATE auth.audit_events SET entry = '{}'", "DELETE FROM auth.audit_events"])
async def test_neither_the_application_nor_the_owner_changes_an_entry(
    auth_app: FastAPI, settings: AuthSettings, statement: str
) -> None:
    for url in (settings.database_url.get_secret_value(), settings.owners_database_url()):
        engine = create_async_engine(url)
        async with engine.connect() as connection:
            with pytest.raises(DBAPIError):
                await connection.execute(text(statement))
        await engine.dispose()
