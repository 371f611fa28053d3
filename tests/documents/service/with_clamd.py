"""A real clamd, with one signature of our own, that of the EICAR test file. Needs clamd: `make test-clamd`.

Not collected by `make test`, which needs nothing installed; `.ci/run` runs it.
"""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from services.documents.app import create_documents_app
from services.documents.malware_scan import MalwareScanner
from services.documents.problems import FileInfected, ScannerUnavailable
from services.documents.settings import DocumentsSettings
from tests.documents.papers import pdf
from tests.documents.service.clamd import EICAR
from tests.documents.service.conftest import in_shell
from tests.documents.service.people import serve_jwks
from tests.documents.service.steps import fresh_pdf, open_case, upload

_READY_SECONDS = 60
_SIGNATURE = f"Xianjin.Eicar:0:*:{EICAR.hex()}\n"
_SETTINGS = """
DatabaseDirectory {folder}/signatures
LocalSocket {folder}/clamd.sock
TCPSocket {port}
TCPAddr 127.0.0.1
StreamMaxLength 10M
Foreground yes
"""


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """One clamd, over TCP and over a socket file."""
    program = shutil.which("clamd") or "/usr/sbin/clamd"
    assert Path(program).exists(), "clamd is not installed: apt-get install clamav-daemon"
    folder = tmp_path_factory.mktemp("clamd")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (folder / "signatures").mkdir()
    (folder / "signatures" / "own.ndb").write_text(_SIGNATURE, encoding="ascii")
    (folder / "clamd.conf").write_text(_SETTINGS.format(folder=folder, port=port), encoding="ascii")
    with (folder / "clamd.log").open("wb") as log:
        process = subprocess.Popen([program, "--config-file", str(folder / "clamd.conf")], stdout=log, stderr=log)
        try:
            wait_until_it_answers(port, process, folder / "clamd.log")
            yield f"tcp://127.0.0.1:{port}", f"unix://{folder}/clamd.sock"
        finally:
            process.terminate()
            process.wait(30)


def wait_until_it_answers(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5) as asking:
            asking.sendall(b"zPING\0")
            if asking.recv(16) == b"PONG\0":
                return
        time.sleep(0.2)
    raise AssertionError(log.read_text(encoding="utf-8", errors="replace")[-2000:])


async def test_a_real_clamd_passes_what_is_clean_and_finds_what_is_not(addresses: tuple[str, str]) -> None:
    for address in addresses:
        scanner = MalwareScanner(address)
        await scanner.scan(fresh_pdf())
        await scanner.scan(bytes(9_000_000))
        with pytest.raises(FileInfected):
            await scanner.scan(bytes(200_000) + EICAR)


async def test_what_a_real_clamd_will_not_scan_whole_is_not_passed(addresses: tuple[str, str]) -> None:
    with pytest.raises(ScannerUnavailable):
        await MalwareScanner(addresses[0]).scan(bytes(12_000_000))


async def test_an_infected_upload_is_refused_and_a_clean_one_is_kept(
    settings: DocumentsSettings, addresses: tuple[str, str]
) -> None:
    app = create_documents_app(settings.model_copy(update={"clamd_address": addresses[1]}), in_process=serve_jwks)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=in_shell(app), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://documents") as http:
            case = await open_case(http)
            hidden = pdf(extra=(b"<</Length %d>>\nstream\n%b\nendstream" % (len(EICAR), EICAR),))
            infected = await upload(http, case.nominee, case.bundle_id, hidden, kind="sealed_scan")
            clean = await upload(http, case.nominee, case.bundle_id, fresh_pdf(), kind="sealed_scan")
    assert (infected.status_code, infected.json()["code"], clean.status_code) == (422, "file_infected", 201)
