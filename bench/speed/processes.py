"""The servers under test as child processes on a core of their own, and the processor time that they take."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
SERVER_CORE, REST_CORE = 0, 1


def microseconds(pid: int) -> float:
    """Processor time of a process, its living descendants, and those that it waited for."""
    total = 0.0
    for each in (pid, *descendants(pid)):
        try:
            fields = Path(f"/proc/{each}/stat").read_text("utf-8").rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        total += sum(int(fields[place]) for place in (11, 12, 13, 14))
    return total * 1e6 / TICKS


def descendants(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = [int(each) for each in task.read_text("ascii").split()]
        except (FileNotFoundError, ProcessLookupError):
            continue
        for child in children:
            found += [child, *descendants(child)]
    return found


def pin(pid: int, core: int) -> None:
    """Puts a process and all its threads and descendants on one core."""
    if (os.cpu_count() or 1) <= max(SERVER_CORE, REST_CORE):
        return
    for each in (pid, *descendants(pid)):
        for task in Path(f"/proc/{each}/task").iterdir():
            os.sched_setaffinity(int(task.name), {core})


@contextmanager
def server(
    arguments: Sequence[str], *, port: int, environment: Mapping[str, str], log: Path, core: int | None = SERVER_CORE
) -> Iterator[subprocess.Popen[bytes]]:
    """Starts `python …`, waits until our own child listens on the port, and ends it."""
    with program([sys.executable, *arguments], port=port, environment=environment, log=log) as process:
        if core is not None:
            pin(process.pid, core)
        yield process


@contextmanager
def program(
    command: Sequence[str], *, port: int, environment: Mapping[str, str], log: Path, folder: Path | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Any program, in a folder of its own where it wants one."""
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603  our own servers
            command, env={**os.environ, **environment}, cwd=folder, stdout=output, stderr=output
        )
    try:
        _wait(process, port, log)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit(f"a server of the benchmark did not start:\n{log.read_text('utf-8')[-2000:]}")
