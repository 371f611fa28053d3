"""nginx as deploy/ configures it, over TLS, in front of the services in processes of their own. Needs nginx: `make test-proxy`.

Not collected by `make test`, which needs nothing installed; `.ci/run` runs it.
"""

import asyncio
import datetime
import json
import re
import shutil
import signal
import socket
import ssl
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from services.commands.embedded_start import CLOCK_START
from services.demo.cast import PASSWORD
from services.demo.narrator import Narrator
from services.demo.story import tell
from services.embedded.ports import is_free
from tests.conftest import one_at_a_time, servers_folder
from tests.journeys.servers import Command, running, wait_until_ready

PROCESSES = ("auth", "documents", "nominations", "nominations")
HOST = "xianjin.test"


@dataclass
class Site:
    """A running installation."""

    port: int
    wechat: str
    settings: dict[str, str]
    services: dict[str, tuple[int, Command]]
    spare: int
    """The port of a second nominations process, which nginx knows and which is not up at first."""
    trust: ssl.SSLContext

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def client(self, **more) -> httpx.Client:
        return httpx.Client(base_url=self.url, verify=self.trust, timeout=30, **more)


def certificate(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(
            name, name, key.public_key(), x509.random_serial_number(), now, now + datetime.timedelta(1)
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "tls.crt").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "tls.key").write_bytes(key.private_bytes(*form))
    trust = ssl.create_default_context(cafile=str(folder / "tls.crt"))
    trust.check_hostname = False
    return trust


def configured(folder: Path, *, port: int, upstreams: dict[str, list[str]]) -> Path:
    """The files of deploy/nginx with this installation's own addresses; patience is shortened, nothing else is changed."""
    shutil.copytree("deploy/nginx", folder, dirs_exist_ok=True)
    blocks = [
        f"upstream {name} {{ {' '.join(f'server {a} max_fails=2 fail_timeout=2s;' for a in all_)} keepalive 32; }}"
        for name, all_ in upstreams.items()
    ]
    (folder / "upstreams.conf").write_text("\n".join(blocks), "utf-8")
    listen = folder / "listen.conf"
    own = listen.read_text("utf-8").replace("/etc/nginx/tls", str(folder)).replace("8443", f"127.0.0.1:{port}")
    listen.write_text(own, "utf-8")
    main = folder / "nginx.conf"
    text = (
        main.read_text("utf-8")
        .replace(" /tmp/", f" {folder}/")
        .replace("client_header_timeout 10s", "client_header_timeout 2s")
    )
    main.write_text(text, "utf-8")
    return main


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with ExitStack() as stack:
        folder = stack.enter_context(servers_folder())  # nginx's workers run as nobody too
        data = stack.enter_context(servers_folder())
        stack.enter_context(one_at_a_time())
        file = folder / "environment"
        embedded = stack.enter_context(running("embedded", "--data", str(data), "--environment-file", str(file)))
        embedded.wait_for("ready")
        settings = dict(line.split("=", 1) for line in file.read_text("utf-8").splitlines())
        settings = {name: value.strip("'") for name, value in settings.items()}
        first = json.loads((data / "ports.json").read_text("utf-8"))["api"] + 100
        ports = [port for port in range(first, first + 2000) if is_free(port)][: len(PROCESSES) + 1]
        addresses: dict[str, list[str]] = {}
        for name, port in zip(PROCESSES, ports, strict=False):
            addresses.setdefault(name, []).append(f"127.0.0.1:{port}")
        for name in ("auth", "documents"):
            settings[f"XIANJIN_{name.upper()}_BASE_URL"] = f"http://{addresses[name][0]}"
        settings |= {"NOMINATIONS_CLOCK_START": CLOCK_START, "XIANJIN_LEAVE_SECONDS": "3"}  # longer than fail_timeout
        settings |= {"XIANJIN_METRICS_TOKEN": "of-the-proxy-test-0123456789"}
        services: dict[str, tuple[int, Command]] = {}
        for name, port in zip(PROCESSES[:3], ports, strict=False):  # the fourth is not up yet: nginx passes it over
            command = Command("serve", "--only", name, "--port", str(port), environment=settings)
            services[name] = (port, command)
        trust = certificate(folder)
        addresses["object_store"] = [settings["DOCUMENTS_S3_ENDPOINT"]]
        main = configured(folder, port=ports[-1], upstreams=addresses)
        for port, _ in services.values():
            wait_until_ready(f"http://127.0.0.1:{port}")
        nginx = subprocess.Popen(
            [shutil.which("nginx") or "nginx", "-p", str(folder), "-c", str(main), "-g", "daemon off;"]
        )
        stack.callback(nginx.wait, 10)
        stack.callback(nginx.terminate)
        stack.callback(lambda: [command.end() for _, command in services.values()])
        made = Site(ports[-1], settings["AUTH_WECHAT_BASE_URL"], settings, services, ports[3], trust)
        until_it_answers(made)
        yield made


def until_it_answers(site: Site) -> None:
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        with suppress(httpx.TransportError), site.client() as http:
            if http.get("/livez").status_code == 200:
                return
        time.sleep(0.1)
    raise AssertionError("nginx does not answer")


async def start(site: Site, port: int) -> None:
    command = Command("serve", "--only", "nominations", "--port", str(port), environment=site.settings)
    site.services["nominations again"] = (port, command)
    await asyncio.to_thread(wait_until_ready, f"http://127.0.0.1:{port}")


def raw(site: Site, sent: bytes, *, patience: float = 6) -> bytes:
    """What comes back for bytes that no client library would send."""
    with socket.create_connection(("127.0.0.1", site.port), 5) as plain, site.trust.wrap_socket(plain) as tls:
        tls.settimeout(patience)
        tls.sendall(sent)
        got = b""
        with suppress(TimeoutError, ConnectionError, ssl.SSLError):
            while part := tls.recv(65536):
                got += part
        return got


