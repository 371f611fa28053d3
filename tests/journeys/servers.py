"""Servers as a newcomer starts them: by the command, in processes of their own, over real sockets."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

READY_SECONDS = 60


class Command:
    """A running `xianjin …`, its output kept."""

    def __init__(self, *arguments: str, environment: Mapping[str, str] | None = None) -> None:
        settings = {name: value for name, value in os.environ.items() if not name.startswith(("AUTH_", "DOCUMENTS_"))}
        settings = {
            name: value for name, value in settings.items() if not name.startswith(("NOMINATIONS_", "XIANJIN_"))
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "services", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=settings | dict(environment or {}),
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def output(self) -> str:
        return "".join(self.lines)

    def wait_for(self, pattern: str) -> "re.Match[str]":
        """The first match in what was printed. Raises AssertionError with the output when it does not come."""
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            found = re.search(pattern, self.output)
            if found:
                return found
            if self.process.poll() is not None and not self._reader.is_alive():
                break
            time.sleep(0.05)
        raise AssertionError(f"{pattern!r} was not printed:\n{self.output[-3000:]}")

    def end(self, how: signal.Signals = signal.SIGINT) -> int:
        if self.process.poll() is None:
            self.process.send_signal(how)
        code = self.process.wait(60)
        self._reader.join(10)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)


@contextmanager
def running(*arguments: str, environment: Mapping[str, str] | None = None) -> Iterator[Command]:
    command = Command(*arguments, environment=environment)
    try:
        yield command
    finally:
        command.end()


def wait_until_ready(url: str) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{url}/readyz", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise AssertionError(f"{url} did not become ready")


def is_alive(pid: int) -> bool:
    """A zombie is dead: it waits for init, which a container may lack."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def descendants(pid: int) -> set[int]:
    """The processes that descend from `pid`, by /proc."""
    children: dict[int, set[int]] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            after_name = status.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        children.setdefault(int(after_name[1]), set()).add(int(status.parent.name))
    found: set[int] = set()
    frontier = {pid}
    while frontier:
        frontier = {child for parent in frontier for child in children.get(parent, set())} - found
        found |= frontier
    return found
