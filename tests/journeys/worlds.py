"""The whole city as processes: one server with all services, or one for each, over the same embedded servers."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from services.commands.embedded_start import CLOCK_START
from services.embedded.ports import is_free
from tests.campaign_copies import CAMPAIGNS, copy_of_notice
from tests.conftest import one_at_a_time, servers_folder
from tests.factories import Office
from tests.journeys.demo_story import SERVICES
from tests.journeys.servers import running, wait_until_ready

SEATS = {
    "journey-phone": 5,
    "journey-one-seat": 1,
    "journey-firm": 1,
    "journey-city": 40,
    "journey-late": 5,
    "journey-award": 40,
}


@dataclass(frozen=True)
class World:
    """Running servers, and how to reach them."""

    name: str
    base_urls: dict[str, str]
    settings: dict[str, str]

    def office(self, client: httpx.AsyncClient, campaign: str, place: str = "wutai") -> Office:
        return Office(client, campaign, place, wechat=self.settings["AUTH_WECHAT_BASE_URL"])

    def client(self) -> httpx.AsyncClient:
        """A client that finds the service of a path, as the one public address of an installation does."""
        return httpx.AsyncClient(base_url=f"http://{self.name}", transport=_ByService(self.base_urls), timeout=60)

    def texts_to(self, phone: str) -> list[dict[str, Any]]:
        lines = Path(self.settings["XIANJIN_SMS_FILE"]).read_text("utf-8").splitlines()
        return [message for message in map(json.loads, lines) if message["phone"] == phone]

    def command(self, *arguments: str) -> str:
        """What an operator's command prints."""
        done = _run(*arguments, settings=self.settings)
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    def verdict_on(self, bundle: Path) -> tuple[int, str]:
        """What `xianjin verify` says of a file, without any setting of this city: exit code and words."""
        done = _run("verify", str(bundle), settings={})
        return done.returncode, done.stdout


def _run(*arguments: str, settings: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "services", *arguments],
        env={"PATH": "/usr/bin:/bin", **settings},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


class _ByService(httpx.AsyncBaseTransport):
    def __init__(self, base_urls: dict[str, str]) -> None:
        self._urls = {service: httpx.URL(url) for service, url in base_urls.items()}
        self._network = httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        first = request.url.path.removeprefix("/v1/").partition("/")[0]
        url = self._urls[first if first in ("auth", "documents") else "nominations"]
        request.url = request.url.copy_with(host=url.host, port=url.port)
        return await self._network.handle_async_request(request)

    async def aclose(self) -> None:
        await self._network.aclose()


@contextmanager
def world(name: str, campaigns: Path) -> Iterator[World]:
    """`one-process` or `three-processes`, on data of its own."""
    with ExitStack() as stack:
        folder = stack.enter_context(servers_folder())
        with one_at_a_time():
            settings = _embedded(stack, folder, campaigns)
            ports = _free_ports(json.loads((folder / "ports.json").read_text("utf-8"))["api"])
            only = (None,) if name == "one-process" else SERVICES
            urls = {service: f"http://127.0.0.1:{port}" for service, port in zip(SERVICES, ports, strict=True)}
            if name == "one-process":
                urls = dict.fromkeys(SERVICES, urls["auth"])
            settings |= {f"XIANJIN_{service.upper()}_BASE_URL": url for service, url in urls.items() if len(only) > 1}
            for service in only:
                port = urls[service or "auth"].rpartition(":")[2]
                which = ("--only", service) if service else ()
                stack.enter_context(running("serve", *which, "--port", port, environment=settings))
            for url in sorted(set(urls.values())):
                wait_until_ready(url)
        yield World(name, urls, settings)


def _embedded(stack: ExitStack, folder: Path, campaigns: Path) -> dict[str, str]:
    file = folder / "environment"
    known = {"XIANJIN_CAMPAIGNS_FOLDER": str(campaigns), "NOMINATIONS_CLOCK_START": CLOCK_START}
    embedded = stack.enter_context(
        running("embedded", "--data", str(folder), "--environment-file", str(file), environment=known)
    )
    embedded.wait_for("ready")
    lines = (line.split("=", 1) for line in file.read_text(encoding="utf-8").splitlines())
    return {setting: value.strip("'") for setting, value in lines} | known


def _free_ports(start: int) -> list[int]:
    return [port for port in range(start + 100, start + 2000) if is_free(port)][: len(SERVICES)]


def journey_campaigns(folder: Path) -> Path:
    shutil.copytree(CAMPAIGNS, folder, dirs_exist_ok=True)
    for key, seats in SEATS.items():
        copy_of_notice(folder, key, seats=seats)
    return folder
