"""The security logs of documents and nominations: complete, bounded, chained, free of secrets, and read by one role."""

import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from uuid_utils.compat import uuid7

from services.app import Dispatcher
from services.auth.settings import AuthSettings
from services.common.security_log.audit_chain import Link, first_break
from services.common.security_log.counted_events import MOST, CountedEvents
from services.documents.settings import DocumentsSettings
from services.nominations.settings import NominationsSettings
from tests.factories import OPENED, PASSWORD, Office, complete_form

LOGS = {"documents": "/v1/documents/audit-events", "nominations": "/v1/audit-events", "auth": "/v1/auth/audit-events"}
SETTINGS = {"auth": AuthSettings, "documents": DocumentsSettings, "nominations": NominationsSettings}
REASON = "核对户籍"


@pytest.fixture(scope="module")
def unit(client) -> Office:
    return Office(client, "tests-security-log")


@pytest.fixture(scope="module")
async def auditor(client: httpx.AsyncClient) -> dict[str, str]:
    answer = await client.post("/v1/auth/sessions", json={"username": "audit", "password": PASSWORD})
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


@pytest.fixture
async def counted(dispatcher: Dispatcher) -> AsyncIterator[Mapping[str, CountedEvents]]:
    """What each service counts in this test, written when the test says so: no minute ends in between."""
    states = {name: dispatcher.services[name].state for name in LOGS}
    own = {name: state.counted for name, state in states.items()}
    for name, state in states.items():
        await own[name].write()
        state.counted = CountedEvents(own[name]._database, schema=name)
    yield {name: state.counted for name, state in states.items()}
    for name, state in states.items():
        state.counted = own[name]


@pytest.fixture(scope="module")
async def case(unit: Office) -> str:
    await unit.set_clock(OPENED)
    return await unit.submitted(complete_form())


async def entries(client: httpx.AsyncClient, auditor: dict[str, str], service: str, **wanted: str) -> list[Any]:
    answer = await client.get(LOGS[service], params={"page_size": "100", **wanted}, headers=auditor)
    assert answer.status_code == 200, answer.text
    return [each["entry"] for each in answer.json()["items"]]


async def me(unit: Office, username: str) -> str:
    person: str = (await unit.done(username, "GET", "/v1/auth/me")).json()["person"]["id"]
    return person


async def test_what_is_out_of_scope_is_counted_once_for_all_its_repetitions(
    unit, client, auditor, case, counted
) -> None:
    for _ in range(3):
        await unit.send("daixian-clerk", "GET", f"/v1/nominations/{case}")
        await unit.send("daixian-clerk", "GET", f"/v1/documents/bundles/{case}")
    person = await me(unit, "daixian-clerk")
    routes = {"nominations": "/v1/nominations/{nomination_id}", "documents": "/v1/documents/bundles/{bundle_id}"}
    for service, route in routes.items():
        await counted[service].write()
        found = await entries(client, auditor, service, person_id=person, action="access_refused")
        told = [
            {name: entry.get(name) for name in ("reason", "outcome", "method", "route", "caller", "times")}
            for entry in found
        ]
        alike = {
            "reason": "not_found",
            "outcome": "refused",
            "method": "GET",
            "route": route,
            "caller": person,
        }
        assert told == [alike | {"times": 3}]


@pytest.mark.parametrize("service", sorted(LOGS))
async def test_tokens_that_are_none_are_counted_by_address(unit, client, auditor, counted, service) -> None:
    forged = {"Authorization": f"Bearer {'.'.join(('eyJhbGciOiJub25lIn0', 'e30', ''))}"}
    for _ in range(2):
        assert (await client.get(LOGS[service], headers=forged)).status_code == 401
    await counted[service].write()
    entry = (await entries(client, auditor, service, action="access_refused", outcome="refused"))[0]
    assert (entry["reason"], entry["times"], entry["route"]) == ("token_invalid", 2, LOGS[service])
    assert ("person_id" in entry, entry["address"] != "") == (False, True)


async def test_a_role_that_may_not_is_counted_and_nothing_that_succeeds(unit, client, auditor, case, counted) -> None:
    await unit.done("wutai-clerk", "GET", f"/v1/nominations/{case}")
    await unit.send("wutai-clerk", "GET", "/v1/audit-events/export")
    person = await me(unit, "wutai-clerk")
    before = await entries(client, auditor, "nominations", person_id=person)
    await counted["nominations"].write()
    (entry,) = (await entries(client, auditor, "nominations", person_id=person))[: -len(before) or None]
    assert (entry["action"], entry["reason"], entry["times"]) == ("access_refused", "forbidden", 1)


async def test_a_flood_of_a_thousand_kinds_is_at_most_fifty_one_entries(client, auditor, counted) -> None:
    log = counted["nominations"]
    newest = (await client.get(LOGS["nominations"], headers=auditor)).json()["items"][0]["seq"]
    for _ in range(1000):
        log.note("access_refused", person_id=uuid7(), refused="not_found", route="/v1/nominations/{nomination_id}")
    await log.write()
    after = (await client.get(LOGS["nominations"], params={"page_size": 1}, headers=auditor)).json()["items"][0]
    assert (after["seq"] - newest, after["entry"]["others"], after["entry"]["times"]) == (MOST + 1, True, 1000 - MOST)


