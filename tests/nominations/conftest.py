"""The three services in one process over the embedded stack, and campaigns of the tests' own."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from services.nominations.campaign_files import read_campaign_folder

from services.app import Dispatcher, create_app
from services.commands.embedded_start import prepare
from services.common.asgi import BodyLimit, RequestShell
from services.nominations.campaign_publication import publish
from services.nominations.context import Context
from tests.factories import Office

CAMPAIGN = Path("campaigns/shanxi-manufacturing-2025")
PublishCampaign = Callable[..., Awaitable[str]]


@pytest.fixture(scope="session")
def prepared(environment: None) -> None:
    prepare()


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
async def client(dispatcher: Dispatcher) -> AsyncIterator[httpx.AsyncClient]:
    assert dispatcher.site is not None
    transport = httpx.ASGITransport(app=dispatcher.site.state.shell, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://xianjin", timeout=60) as client:
        yield client


@pytest.fixture(scope="session")
def publish_campaign(context: Context) -> PublishCampaign:
    """Publishes the notice's campaign under another key, with as many seats in every quota unit as a test needs."""

    async def perform(key: str, *, seats: int = 1000) -> str:
        content: dict[str, Any] = read_campaign_folder(CAMPAIGN)
        content["key"] = key
        for row in content["quotas"]:
            row["seats"] = dict.fromkeys(row["seats"], seats)
        return (await publish(context.database, content)).key

    return perform


@pytest.fixture(scope="session")
async def office(client: httpx.AsyncClient, publish_campaign: PublishCampaign) -> Office:
    """Everybody of the procedure, signed in when first needed, in a campaign with seats enough for all tests."""
    return Office(client, await publish_campaign("tests-with-many-seats"))
