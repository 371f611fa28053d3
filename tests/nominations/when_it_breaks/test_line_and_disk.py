"""A line to the database that is slow or dead, and a disk that is full: answers wait or ask to come back, nothing is lost.

The line is a proxy on loopback between the service and PostgreSQL.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any

import asyncpg
from sqlalchemy import make_url

from services.app import Dispatcher
from services.common.db import Database
from services.embedded.provision import DATABASE
from services.embedded.stack import EmbeddedStack
from services.nominations.context import Context
from services.nominations.settings import NominationsSettings
from tests.factories import OPENED, PICTURES, Office

PATIENCE = 1.0


@dataclass
class Line:
    """What goes over it comes through later, and nothing does while it is dead."""

    delay: float = 0.0
    alive: asyncio.Event = field(default_factory=asyncio.Event)
    ends: list[asyncio.StreamWriter] = field(default_factory=list)

    async def say(self, message: bytes) -> None:
        """To the service, on each of its connections, as if the server had said it."""
        for end in self.ends:
            if not end.is_closing():
                end.write(message)
        await asyncio.sleep(0.05)

    async def carry(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.CancelledError):
            while part := await source.read(2048):
                await asyncio.sleep(self.delay)
                await self.alive.wait()
                target.write(part)
                await target.drain()
        target.close()


@asynccontextmanager
async def over(line: Line, dispatcher: Dispatcher, context: Context) -> AsyncIterator[None]:
    """Meanwhile the service reaches its database over this line."""
    line.alive.set()
    url = make_url(NominationsSettings().database_url.get_secret_value())

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        behind, beyond = await asyncio.open_connection(url.host, url.port)
        line.ends.append(writer)
        await asyncio.gather(line.carry(reader, beyond), line.carry(behind, writer))

    proxy = await asyncio.start_server(connect, "127.0.0.1", 0)
    port = proxy.sockets[0].getsockname()[1]
    own = url.set(host="127.0.0.1", port=port).render_as_string(hide_password=False)
    database = Database(own, pool_size=2, application="over a line", patience=PATIENCE)
    state: Any = dispatcher.services["nominations"].state
    state.context = replace(context, database=database)
    try:
        yield
    finally:
        state.context = context
        line.alive.set()
        await database.close()
        proxy.close()


async def test_over_a_slow_line_the_same_case_is_read_only_later(office, dispatcher, context):
    case = (await office.draft({"full_name": "示例"})).json()["id"]
    path = f"/v1/nominations/{case}"
    near = (await office.done("wutai-clerk", "GET", path)).json()
    async with over(Line(delay=0.05), dispatcher, context):
        far = (await office.done("wutai-clerk", "GET", path)).json()
        made = await office.draft({"full_name": "示例"})
    assert (far, made.status_code) == (near, 201)


async def test_a_dead_line_is_given_up_in_time_and_found_again_without_hands(office, dispatcher, context):
    case = (await office.draft()).json()["id"]
    path, body = f"/v1/nominations/{case}", {"campaign_key": office.campaign, "category": "advanced_individual"}
    line = Line()
    async with over(line, dispatcher, context):
        await office.done("wutai-clerk", "GET", path)
        line.alive.clear()
        started = time.monotonic()
        answers = await asyncio.gather(
            office.send("wutai-clerk", "GET", path), office.send("wutai-clerk", "POST", "/v1/nominations", json=body)
        )
        waited = time.monotonic() - started
        line.alive.set()
        back = await office.done("wutai-clerk", "GET", path)
    seen = [(answer.status_code, "retry-after" in answer.headers) for answer in answers]
    assert (seen, waited < 10 * PATIENCE, back.json()["id"]) == ([(503, True)] * 2, True, case)


_FAREWELL_FIELDS = b"SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0"
FAREWELL = b"E" + (len(_FAREWELL_FIELDS) + 4).to_bytes(4, "big") + _FAREWELL_FIELDS


async def test_a_server_that_says_good_bye_before_it_closes_is_said_to_be_away(office, dispatcher, context):
    case = (await office.draft()).json()["id"]
    path, body = f"/v1/nominations/{case}", {"campaign_key": office.campaign, "category": "advanced_individual"}
    line = Line()
    seen = []
    async with over(line, dispatcher, context):
        for ask in (("GET", path, {}), ("POST", "/v1/nominations", {"json": body})):
            await office.done("wutai-clerk", "GET", path)
            await line.say(FAREWELL)
            answer = await office.send("wutai-clerk", ask[0], ask[1], **ask[2])
            seen.append((answer.status_code, answer.headers.get("retry-after")))
        back = await office.done("wutai-clerk", "GET", path)
    assert (seen, back.json()["id"]) == ([(503, "3")] * 2, case)


async def test_a_phone_on_a_slow_line_keeps_nobody_else_waiting(office: Office):
    case = (await office.draft()).json()["id"]
    picture = (PICTURES / "good.jpg").read_bytes()
    head = (
        b'--slow\r\nContent-Disposition: form-data; name="kind"\r\n\r\nportrait\r\n'
        b'--slow\r\nContent-Disposition: form-data; name="bundle_id"\r\n\r\n' + case.encode() + b"\r\n"
        b'--slow\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    )
    others_done = asyncio.Event()

    async def body() -> AsyncIterator[bytes]:
        yield head + picture[:1000]
        await others_done.wait()
        yield picture[1000:] + b"\r\n--slow--\r\n"

    headers = {"Content-Type": "multipart/form-data; boundary=slow"}
    upload = asyncio.create_task(office.send("wutai-clerk", "POST", "/v1/documents", content=body(), headers=headers))
    async with asyncio.timeout(30):
        reads = [await office.send("wutai-clerk", "GET", f"/v1/nominations/{case}") for _ in range(5)]
    still_sending = not upload.done()
    others_done.set()
    assert ([each.status_code for each in reads], still_sending) == ([200] * 5, True)
    assert (await upload).status_code == 201


_NO_ROOM = """
CREATE FUNCTION nominations.no_room() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN RAISE EXCEPTION USING ERRCODE = ''disk_full'', MESSAGE = ''no space left on device''; END';
CREATE TRIGGER no_room BEFORE INSERT ON nominations.nomination_events
    FOR EACH ROW EXECUTE FUNCTION nominations.no_room();
