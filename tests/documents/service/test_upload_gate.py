"""Uploads are bounded: the next one is told to come again, and memory stays flat."""

import asyncio
import tracemalloc
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from services.documents.app import create_documents_app
from services.documents.problems import UploadsBusy
from services.documents.settings import DocumentsSettings
from services.documents.upload_gate import UploadGate
from tests.documents.papers import pdf_of_size
from tests.documents.service.conftest import in_shell, served
from tests.documents.service.people import serve_jwks
from tests.documents.service.steps import fresh_pdf, open_case, upload
from tests.documents.service.test_lost_connections import half_sent

MEGABYTE = 1_000_000


def test_the_gate_lets_in_as_many_as_it_may_and_again_when_one_has_left() -> None:
    gate = UploadGate(arriving=1, in_memory=1)
    with gate.passage(), pytest.raises(UploadsBusy), gate.passage():
        pass
    with gate.passage():
        pass


@pytest.fixture
async def narrow(settings: DocumentsSettings) -> AsyncIterator[tuple[FastAPI, httpx.AsyncClient]]:
    tight = settings.model_copy(update={"uploads_at_once": 2, "uploads_in_memory": 1})
    app = create_documents_app(tight, in_process=serve_jwks)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=in_shell(app), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://documents") as client:
            yield app, client


async def test_more_uploads_than_may_arrive_are_503_with_retry_after_and_reading_goes_on(
    narrow: tuple[FastAPI, httpx.AsyncClient],
) -> None:
    _, http = narrow
    case = await open_case(http)
    uploads = [upload(http, case.clerk, case.bundle_id, fresh_pdf(), kind="sealed_scan") for _ in range(6)]
    *answers, read = await asyncio.gather(*uploads, http.get("/v1/documents/kinds"))
    busy = [each for each in answers if each.status_code == 503]
    assert sorted(each.status_code for each in answers) == [201, 201, 503, 503, 503, 503]
    assert [(each.json()["code"], each.headers["retry-after"]) for each in busy] == [("uploads_busy", "3")] * 4
    assert read.status_code == 200


async def test_a_refused_upload_frees_its_place(narrow: tuple[FastAPI, httpx.AsyncClient]) -> None:
    _, http = narrow
    case = await open_case(http)
    for _ in range(4):
        assert (await upload(http, case.clerk, case.bundle_id, b"", kind="sealed_scan")).status_code == 422
    assert (await upload(http, case.clerk, case.bundle_id, fresh_pdf(), kind="sealed_scan")).status_code == 201


async def test_only_as_many_files_as_allowed_lie_in_memory_whole(
    narrow: tuple[FastAPI, httpx.AsyncClient],
) -> None:
    """Measured on the way from the form to the store, where nothing but our own copies is counted."""
    app, http = narrow
    case, gate = await open_case(http), app.state.resources.gate
    content = pdf_of_size(8 * MEGABYTE)
    async with gate.in_memory:
        waiting = asyncio.create_task(upload(http, case.clerk, case.bundle_id, content, kind="sealed_scan"))
        await asyncio.sleep(1)
        tracemalloc.start()
        held_while_waiting = waiting.done()
        before, _ = tracemalloc.get_traced_memory()
    answer = await waiting
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (held_while_waiting, answer.status_code) == (False, 201)
    assert peak - before < 4 * 8 * MEGABYTE


async def test_a_phone_that_is_turned_away_gets_its_answer_though_it_is_still_sending(
    http: httpx.AsyncClient, settings: DocumentsSettings
) -> None:
    """A slow phone holds the only place; the next one sends megabytes that nobody reads, and is told so in JSON."""
    case = await open_case(http)
    with served(settings.model_copy(update={"uploads_at_once": 1})) as port:
        with await asyncio.to_thread(half_sent, port, case, fresh_pdf()):
            await asyncio.sleep(0.3)
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=30) as phone:
                busy = await upload(phone, case.clerk, case.bundle_id, pdf_of_size(9 * MEGABYTE), kind="sealed_scan")
        await asyncio.sleep(0.3)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=30) as phone:
            after = await upload(phone, case.clerk, case.bundle_id, fresh_pdf(), kind="sealed_scan")
    assert (busy.status_code, busy.json()["code"], after.status_code) == (503, "uploads_busy", 201)
