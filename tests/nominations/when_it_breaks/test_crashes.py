"""Whatever dies, and wherever: never a lost fact, never a doubled one, and the next try goes through without hands.

A process is killed at a chosen statement: a trigger makes the database wait there, until the process is dead. Last of its
folder, as its neighbour: servers are killed here.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from signal import SIGKILL

import asyncpg
import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from services.common.problems import Problem
from services.documents.sweeping import sweep
from services.embedded.provision import DATABASE
from services.embedded.stack import EmbeddedStack
from services.nominations.notifications.jobs import Work, enqueue, work_until_cancelled
from services.nominations.settings import NominationsSettings
from tests.factories import ENDORSE, OPENED, PICTURES, Office
from tests.journeys.servers import Command, wait_until_ready
from tests.nominations.cases.test_submission import account_of

PATIENCE_SECONDS = 20
STALL = 4711
_TRIGGER = """
CREATE OR REPLACE FUNCTION nominations.stall() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN PERFORM pg_advisory_xact_lock({stall}); RETURN NULL; END';
CREATE CONSTRAINT TRIGGER stall AFTER INSERT OR UPDATE ON nominations.{table} {when}
    FOR EACH ROW EXECUTE FUNCTION nominations.stall();
"""
_WAITING = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 4711 AND NOT granted"
AT_ONCE, AT_COMMIT = "NOT DEFERRABLE", "DEFERRABLE INITIALLY DEFERRED"


@pytest.fixture
async def superuser(stack: EmbeddedStack) -> AsyncIterator[asyncpg.Connection]:
    url = stack.postgres.superuser_url.rpartition("/")[0] + f"/{DATABASE}"
    connection = await asyncpg.connect(url, ssl=False)
    yield connection
    await connection.close()


@asynccontextmanager
async def process(**settings: str) -> AsyncIterator[tuple[Command, str]]:
    """All services in a process of their own, over the database of these tests."""
    port = int(os.environ["AUTH_WECHAT_BASE_URL"].rpartition(":")[2]) % 20_000 + 9_000
    url = f"http://127.0.0.1:{port}"
    command = Command("serve", "--port", str(port), environment=dict(os.environ) | settings)
    try:
        await asyncio.to_thread(wait_until_ready, url)
        yield command, url
    finally:
        await asyncio.to_thread(command.end, SIGKILL)


async def killed_at(
    superuser: asyncpg.Connection, table: str, when: str, ask: Callable[[str], Awaitable[object]]
) -> None:
    """Sends a request to a process of its own, and kills that one when its transaction has reached `table`."""
    async with process() as (command, url):
        await superuser.execute("SELECT pg_advisory_lock($1)", STALL)
        await superuser.execute(_TRIGGER.format(stall=STALL, table=table, when=when))
        try:
            asked = asyncio.ensure_future(ask(url))
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not await superuser.fetchval(_WAITING):
                    assert not asked.done(), asked.result()
                    await asyncio.sleep(0.02)
            await asyncio.to_thread(command.end, SIGKILL)
            with suppress(httpx.TransportError):
                await asked
        finally:
            await superuser.execute("SELECT pg_advisory_unlock($1)", STALL)
            await superuser.execute(f"DROP TRIGGER stall ON nominations.{table}")


def asking(token: str, path: str, **more) -> Callable[[str], Awaitable[object]]:
    async def ask(url: str) -> object:
        async with httpx.AsyncClient(base_url=url, timeout=30) as http:
            headers = {"Authorization": f"Bearer {token}", **more.pop("headers", {})}
            return await http.post(path, headers=headers, **more)

    return ask


async def until_done(ask: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
    """As a phone tries again: the answer that is no refusal to come back later."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        answer = await ask()
        if answer.status_code != 503 or time.monotonic() > deadline:
            return answer
        await asyncio.sleep(0.2)


async def events_of(office: Office, case: str) -> list[str]:
    answer = (await office.done("wutai-clerk", "GET", f"/v1/nominations/{case}/events")).json()
    assert answer["intact"]
    return [item["event"] for item in answer["items"]]


