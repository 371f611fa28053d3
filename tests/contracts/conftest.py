"""A live server for the tests of the contract."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import services.app  # noqa: F401  every problem of every service is loaded, whichever test runs alone
from tests.campaign_copies import CAMPAIGNS, copy_of_notice
from tests.conftest import one_at_a_time, servers_folder
from tests.journeys.servers import running

ROOMY = "tests-clients"
"""The notice with seats enough for every client of these tests."""
TOLD = "tests-examples"
"""The notice once more, for the run that the contract's examples are recorded from."""
TOLD_AND_CLOSED = f"{TOLD}-closed"
"""And once more, to be closed while nothing is open in it."""

METRICS_TOKEN = "a token of the tests"


@dataclass(frozen=True)
class LiveServer:
    """One embedded server in a process of its own, as `make run` starts it."""

    url: str
    wechat_url: str
    text_messages: Path


@pytest.fixture(scope="session")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    campaigns = tmp_path_factory.mktemp("campaigns")
    shutil.copytree(CAMPAIGNS, campaigns, dirs_exist_ok=True)
    copy_of_notice(campaigns, ROOMY, seats=100)
    copy_of_notice(campaigns, TOLD, seats=20)
    copy_of_notice(campaigns, TOLD_AND_CLOSED, seats=1)
    settings = {"XIANJIN_CAMPAIGNS_FOLDER": str(campaigns), "NOMINATIONS_WEBHOOK_NETWORKS": '["127.0.0.0/8"]'}
    settings |= {"NOMINATIONS_STREAM_SECONDS": "0", "XIANJIN_METRICS_TOKEN": METRICS_TOKEN}
    with servers_folder() as folder:
        with one_at_a_time():
            server = running("serve", "--data", str(folder), environment=settings)
            command = server.__enter__()
            url = command.wait_for(r"API documentation\s+(http://127\.0\.0\.1:\d+)")[1]
        try:
            yield LiveServer(
                url, command.wait_for(r"fake WeChat\s+(http://127\.0\.0\.1:\d+)")[1], folder / "text-messages.jsonl"
            )
        finally:
            server.__exit__(None, None, None)
