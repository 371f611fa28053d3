"""The documents service over real PostgreSQL and a real S3 server, in the shell that the composition root gives it."""

import asyncio
import os
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp

from services.common.asgi import BodyLimit, RequestShell
from services.common.migrations import upgrade
from services.documents.app import create_documents_app
from services.documents.resources import Resources
from services.documents.settings import DocumentsSettings
from services.embedded.stack import EmbeddedStack
from tests.documents.service.people import serve_jwks
from tests.documents.service.steps import Bucket

UPLOAD_LIMIT = 11 * 1024 * 1024


@pytest.fixture(scope="session")
async def settings(stack: EmbeddedStack) -> DocumentsSettings:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in stack.environment().items():
            patch.setenv(name, value)
        for name, value in another_store().items():
            patch.setenv(name, value)
        patch.setenv("XIANJIN_AUTH_BASE_URL", "")
        patch.setenv("DOCUMENTS_DECISIONS_SECONDS", "0")
        patch.setenv("XIANJIN_CAMPAIGNS_FOLDER", str(Path(__file__).parents[3] / "campaigns"))
        settings = DocumentsSettings()
    await asyncio.to_thread(upgrade, service="documents", url=settings.owners_database_url())
    return settings


def another_store() -> dict[str, str]:
    """`make test-s3` runs these tests against an S3 server of another make than the embedded one."""
    endpoint = os.environ.get("XIANJIN_TEST_S3_ENDPOINT")
    if endpoint is None:
        return {}
    secure = os.environ.get("XIANJIN_TEST_S3_SECURE", "false")
    return {
        "DOCUMENTS_S3_ENDPOINT": endpoint,
        "DOCUMENTS_S3_ACCESS_KEY": os.environ["XIANJIN_TEST_S3_ACCESS_KEY"],
        "DOCUMENTS_S3_SECRET_KEY": os.environ["XIANJIN_TEST_S3_SECRET_KEY"],
        "DOCUMENTS_S3_BUCKET": os.environ.get("XIANJIN_TEST_S3_BUCKET", "documents"),
        "DOCUMENTS_S3_SECURE": secure,
        "DOCUMENTS_S3_PUBLIC_URL": f"{'https' if secure == 'true' else 'http'}://{endpoint}",
    }


@pytest.fixture(scope="session")
def bucket(settings: DocumentsSettings) -> Bucket:
    return Bucket(settings)


@pytest.fixture(scope="session")
async def app(settings: DocumentsSettings) -> AsyncIterator[FastAPI]:
    app = create_documents_app(settings, in_process=serve_jwks)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture(scope="session")
def resources(app: FastAPI) -> Resources:
    resources: Resources = app.state.resources
    return resources


@pytest.fixture(scope="session")
async def http(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=in_shell(app), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://documents") as client:
        yield client


@pytest.fixture(scope="session")
def port(settings: DocumentsSettings) -> Iterator[int]:
    """The same service behind a real socket, for what only a network can do to it."""
    with served(settings) as port:
        yield port


@contextmanager
def served(settings: DocumentsSettings) -> Iterator[int]:
    app = in_shell(create_documents_app(settings, in_process=serve_jwks))
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, http="httptools"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join()


def in_shell(app: ASGIApp) -> ASGIApp:
    return RequestShell(BodyLimit(app, lambda _: UPLOAD_LIMIT))
