"""One sandbox for all tests of this folder, started as a front-end team starts it."""

from collections.abc import Iterator

import httpx
import pytest

from services.embedded.demo_people import PASSWORD
from services.embedded.ports import is_free
from tests.conftest import one_at_a_time, servers_folder
from tests.journeys.servers import Command, running, wait_until_ready


@pytest.fixture(scope="session")
def sandbox() -> Iterator[tuple[Command, str]]:
    """The running command and its address."""
    with servers_folder() as folder:
        with one_at_a_time():
            port = next(port for port in range(28_400, 29_400) if is_free(port))
            start = running("sandbox", "--data", str(folder), "--port", str(port))
            command = start.__enter__()
            try:
                command.wait_for("every start begins empty")  # its ports are taken from here on
            except AssertionError:
                start.__exit__(None, None, None)
                raise
        url = f"http://127.0.0.1:{port}"
        command.wait_for("Started server process")
        wait_until_ready(url)
        yield command, url
        start.__exit__(None, None, None)


@pytest.fixture(scope="session")
def url(sandbox: tuple[Command, str]) -> str:
    return sandbox[1]


@pytest.fixture
def http(url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=url, timeout=60) as client:
        yield client


def signed_in(http: httpx.Client, username: str) -> dict[str, str]:
    """The header of somebody of the sandbox."""
    answer = http.post("/v1/auth/sessions", json={"username": username, "password": PASSWORD})
    assert answer.status_code == 201, answer.text
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}
