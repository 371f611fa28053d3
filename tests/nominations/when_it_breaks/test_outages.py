"""A database or an object store that goes away is said to be away, and is found again without hands.

In the last room: a killed test database may lose what it acknowledged in its last moments.
"""

import asyncio
import time

import httpx
import pytest

from services.embedded.stack import EmbeddedStack
from tests.factories import PICTURES, Office

PATIENCE_SECONDS = 20


async def until_it_works(ask) -> httpx.Response:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        answer = await ask()
        if answer.is_success or time.monotonic() > deadline:
            return answer
        await asyncio.sleep(0.2)


@pytest.fixture
async def without_postgres(office: Office, stack: EmbeddedStack):
    await office.token("wutai-clerk")
    await asyncio.to_thread(stack.postgres.kill)
    yield
    await asyncio.to_thread(stack.postgres.restart)


@pytest.fixture
async def without_s3(stack: EmbeddedStack):
    await asyncio.to_thread(stack.s3.kill)
    yield
    await asyncio.to_thread(stack.s3.restart)


def facts(answer: httpx.Response) -> tuple[int, str | None, str | None]:
    return answer.status_code, answer.json().get("code"), answer.headers.get("retry-after")


async def test_without_the_database_reads_and_writes_ask_to_come_back(office, without_postgres):
    query = {"campaign_key": office.campaign}
    body = {"campaign_key": office.campaign, "category": "advanced_individual"}
    answers = [
        await office.send("wutai-clerk", "GET", "/v1/nominations", params=query),
        await office.send("wutai-clerk", "POST", "/v1/nominations", json=body),
    ]
    assert [facts(answer) for answer in answers] == [(503, "service_unavailable", "3")] * 2


async def test_without_the_database_the_process_lives_and_is_not_ready(client, without_postgres):
    live, ready = await client.get("/livez"), await client.get("/readyz")
    assert (live.status_code, ready.status_code, ready.json()["needs"]["nominations.postgresql"]) == (200, 503, "down")


async def test_when_the_database_is_back_everything_works_by_itself(office, client):
    answer = await until_it_works(lambda: client.get("/readyz"))
    assert (answer.status_code, (await office.draft()).status_code) == (200, 201)


async def test_without_the_object_store_cases_are_read_and_uploads_ask_to_come_back(office, without_s3):
    case = (await office.draft()).json()["id"]
    read = await office.send("wutai-clerk", "GET", f"/v1/nominations/{case}")
    files = {"file": ("a.jpg", (PICTURES / "id_card_back.jpg").read_bytes() + b"\x00", "image/jpeg")}
    data = await office.upload_fields("id_card_back", case)
    upload = await office.send("wutai-clerk", "POST", "/v1/documents", files=files, data=data)
    assert (read.status_code, upload.status_code, "retry-after" in upload.headers) == (200, 503, True)


async def test_when_the_object_store_is_back_uploads_work_by_themselves(office):
    case = (await office.draft()).json()["id"]
    files = {"file": ("a.jpg", (PICTURES / "id_card_front.jpg").read_bytes(), "image/jpeg")}
    data = await office.upload_fields("id_card_front", case)
    answer = await until_it_works(lambda: office.send("wutai-clerk", "POST", "/v1/documents", files=files, data=data))
    assert answer.status_code == 201
