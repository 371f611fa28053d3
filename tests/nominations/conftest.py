"""The three services in one process over the embedded stack, and campaigns of the tests' own."""

import asyncio
import io
import os
import shutil
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest
from docx import Document
from sqlalchemy import text

from services.app import Dispatcher, create_app
from services.commands.preparing import fake_wechat, prepare
from services.common.asgi import BodyLimit, RequestShell
from services.documents.resources import Resources
from services.nominations.context import Context
from services.nominations.notifications.job_handlers import work_of
from services.nominations.notifications.jobs import work_until_done
from services.nominations.settings import NominationsSettings
from tests.campaign_copies import CAMPAIGNS, copy_of_notice
from tests.factories import Office

OTHER_CITY = Path("services/sandbox/campaigns/sample-craft-2026")
SEATS = {
    "tests-with-many-seats": 1000,
    "tests-one-seat": 1,
    "tests-withdrawn": 1,
    "tests-two-hundred-for-one": 1,
    "tests-no-seats": 0,
    "tests-ledger": 3,
    "tests-zero": 2,
    "tests-lists": 1000,
    "tests-list-files": 20,
    "tests-balance": 10,
    "tests-balance-forfeited": 10,
    "tests-city": 1000,
    "tests-signers": 1000,
    "tests-drafts": 10,
    "tests-drafts-newest": 10,
    "tests-lists-by-role": 20,
    "tests-contact": 10,
    "tests-contact-first": 10,
    "tests-contact-true": 10,
    "tests-contact-false": 10,
    "tests-progress": 10,
    "tests-late-board": 10,
    "tests-city-list": 1000,
    "tests-no-choice": 1000,
    "tests-barred-choice": 10,
    "tests-redrawn": 10,
    "tests-one-list": 10,
    "tests-list-losses": 1000,
    "tests-late": 1000,
    "tests-fraud": 20,
    "tests-same-firm": 3,
    "tests-replaced-answers": 20,
    "tests-forfeited": 1,
    "tests-county-report": 20,
    "tests-report-proposal": 3,
    "tests-found-again": 20,
    "tests-batch": 20,
    "tests-bulk": 60,
    "tests-changes": 60,
    "tests-consultation": 40,
    "tests-fairness": 20,
    "tests-at-once": 20,
    "tests-refused": 20,
    "tests-notifications": 40,
    "tests-webhooks": 40,
    "tests-sheets": 40,
    "tests-postponed": 20,
    "tests-closing": 20,
    "tests-put-off": 1,
    "tests-ended": 1,
    "tests-closed-once": 1,
    "tests-rank": 20,
    "tests-guest-files": 20,
    "tests-packages": 20,
    "tests-prepared": 20,
    "tests-proofs": 20,
    "tests-office-template": 3,
    "tests-plans": 20,
    "tests-key-rotation": 40,
    "tests-sealed-scans": 20,
    "tests-cards": 3,
    "tests-security-log": 5,
    "tests-consent": 20,
    "tests-restriction": 20,
    "tests-restricted-papers": 40,
    "tests-standing-in": 20,
    "tests-consultation-bars": 3,
    "tests-batch-all": 3,
    "tests-asked-about": 3,
    "tests-random-0": 2,
    "tests-random-1": 2,
    "tests-random-2": 2,
    "tests-withdrawing": 20,
    "tests-mail": 40,
    "tests-mail-away": 3,
}
"""Campaigns of the tests: the notice under another key, with so many seats in every quota unit and category."""


@pytest.fixture(scope="session")
def campaigns_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of campaigns as an operator would keep it."""
    folder = tmp_path_factory.mktemp("campaigns")
    shutil.copytree(CAMPAIGNS, folder, dirs_exist_ok=True)
    # Its bodies are seeded by its own journey: two cities in one tree are not what the other tests are about.
    shutil.copytree(OTHER_CITY, folder / OTHER_CITY.name, ignore=shutil.ignore_patterns("organisations.yaml"))
    for key, seats in SEATS.items():
        copy_of_notice(folder, key, seats=seats)
    (folder / "tests-office-template" / "forms" / "attachment_6.docx").write_bytes(office_template())
    return folder


def office_template() -> bytes:
    """An office's own form, as short as may be."""
    word, file = Document(), io.BytesIO()
    for line in ("{{ mark }}{{ qr }}", "本局专用表 {{ values.full_name }} {{ values.sex }}"):
        word.add_paragraph(line)
    word.save(file)
    return file.getvalue()


@pytest.fixture(scope="session")
def prepared(environment: None, campaigns_folder: Path) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XIANJIN_CAMPAIGNS_FOLDER", str(campaigns_folder))
        patch.setenv("AUTH_WECHAT_BASE_URL", f"http://127.0.0.1:{_free_port()}")
        prepare()
        with fake_wechat(os.environ["AUTH_WECHAT_BASE_URL"]):
            yield


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
async def dispatcher(prepared: None) -> AsyncIterator[Dispatcher]:
    shell = create_app()
    assert isinstance(shell, RequestShell)
    assert isinstance(shell.app, BodyLimit)
    dispatcher = shell.app.app
    assert isinstance(dispatcher, Dispatcher)
    assert dispatcher.site is not None
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(dispatcher.site.router.lifespan_context(dispatcher.site))
        dispatcher.site.state.shell = shell
        yield dispatcher


@pytest.fixture(scope="session")
def context(dispatcher: Dispatcher) -> Context:
    context: Context = dispatcher.services["nominations"].state.context
    return context


@pytest.fixture(scope="session")
def documents(dispatcher: Dispatcher) -> Resources:
    """What the documents service stands on."""
    resources: Resources = dispatcher.services["documents"].state.resources
    return resources


@pytest.fixture(scope="session")
async def client(dispatcher: Dispatcher) -> AsyncIterator[httpx.AsyncClient]:
    assert dispatcher.site is not None
    transport = httpx.ASGITransport(app=dispatcher.site.state.shell, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://xianjin", timeout=60) as client:
        yield client


@pytest.fixture(scope="session")
async def office(client: httpx.AsyncClient) -> Office:
    """Everybody of the procedure, signed in when first needed, in a campaign with seats enough for all tests."""
    return Office(client, "tests-with-many-seats")


@pytest.fixture
async def jobs(context: Context) -> Callable[[], Awaitable[None]]:
    """Does what this test leaves to do; what others left in the queue is none of it."""
    async with context.database.transaction() as session:
        await session.execute(text("DELETE FROM nominations.pgqueuer"))

    async def do() -> None:
        async with asyncio.timeout(30):
            await work_until_done(NominationsSettings().database_url.get_secret_value(), work_of(context))

    return do