"""


@asynccontextmanager
async def no_room(stack: EmbeddedStack) -> AsyncIterator[None]:
    """PostgreSQL says what it says when the disk of its data is full (SQLSTATE 53100), at the first row of a history."""
    connection = await asyncpg.connect(stack.postgres.superuser_url.rpartition("/")[0] + f"/{DATABASE}", ssl=False)
    try:
        await connection.execute(_NO_ROOM)
        yield
    finally:
        await connection.execute("DROP FUNCTION nominations.no_room() CASCADE")
        await connection.close()


async def test_on_a_full_disk_what_is_written_is_refused_whole_and_what_is_read_is_read(office, stack):
    await office.set_clock(OPENED)
    path = "/v1/nominations"
    body = {"campaign_key": office.campaign, "category": "advanced_individual"}
    query, headers = {"campaign_key": office.campaign}, {"Idempotency-Key": "on-a-full-disk"}
    counted = "/v1/nomination-counts"
    before = (await office.done("wutai-clerk", "GET", counted, params=query)).json()["total"]
    async with no_room(stack):
        refused = await office.send("wutai-clerk", "POST", path, json=body, headers=headers)
        meanwhile = (await office.done("wutai-clerk", "GET", counted, params=query)).json()["total"]
    again = await office.send("wutai-clerk", "POST", path, json=body, headers=headers)
    after = (await office.done("wutai-clerk", "GET", counted, params=query)).json()["total"]
    assert (refused.status_code, "retry-after" in refused.headers, again.status_code) == (503, True, 201)
    assert (meanwhile, after) == (before, before + 1)
