"""PostgreSQL as a child process: scram passwords, loopback only, its data in a folder named by its major version."""

import asyncio
import contextlib
import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import asyncpg

from services.embedded import unprivileged
from services.embedded.binaries import postgres_bin
from services.embedded.failures import EmbeddedStartFailed
from services.embedded.ports import require_free
from services.embedded.server_log import last_lines, open_log

SUPERUSER = "xianjin"
_READY_SECONDS = 60
_UNSAFE_BUT_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class PostgresServer:
    """One server over one data folder. `kill` and `restart` are for tests of failure."""

    def __init__(self, data: Path, *, port: int, password: str, durable: bool) -> None:
        self.port = port
        self._data = data
        self._password = password
        self._durable = durable
        self._bin = postgres_bin()
        self._folder = data / f"postgres-{self._major()}"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def superuser_url(self) -> str:
        return f"postgresql://{SUPERUSER}:{self._password}@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Starts the process; `wait_ready` waits for it. Raises EmbeddedStartFailed for a taken port."""
        require_free(self.port, server="PostgreSQL", data=self._data)
        if not (self._folder / "PG_VERSION").exists():
            self._initialise()
        options = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": "100",
            **({} if self._durable else _UNSAFE_BUT_FAST),
        }
        flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with open_log(self._data / "postgres.log") as log:
            self._process = unprivileged.spawn(
                [self._bin / "postgres", "-D", self._folder, "-p", str(self.port), *flags],
                log=log,
                death_signal=signal.SIGINT,  # fast shutdown
                environment={},
            )

    async def wait_ready(self) -> None:
        """Until a query is answered. Raises EmbeddedStartFailed with the server's last words."""
        deadline = time.monotonic() + _READY_SECONDS
        while time.monotonic() < deadline:
            if self._process is not None and self._process.poll() is not None:
                break
            with contextlib.suppress(OSError, asyncpg.PostgresError, TimeoutError):
                connection = await asyncpg.connect(self.superuser_url, ssl=False, timeout=5)
                await connection.close()
                return
            await asyncio.sleep(0.03)
        raise EmbeddedStartFailed(
            f"PostgreSQL 未能启动 PostgreSQL did not start:\n{last_lines(self._data / 'postgres.log')}"
        )

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(30)

    def kill(self) -> None:
        """kill -9, as a power-off of the process would."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(30)

    def restart(self) -> None:
        """Starts again on the same data and port, and waits until it answers."""
        deadline = time.monotonic() + 10
        while True:  # the children of a killed postmaster let go of the port and the shared memory a moment later
            try:
                self.start()
                asyncio.run(self.wait_ready())
            except EmbeddedStartFailed:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)
            else:
                return

    def _initialise(self) -> None:
        self._folder.mkdir(parents=True, mode=0o700, exist_ok=True)
        unprivileged.own(self._folder)
        descriptor, password_file = tempfile.mkstemp()  # /dev/stdin cannot be opened after the change of user
        try:
            os.write(descriptor, self._password.encode())
            os.close(descriptor)
            unprivileged.own(Path(password_file))
            unprivileged.run_once(
                [
                    self._bin / "initdb",
                    *("-D", self._folder, "-U", SUPERUSER, f"--pwfile={password_file}"),
                    *("--auth=scram-sha-256", "--encoding=UTF8", "--no-instructions", *self._locale()),
                ]
            )
        except subprocess.CalledProcessError as error:
            words = error.stderr.decode(errors="replace")[-800:]
            raise EmbeddedStartFailed(f"PostgreSQL 初始化失败 initdb failed:\n{words}") from None
        finally:
            Path(password_file).unlink(missing_ok=True)

    def _locale(self) -> tuple[str, ...]:
        if self._major() >= 17:  # the builtin provider exists since then
            return ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
        return ("--locale=C.UTF-8",)

    def _major(self) -> int:
        answer = subprocess.run([self._bin / "postgres", "--version"], capture_output=True, text=True, check=True)
        return int(answer.stdout.split()[-1 if "(" not in answer.stdout else 2].split(".")[0])
