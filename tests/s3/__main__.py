"""The documents service's tests against another S3 server: the one that XIANJIN_TEST_S3_… names, or a JuiceFS gateway.

    make test-s3
    XIANJIN_TEST_S3_ENDPOINT=host:9000 XIANJIN_TEST_S3_ACCESS_KEY=… XIANJIN_TEST_S3_SECRET_KEY=… make test-s3

The bucket `documents` must exist there, be empty, and be for the tests alone.
"""

import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

JUICEFS = Path(".s3") / "bin" / "juicefs"
TESTS = "tests/documents/service"
BUCKET = "documents"
NOT_OURS = f"{TESTS}/test_lost_connections.py::test_a_dead_store_is_503_with_retry_after_and_heals_without_a_restart"
"""It kills the store, and only the embedded one is the tests' to kill: `make test` runs it there."""
_READY_SECONDS = 60


@contextmanager
def juicefs_gateway(folder: Path) -> Iterator[dict[str, str]]:
    """Its volume's name is its bucket. Gives what the tests read."""
    meta, key, secret = f"sqlite3://{folder}/meta.db", secrets.token_hex(8), secrets.token_hex(16)
    objects = f"{folder}/objects/"
    program = str(JUICEFS.absolute())
    subprocess.run(
        [program, "format", "--storage", "file", "--bucket", objects, meta, BUCKET], check=True, capture_output=True
    )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with (folder / "gateway.log").open("wb") as log:
        gateway = subprocess.Popen(
            [program, "gateway", "--no-usage-report", "--cache-dir", f"{folder}/cache", meta, f"127.0.0.1:{port}"],
            stdout=log,
            stderr=log,
            env={**os.environ, "MINIO_ROOT_USER": key, "MINIO_ROOT_PASSWORD": secret},
        )
        try:
            _wait(port, gateway, folder / "gateway.log")
            yield {
                "XIANJIN_TEST_S3_ENDPOINT": f"127.0.0.1:{port}",
                "XIANJIN_TEST_S3_ACCESS_KEY": key,
                "XIANJIN_TEST_S3_SECRET_KEY": secret,
            }
        finally:
            gateway.terminate()
            gateway.wait(30)


def _wait(port: int, gateway: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while gateway.poll() is None and time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5):
            return
        time.sleep(0.2)
    raise SystemExit(log.read_text(encoding="utf-8", errors="replace")[-2000:])


def _run(environment: dict[str, str]) -> int:
    command = [sys.executable, "-m", "pytest", "-q", "--deselect", NOT_OURS, *(sys.argv[1:] or [TESTS])]
    return subprocess.run(command, env=os.environ | environment, check=False).returncode


def main() -> int:
    if "XIANJIN_TEST_S3_ENDPOINT" in os.environ:
        return _run({})
    with tempfile.TemporaryDirectory(prefix="xianjin-s3-") as folder, juicefs_gateway(Path(folder)) as environment:
        return _run(environment)


if __name__ == "__main__":
    sys.exit(main())
