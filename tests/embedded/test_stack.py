"""The embedded servers as `make run` uses them: durable, on one data folder, through restarts and kills."""

import asyncio
import io
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
from minio import Minio
from minio.error import S3Error

from services.embedded.ports import load_ports
from services.embedded.s3 import S3Server
from services.embedded.secrets_file import load_secrets
from services.embedded.stack import EmbeddedStack, EmbeddedStartFailed
from tests.conftest import one_at_a_time, servers_folder

PARENT = """
import sys, time
from pathlib import Path
from services.embedded.stack import EmbeddedStack
stack = EmbeddedStack.start(Path(sys.argv[1]))
print(stack.postgres.pid, stack.s3.pid, flush=True)
time.sleep(120)
"""


@pytest.fixture(scope="module")
def data(running: EmbeddedStack) -> Iterator[Path]:  # chosen while the other stack holds its ports
    with servers_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def running() -> Iterator[EmbeddedStack]:
    with servers_folder() as folder:
        with one_at_a_time():
            stack = EmbeddedStack.start(folder)
        with stack:
            yield stack


def ask(stack: EmbeddedStack, statement: str, *, role: str = "DATABASE_URL") -> object:
    url = stack.environment()[f"AUTH_{role}"].replace("+asyncpg", "")

    async def perform() -> object:
        connection = await asyncpg.connect(url, ssl=False)
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()

    return asyncio.run(perform())


def bucket(stack: EmbeddedStack, *, secret: str | None = None) -> Minio:
    settings = stack.environment()
    return Minio(
        settings["DOCUMENTS_S3_ENDPOINT"],
        access_key=settings["DOCUMENTS_S3_ACCESS_KEY"],
        secret_key=secret or settings["DOCUMENTS_S3_SECRET_KEY"],
        secure=False,
        region=settings["DOCUMENTS_S3_REGION"],
    )


def read(stack: EmbeddedStack, name: str) -> bytes:
    with bucket(stack).get_object(bucket_name="documents", object_name=name) as answer:
        return answer.read()


def write(stack: EmbeddedStack, name: str, content: bytes) -> None:
    bucket(stack).put_object(bucket_name="documents", object_name=name, data=io.BytesIO(content), length=len(content))


def test_what_was_written_is_there_after_a_stop_and_a_start(data):
    with one_at_a_time():
        with EmbeddedStack.start(data) as stack:
            ask(stack, "CREATE TABLE auth.kept (value text)", role="MIGRATION_DATABASE_URL")
            ask(stack, "INSERT INTO auth.kept VALUES ('row')")
            write(stack, "kept", b"object")
        with EmbeddedStack.start(data) as stack:
            assert (ask(stack, "SELECT value FROM auth.kept"), read(stack, "kept")) == ("row", b"object")


class OnceOutOfStep(S3Server):
    """As when the volume server reports a millisecond too early."""

    starts = 0

    def start(self) -> None:
        super().start()
        self.starts += 1

    def _parts_meet(self) -> bool:
        return super()._parts_meet() and self.starts > 1


def test_a_store_whose_parts_missed_each_other_is_begun_anew(data):
    with one_at_a_time():
        ports, secrets = load_ports(data), load_secrets(data)
        keys = {
            "access_key": secrets["s3_access_key"],
            "secret_key": secrets["s3_secret_key"],
            "jwt": secrets["s3_jwt"],
        }
        store = OnceOutOfStep(data, ports=ports, **keys)
        store.start()
        try:
            store.wait_begun()
            asyncio.run(store.wait_ready())
        finally:
            store.stop()
    assert store.starts == 2


def test_what_was_acknowledged_survives_a_kill_of_both_servers(running):
    ask(running, "CREATE TABLE IF NOT EXISTS auth.survivors (value text)", role="MIGRATION_DATABASE_URL")
    ask(running, "INSERT INTO auth.survivors VALUES ('row')")
    write(running, "survivor", b"object")
    running.postgres.kill()
    running.s3.kill()
    running.postgres.restart()
    running.s3.restart()
    assert (ask(running, "SELECT value FROM auth.survivors"), read(running, "survivor")) == ("row", b"object")


def test_the_application_role_makes_no_tables(running):
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        ask(running, "CREATE TABLE auth.mine (value text)")


def test_a_service_sees_no_other_schema(running):
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        ask(running, "SELECT 1 FROM nominations.anything")


def test_a_wrong_password_is_refused(running):
    wrong = "postgresql://auth_app:" + "wrong"
    with pytest.raises(asyncpg.InvalidPasswordError):
        asyncio.run(asyncpg.connect(f"{wrong}@127.0.0.1:{running.postgres.port}/xianjin", ssl=False))


def test_a_wrong_s3_secret_is_refused(running):
    with pytest.raises(S3Error, match="SignatureDoesNotMatch"):
        bucket(running, secret="wrong").list_buckets()


def test_both_listen_on_loopback_only(running):
    listening = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    ports = {port: name for name, port in load_ports(running.data).items()}
    everywhere = [
        ports[int(address.split(":")[1], 16)]
        for address, state in ((line.split()[1], line.split()[3]) for line in listening)
        if state == "0A" and int(address.split(":")[1], 16) in ports and not address.startswith("0100007F")
    ]
    assert everywhere == []


def test_secrets_are_readable_by_their_owner_only(running):
    assert stat.S_IMODE((running.data / "secrets.json").stat().st_mode) == 0o600


def test_a_second_start_on_the_same_data_names_the_holder(running):
    with pytest.raises(EmbeddedStartFailed, match=str(os.getpid())):
        EmbeddedStack.start(running.data)


def test_a_taken_port_is_named_with_what_to_do(data):
    port = load_ports(data)["postgres"]
    with (
        one_at_a_time(),
        socket.create_server(("127.0.0.1", port)),
        pytest.raises(EmbeddedStartFailed, match=rf"PostgreSQL.*{port}.*ports\.json"),
    ):
        EmbeddedStack.start(data)


def test_a_killed_parent_leaves_no_server_behind(data):
    with one_at_a_time():
        parent = subprocess.Popen([sys.executable, "-c", PARENT, data], stdout=subprocess.PIPE, text=True)
        assert parent.stdout is not None
        servers = [int(pid) for pid in parent.stdout.readline().split()]
        parent.send_signal(signal.SIGKILL)
        parent.wait(10)
        parent.stdout.close()
        deadline = time.monotonic() + 10
        while any(map(is_alive, servers)) and time.monotonic() < deadline:
            time.sleep(0.05)
    assert [is_alive(pid) for pid in servers] == [False, False]


def is_alive(pid: int) -> bool:
    """A zombie is dead: it waits for init, which a container may lack."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