async def test_a_reveal_a_download_and_a_look_at_a_card_are_written_at_once(unit, client, auditor, case) -> None:
    await unit.decide(case)
    await unit.step("clerk", case, "publicity-notices")
    await unit.sign(case)
    await unit.step("office", case, "identity-reveals", json={"reason": REASON})
    await unit.done("wutai-office", "GET", f"/v1/nominations/{case}/forms/attachment_6?format=docx")
    papers = (await unit.done("wutai-office", "GET", f"/v1/documents/bundles/{case}")).json()["items"]
    card = next(paper["id"] for paper in papers if paper["kind"] == "id_card_front")
    certificate = next(paper["id"] for paper in papers if paper["kind"] == "professional_title_certificate")
    for paper in (card, certificate):
        await unit.done("wutai-office", "GET", f"/v1/documents/{paper}/content")
    person = await me(unit, "wutai-office")
    written = [each["action"] for each in await entries(client, auditor, "nominations", person_id=person)]
    looked = await entries(client, auditor, "documents", person_id=person, action="sensitive_viewed")
    drawn = await entries(client, auditor, "documents", action="sensitive_viewed")
    assert written[:2] == ["data_released", "identity_revealed"]
    assert [(each["document"], each["kind"], each["shown"]) for each in looked] == [
        (card, "id_card_front", "watermarked")
    ]
    assert (card, "original", "service:nominations") in [
        (each["document"], each["shown"], each["caller"]) for each in drawn
    ]


async def test_no_number_no_name_no_reason_and_no_token_is_written(unit, client, auditor, case, counted) -> None:
    for service in LOGS:
        await counted[service].write()
    exports = [await client.get(f"{LOGS[service]}/export", headers=auditor) for service in ("documents", "nominations")]
    number = (await unit.step("office", case, "identity-reveals", json={"reason": REASON}))["resident_id_number"]
    secrets = (number, "示例员工", REASON, await unit.token("wutai-office"))
    assert [secret for secret in secrets for export in exports if secret in export.text] == []


@pytest.mark.parametrize("service", ["documents", "nominations"])
async def test_the_export_can_be_checked_without_the_system_and_is_an_entry(client, auditor, service) -> None:
    export = await client.get(f"{LOGS[service]}/export", headers=auditor)
    rows = [json.loads(line) for line in export.text.splitlines()]
    links = [
        Link(row["seq"], row["entry"], bytes.fromhex(row["previous_hash"]), bytes.fromhex(row["hash"])) for row in rows
    ]
    assert (first_break(links), json.loads(links[-1].entry)["action"]) == (None, "audit_exported")


@pytest.mark.parametrize("username", ["admin", "security", "city-office", "wutai-clerk", "wutai-nominee"])
async def test_nobody_but_the_audit_administrator_reads_the_logs(unit, username) -> None:
    answers = [
        await unit.send(username, "GET", path)
        for log in ("/v1/documents/audit-events", "/v1/audit-events")
        for path in (log, f"{log}/export")
    ]
    assert [answer.status_code for answer in answers] == [403] * 4


@pytest.mark.parametrize("service", ["documents", "nominations"])
@pytest.mark.parametrize("statement", ["UPDATE {}.audit_events SET entry = '{{}}'", "DELETE FROM {}.audit_events"])
async def test_neither_the_application_nor_the_owner_changes_an_entry(dispatcher, service, statement) -> None:
    settings: Any = SETTINGS[service]()
    for url in (settings.database_url.get_secret_value(), settings.owners_database_url()):
        engine = create_async_engine(url)
        async with engine.connect() as connection:
            with pytest.raises(DBAPIError):
                await connection.execute(text(statement.format(service)))
        await engine.dispose()


async def test_what_could_not_be_written_is_kept_for_the_next_turn(dispatcher: Dispatcher, context) -> None:
    log = CountedEvents(context.database, schema="nowhere")
    log.note("access_refused", person_id=None, refused="not_found")
    with pytest.raises(DBAPIError):
        await log.write()
    again = CountedEvents(context.database, schema="nominations")
    again._times = log._times
    await again.write()
    assert again._times == {}


async def test_every_proposal_to_disqualify_is_written_down_also_one_that_another_overwrites_r97(
    unit, client, auditor, case
):
    path = f"/v1/nominations/{case}/disqualification"
    for ground in ("fraud", "procedure"):
        await unit.done("wutai-office", "PUT", path, json={"ground": ground, "finding": "经查实，材料不实。"})
    written = await entries(client, auditor, "nominations", action="removal_proposed")
    told = [(entry["ground"], entry["case"]) for entry in written if entry["case"] == case]
    await unit.done("wutai-office", "DELETE", path)
    dropped = await entries(client, auditor, "nominations", action="removal_taken_back")
    assert told == [("procedure", case), ("fraud", case)]
    assert [entry["ground"] for entry in dropped if entry["case"] == case] == ["procedure"]