def test_the_whole_story_runs_through_nginx_over_tls(site, tmp_path):
    base_urls = dict.fromkeys(("auth", "documents", "nominations"), site.url) | {"wechat": site.wechat}
    with httpx.Client(timeout=60, verify=site.trust) as http:
        tell(Narrator(base_urls, http), output=tmp_path, county=None)
    assert (tmp_path / "attachment_6.pdf").read_bytes().startswith(b"%PDF")


async def test_a_process_that_is_replaced_is_missed_by_nobody(site):
    """The new process comes up, the old one leaves, under load: no answer but 2xx, each case created exactly once."""
    stop = asyncio.Event()
    answers: Counter[tuple[str, int]] = Counter()
    created: set[str] = set()
    async with httpx.AsyncClient(base_url=site.url, verify=site.trust, timeout=30) as http:
        body = {"username": "wutai-clerk", "password": PASSWORD}
        token = (await http.post("/v1/auth/sessions", json=body)).json()["access_token"]
        http.headers["Authorization"] = f"Bearer {token}"
        campaign = "shanxi-manufacturing-2025"

        async def work(worker: int) -> None:
            number = 0
            while not stop.is_set():
                number += 1
                headers = {"Idempotency-Key": f"restart-{worker}-{number:06}"}
                case = {"campaign_key": campaign, "category": "advanced_individual", "form": {}}
                made = await http.post("/v1/nominations", json=case, headers=headers)
                answers["POST", made.status_code] += 1
                if made.status_code == 201:
                    created.add(made.json()["id"])
                read = await http.get("/v1/nominations", params={"campaign_key": campaign, "page_size": 1})
                answers["GET", read.status_code] += 1
                await asyncio.sleep(0.05)

        workers = [asyncio.create_task(work(number)) for number in range(3)]
        before = (await http.get("/v1/nomination-counts", params={"campaign_key": campaign})).json()["total"]
        await start(site, site.spare)
        _, first = site.services.pop("nominations")
        await asyncio.to_thread(first.end, signal.SIGTERM)
        await asyncio.sleep(1)
        stop.set()
        await asyncio.gather(*workers)
        after = (await http.get("/v1/nomination-counts", params={"campaign_key": campaign})).json()["total"]
    assert set(answers) == {("POST", 201), ("GET", 200)}, answers
    assert answers["POST", 201] == len(created)
    assert 0 <= len(created) - (after - before) <= 3  # those made before the first count was taken


def test_an_idle_header_is_given_up_and_does_not_hold_a_service(site):
    """Slowloris: nginx ends it, and the services never hear of it."""
    started = time.monotonic()
    got = raw(site, b"GET /v1/campaigns HTTP/1.1\r\nHost: xianjin.test\r\nX-Slow: ", patience=8)
    assert (b" 200 " in got, time.monotonic() - started < 6) == (False, True)


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n",
        b"Content-Length: 6\r\nContent-Length: 5\r\n",
        b"Transfer-Encoding: xchunked\r\n",
        b"Transfer-Encoding : chunked\r\nContent-Length: 5\r\n",
    ],
)
def test_a_request_of_two_lengths_is_refused_or_one_request(site, head):
    """Whatever nginx makes of it, the hidden second request never reaches a service."""
    hidden = b"0\r\n\r\nGET /v1/smuggled HTTP/1.1\r\nHost: xianjin.test\r\n\r\n"
    got = raw(
        site,
        b"POST /v1/auth/sessions HTTP/1.1\r\nHost: xianjin.test\r\n" + head + b"Connection: close\r\n\r\n" + hidden,
    )
    assert len(re.findall(rb"HTTP/1\.1 \d{3}", got)) <= 1
    assert not any('"route": "/v1/smuggled"' in command.output for _, command in site.services.values())


@pytest.mark.parametrize(
    "path",
    [
        "/metrics",
        "/readyz",
        "/v1/auth/../../metrics",
        "/v1/documents/..%2f..%2fmetrics",
        "//metrics",
        "/documents/objects/x",
        "/etc/passwd",
    ],
)
def test_what_is_not_public_is_not_there(site, path):
    token = site.settings["XIANJIN_METRICS_TOKEN"]
    got = raw(
        site,
        f"GET {path} HTTP/1.1\r\nHost: xianjin.test\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n".encode(),
    )
    status = int(re.findall(rb"HTTP/1\.1 (\d{3})", got)[0])
    assert (status in {400, 401, 403, 404, 405}, b"xianjin_requests" in got) == (True, False)


def test_a_forwarded_address_that_a_client_claims_does_not_count(site):
    """Guessing from ever new claimed addresses is slowed down like guessing from one."""
    with site.client() as http:
        statuses = [
            http.post(
                "/v1/auth/sessions",
                json={"username": "nobody-there", "password": "wrong-password-1"},
                headers={"X-Forwarded-For": f"203.0.113.{number}"},
            ).status_code
            for number in range(12)
        ]
    assert statuses[-1] == 429


def test_every_answer_over_tls_asks_browsers_to_stay_with_it(site):
    with site.client() as http:
        answers = [http.get(path) for path in ("/docs", "/v1/campaigns", "/nowhere")]
    assert [answer.headers["strict-transport-security"] for answer in answers] == ["max-age=31536000"] * 3


def test_old_tls_is_refused(site):
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    with socket.create_connection(("127.0.0.1", site.port), 5) as plain, pytest.raises(ssl.SSLError):
        old.wrap_socket(plain)
