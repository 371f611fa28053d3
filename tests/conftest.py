"""One embedded stack per test process: a real PostgreSQL and a real S3 server, migrated and seeded."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from services.embedded.stack import EmbeddedStack


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Test processes choose their ports one after the other."""
    with (Path(tempfile.gettempdir()) / "xianjin-tests.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def servers_folder() -> Iterator[Path]:
    """A folder that the servers' account can reach; pytest's own folders keep it out."""
    with tempfile.TemporaryDirectory(prefix="xianjin-tests-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


@pytest.fixture(scope="session")
def stack() -> Iterator[EmbeddedStack]:
    with servers_folder() as folder:
        with one_at_a_time():
            running = EmbeddedStack.start(folder, durable=False)
        with running:
            yield running


@pytest.fixture(scope="session")
def environment(stack: EmbeddedStack) -> Iterator[None]:
    """The settings of the services, as environment variables of the test process."""
    before = dict(os.environ)
    os.environ.update(stack.environment())
    os.environ["NOMINATIONS_JOBS"] = "false"  # tests of jobs do them themselves; all others are spared them
    os.environ["DOCUMENTS_DECISIONS_SECONDS"] = "0"  # tests of decisions hear them themselves
    os.environ["NOMINATIONS_STREAM_SECONDS"] = "0"  # one event and the end: a client in the process reads answers whole
    os.environ["NOMINATIONS_CLOCK_START"] = "2025-02-07T09:00:00+08:00"
    yield
    os.environ.clear()
    os.environ.update(before)
