"""What only a network does: half an upload, a store that dies and comes back."""

import asyncio
import hashlib
import socket
import time

import asyncpg
import httpx
from sqlalchemy import func, select

from services.documents.resources import Resources
from services.documents.tables import DocumentRow, PendingObjectRow
from services.embedded.stack import EmbeddedStack
from tests.documents.service.steps import Bucket, Case, fresh_portrait, kinds_in_force, open_case, upload, uploaded


async def test_an_upload_that_breaks_off_half_way_stores_nothing(
    http: httpx.AsyncClient, port: int, resources: Resources, bucket: Bucket
) -> None:
    case = await open_case(http)
    before = (bucket.keys(), await rows(resources))
    content = fresh_portrait()
    await asyncio.to_thread(send_half, port, case, content)
    whole = await asyncio.to_thread(get_status, port, "/livez")
    assert whole == 200
    assert (bucket.keys(), await rows(resources), await kinds_in_force(http, case)) == (*before, [])


async def rows(resources: Resources) -> tuple[int, int]:
    async with resources.database.reading() as session:
        documents = await session.scalar(select(func.count()).select_from(DocumentRow))
        pending = await session.scalar(select(func.count()).select_from(PendingObjectRow))
        return documents or 0, pending or 0


def send_half(port: int, case: Case, content: bytes) -> None:
    """All form fields and half of the file arrive; then the phone is gone."""
    with half_sent(port, case, content):
        time.sleep(0.3)
    time.sleep(0.3)


def half_sent(port: int, case: Case, content: bytes) -> socket.socket:
    fields = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in (("kind", "portrait"), ("bundle_id", case.bundle_id))
    )
    start = f'{fields}--b\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'.encode()
    body = start + content + b"\r\n--b--\r\n"
    head = (
        "POST /v1/documents HTTP/1.1\r\nHost: documents\r\n"
        f"Authorization: {case.nominee.headers['Authorization']}\r\n"
        f"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode()
    connection = socket.create_connection(("127.0.0.1", port))
    connection.sendall(head + body[: len(start) + len(content) // 2])
    return connection


def get_status(port: int, path: str) -> int:
    return httpx.get(f"http://127.0.0.1:{port}{path}", trust_env=False).status_code


async def test_a_dead_store_is_503_with_retry_after_and_heals_without_a_restart(
    http: httpx.AsyncClient, stack: EmbeddedStack, bucket: Bucket
) -> None:
    case, stored_before = await open_case(http), fresh_portrait()
    document = await uploaded(http, case, stored_before)
    content, address = fresh_portrait(), f"/v1/documents/{document['id']}/content"
    await asyncio.sleep(1)  # the tests' store acknowledges before it has written: what it holds must be there
    stack.s3.kill()
    try:
        refused = await upload(http, case.nominee, case.bundle_id, content)
        unread = await http.get(address, headers=case.nominee.headers)
        ready = await http.get("/readyz")
        kinds = await http.get("/v1/documents/kinds")
    finally:
        await asyncio.to_thread(stack.s3.restart)
    read = await http.get(address, headers=case.nominee.headers)
    again = await upload(http, case.nominee, case.bundle_id, content)
    assert [(each.status_code, each.headers["retry-after"]) for each in (refused, unread)] == [(503, "3"), (503, "3")]
    assert (ready.status_code, ready.json()["needs"]["s3"], kinds.status_code) == (503, "down", 200)
    assert (read.content, again.status_code) == (stored_before, 201)
    assert {f"objects/{hashlib.sha256(content).hexdigest()}"} <= bucket.keys()


async def test_a_dead_database_is_503_with_retry_after_and_heals_without_a_restart(
    http: httpx.AsyncClient, stack: EmbeddedStack
) -> None:
    case, content = await open_case(http), fresh_portrait()
    stack.postgres.kill()
    try:
        refused = await upload(http, case.nominee, case.bundle_id, content)
    finally:
        await asyncio.to_thread(stack.postgres.restart)
    case = await open_case(http)  # the fast server of the tests forgets its last moments
    again = await upload(http, case.nominee, case.bundle_id, content)
    assert (refused.status_code, refused.headers["retry-after"], again.status_code) == (503, "3", 201)


async def test_an_upload_for_which_postgresql_has_no_connection_left_asks_to_come_back(
    http: httpx.AsyncClient, resources: Resources, stack: EmbeddedStack
) -> None:
    case = await open_case(http)
    await limit_connections(stack, resources, 0)
    try:
        await resources.database.engine.dispose()
        answer = await upload(http, case.nominee, case.bundle_id, fresh_portrait())
    finally:
        await limit_connections(stack, resources, -1)
    assert (answer.status_code, answer.json()["code"]) == (503, "service_unavailable")


async def limit_connections(stack: EmbeddedStack, resources: Resources, most: int) -> None:
    """Of the service's own role; -1: as many as the server has."""
    superuser = await asyncpg.connect(stack.postgres.superuser_url, ssl=False)
    try:
        await superuser.execute(f'ALTER ROLE "{resources.database.engine.url.username}" CONNECTION LIMIT {most}')
    finally:
        await superuser.close()