@pytest.mark.parametrize(
    ("table", "when"), [("quota_entries", AT_ONCE), ("nomination_events", AT_ONCE), ("nomination_events", AT_COMMIT)]
)
async def test_a_kill_in_the_midst_of_a_submission_takes_one_seat_or_none(office, context, superuser, table, when):
    await office.set_clock(OPENED)
    case = await office.collective()
    reserved = (await account_of(context, office.campaign, category="advanced_collective"))[0][1]
    headers = {"Idempotency-Key": f"killed-{case}"}
    path = f"/v1/nominations/{case}/submissions"
    await killed_at(superuser, table, when, asking(await office.token("wutai-clerk"), path, headers=headers))
    again = await office.send("wutai-clerk", "POST", path, headers=headers)
    stored, replayed = await account_of(context, office.campaign, category="advanced_collective")
    assert (again.status_code, stored == replayed, stored[1]) == (201, True, reserved + 1), again.text
    assert (await events_of(office, case)).count("nomination_submitted") == 1


async def test_a_kill_in_the_midst_of_a_signature_leaves_one_signature(office, superuser):
    case = await office.submitted_collective()
    await office.decide(case)
    await office.step("clerk", case, "publicity-notices")
    await office.sign(case)
    path = f"/v1/nominations/{case}/reviews"
    await killed_at(superuser, "endorsements", AT_COMMIT, asking(await office.token("wutai-hrss"), path, json=ENDORSE))
    again = await office.send("wutai-hrss", "POST", path, json=ENDORSE)
    read = (await office.done("wutai-hrss", "GET", f"/v1/nominations/{case}")).json()
    boxes = [signature["box"] for signature in read["signatures"]]
    assert (again.status_code, boxes.count("opinion_county_hrss")) == (409, 1)


async def test_a_kill_in_the_midst_of_a_county_report_reports_all_or_nothing(office, superuser):
    case = await office.submitted_collective()
    await office.decide(case)
    await office.step("clerk", case, "publicity-notices")
    await office.endorse(await office.sign(case))
    await office.with_opinions(case)
    report = await office.report(case, category="advanced_collective")
    path = f"/v1/county-reports/{report}/submissions"
    await killed_at(superuser, "nominations", AT_ONCE, asking(await office.token("wutai-office"), path))
    before = (await office.done("wutai-office", "GET", f"/v1/nominations/{case}")).json()["stage"]
    again = await office.send("wutai-office", "POST", path)
    after = (await office.done("wutai-office", "GET", f"/v1/nominations/{case}")).json()["stage"]
    assert (before, again.is_success, after) == ("county", True, "city")


async def test_without_documents_cases_are_read_and_a_submission_waits(office, context):
    await office.set_clock(OPENED)
    case = await office.collective()
    before = await account_of(context, office.campaign, category="advanced_collective")
    headers = {"Authorization": f"Bearer {await office.token('wutai-clerk')}"}
    async with (
        process(XIANJIN_DOCUMENTS_BASE_URL="http://127.0.0.1:9") as (_, url),
        httpx.AsyncClient(base_url=url, headers=headers, timeout=30) as http,
    ):
        read = await http.get(f"/v1/nominations/{case}")
        submit = await http.post(f"/v1/nominations/{case}/submissions")
    assert (read.status_code, submit.status_code, "retry-after" in submit.headers) == (200, 503, True)
    assert await account_of(context, office.campaign, category="advanced_collective") == before


async def test_a_clock_that_is_set_back_breaks_no_case(office):
    await office.set_clock(OPENED)
    draft = await office.draft({"full_name": "示例"})
    await office.set_clock("2025-02-07T08:00:00+08:00")
    path, edited = f"/v1/nominations/{draft.json()['id']}", {"If-Match": draft.headers["etag"]}
    saved = await office.send("wutai-clerk", "PUT", path, json={"form": {}}, headers=edited)
    await office.set_clock(OPENED)
    assert (saved.status_code, len(await events_of(office, draft.json()["id"]))) == (200, 2)


async def test_sweepers_that_run_at_the_same_time_do_not_disturb_each_other(dispatcher, office):
    case = (await office.draft()).json()["id"]
    await office.with_documents(case)
    resources = dispatcher.services["documents"].state.resources
    await asyncio.gather(*(sweep(resources) for _ in range(4)))
    held = (await office.done("wutai-clerk", "GET", f"/v1/documents/bundles/{case}")).json()["items"]
    contents = [await office.send("wutai-clerk", "GET", f"/v1/documents/{each['id']}/content") for each in held]
    assert [answer.status_code for answer in contents] == [200] * 4


async def test_a_database_killed_under_ten_submissions_reserves_each_seat_once(office, context, stack):
    await office.set_clock(OPENED)
    cases = [await office.collective() for _ in range(10)]
    reserved = (await account_of(context, office.campaign, category="advanced_collective"))[0][1]

    async def submit(case: str) -> httpx.Response:
        headers = {"Idempotency-Key": f"database-{case}"}
        return await office.send("wutai-clerk", "POST", f"/v1/nominations/{case}/submissions", headers=headers)

    await asyncio.sleep(1)  # the tests' database acknowledges before it has written: the drafts must be there
    under_way = [asyncio.create_task(submit(case)) for case in cases]
    await asyncio.sleep(0.15)
    await asyncio.to_thread(stack.postgres.kill)
    first = await asyncio.gather(*under_way)
    await asyncio.to_thread(stack.postgres.restart)
    assert {answer.status_code for answer in first} <= {201, 503}
    answers = [await until_done(lambda case=case: submit(case)) for case in cases]
    assert [answer.status_code for answer in answers] == [201] * 10
    stored, replayed = await account_of(context, office.campaign, category="advanced_collective")
    assert (stored == replayed, stored[1]) == (True, reserved + 10)


async def test_jobs_go_on_by_themselves_after_the_database_died_under_the_worker(context, stack):
    done: list[str] = []

    async def do(payload: str) -> None:
        done.append(payload)

    async def nothing() -> None:
        return None

    url = NominationsSettings().database_url.get_secret_value()
    working = asyncio.create_task(work_until_cancelled(url, Work({"after-a-fault": do}, every_morning=nothing)))
    await asyncio.sleep(1)
    await asyncio.to_thread(stack.postgres.kill)
    await asyncio.to_thread(stack.postgres.restart)
    async with asyncio.timeout(60):
        while not done:
            with suppress(Problem, SQLAlchemyError, OSError):
                async with context.database.transaction() as session:
                    await session.execute(text("SELECT 1"))
                    await enqueue(session, "after-a-fault", ["told"])
            await asyncio.sleep(2)
    working.cancel()
    with suppress(asyncio.CancelledError):
        await working
    assert set(done) == {"told"}


async def test_a_store_killed_in_the_midst_of_an_upload_leaves_one_document(office, stack):
    case = (await office.draft()).json()["id"]
    picture = (PICTURES / "good.jpg").read_bytes()
    note = f"{case:<40}".encode()
    picture = picture[:2] + b"\xff\xfe" + (len(note) + 2).to_bytes(2, "big") + note + picture[2:]

    async def upload() -> httpx.Response:
        files = {"file": ("a.jpg", picture, "image/jpeg")}
        data = {"kind": "portrait", "bundle_id": case}
        headers = {"Idempotency-Key": f"store-{case}"}
        return await office.send("wutai-clerk", "POST", "/v1/documents", files=files, data=data, headers=headers)

    under_way = asyncio.create_task(upload())
    await asyncio.sleep(0.1)
    await asyncio.to_thread(stack.s3.kill)
    assert (await under_way).status_code in {201, 503}
    await asyncio.to_thread(stack.s3.restart)
    assert (await until_done(upload)).status_code == 201
    held = (await office.done("wutai-clerk", "GET", f"/v1/documents/bundles/{case}")).json()["items"]
    assert [each["kind"] for each in held] == ["portrait"]
