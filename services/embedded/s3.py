"""SeaweedFS as a child process, `weed mini`: signed requests only, loopback only, telemetry off, ports that stay."""

import asyncio
import io
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import urllib3
from minio import Minio
from minio.error import S3Error

from services.embedded import unprivileged
from services.embedded.binaries import weed
from services.embedded.failures import EmbeddedStartFailed
from services.embedded.ports import require_free
from services.embedded.server_log import last_lines, open_log

BUCKET = "documents"
REGION = "us-east-1"
_READY_SECONDS = 60
_BEGUN_SECONDS = 5
_REPORTS_WITHIN_SECONDS = 0.5
_TRIES = 5
_SENTINEL = ".ready"


class S3Server:
    """One server over one data folder. `kill` and `restart` are for tests of failure."""

    def __init__(self, data: Path, *, ports: Mapping[str, int], access_key: str, secret_key: str, jwt: str) -> None:
        self.port = ports["s3"]
        self._data = data
        self._folder = data / "s3"
        self._ports = ports
        self._access_key = access_key
        self._secret_key = secret_key
        self._jwt = jwt
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Starts the process; `wait_ready` waits for it. Raises EmbeddedStartFailed for a taken port."""
        for name in ("s3", "master", "volume", "filer", "admin"):
            require_free(self._ports[name], server=f"S3 ({name})", data=self._data)
            require_free(self._ports[f"{name}_grpc"], server=f"S3 ({name}, grpc)", data=self._data)
        self._folder.mkdir(mode=0o700, exist_ok=True)
        unprivileged.own(self._folder)
        with open_log(self._data / "s3.log") as log:
            self._process = unprivileged.spawn(
                [weed(), "-logtostderr=true", "mini", *self._flags()],
                log=log,
                death_signal=signal.SIGTERM,
                environment=self._environment(),
            )

    def wait_begun(self) -> None:
        """Until its parts have met, a third of a second after the start as a rule.

        A volume server that reports just before the master leads reports again only after five seconds. It costs less to
        begin once more: nothing was asked of it yet.
        """
        for _ in range(_TRIES):
            if self._parts_meet():
                return
            self.kill()
            self.start()

    def _parts_meet(self) -> bool:
        """False where the master leads and the volume server stays away. What else takes long is waited for later."""
        deadline = time.monotonic() + _BEGUN_SECONDS
        away_since = float("inf")
        while (now := time.monotonic()) < deadline:
            if self._told_by_master("/dir/status", lambda status: status["Topology"].get("DataCenters")):
                return True
            if self._told_by_master("/cluster/status", lambda status: status.get("IsLeader")):
                away_since = min(away_since, now)
            if now - away_since > _REPORTS_WITHIN_SECONDS:
                return False
            time.sleep(0.02)
        return True

    def _told_by_master(self, path: str, read: Callable[[Any], object]) -> bool:
        try:
            answer = urllib3.request("GET", f"http://127.0.0.1:{self._ports['master']}{path}", retries=False, timeout=1)
            return bool(read(answer.json()))
        except (urllib3.exceptions.HTTPError, ValueError, KeyError, OSError):
            return False

    def _environment(self) -> dict[str, str]:
        # Without keys the server allows everything to everybody; without the JWT keys the filer does.
        signing = ("SIGNING_KEY", "SIGNING_READ_KEY", "FILER_SIGNING_KEY", "FILER_SIGNING_READ_KEY")
        return {
            "AWS_ACCESS_KEY_ID": self._access_key,
            "AWS_SECRET_ACCESS_KEY": self._secret_key,
            # Above the 230 MiB that it holds when idle (30 MiB of them resident): below, it collects garbage without end.
            "GOMEMLIMIT": "512MiB",
            "HOME": str(self._folder),
            **{f"WEED_JWT_{name}": self._jwt for name in signing},
        }

    def _flags(self) -> list[str]:
        ports = []
        for name in ("s3", "master", "volume", "filer", "admin"):
            ports += [f"-{name}.port={self._ports[name]}", f"-{name}.port.grpc={self._ports[f'{name}_grpc']}"]
        return [
            f"-dir={self._folder}",
            *("-ip=127.0.0.1", "-ip.bind=127.0.0.1"),
            *ports,
            *(f"-filer.localSocket={self._folder}/filer.sock", f"-s3.localSocket={self._folder}/s3.sock"),
            *("-s3.port.iceberg=0", "-s3.port.lance=0", "-webdav=false", "-admin.ui=false"),
            *("-master.telemetry=false", "-s3.autoCreateBucket=false", f"-bucket={BUCKET}"),
        ]

    async def wait_ready(self) -> None:
        """Until a sentinel object is read: the bucket answers seconds before the objects do after a kill."""
        deadline = time.monotonic() + _READY_SECONDS
        while time.monotonic() < deadline:
            if self._process is not None and self._process.poll() is not None:
                break
            if await asyncio.to_thread(self._reads_its_sentinel):
                return
            await asyncio.sleep(0.05)
        raise EmbeddedStartFailed(f"S3 服务未能启动 The S3 server did not start:\n{last_lines(self._data / 's3.log')}")

    def _reads_its_sentinel(self) -> bool:
        http = urllib3.PoolManager(timeout=urllib3.Timeout(connect=1, read=2), retries=False)
        client = Minio(
            f"127.0.0.1:{self.port}",
            access_key=self._access_key,
            secret_key=self._secret_key,
            secure=False,
            region=REGION,
            http_client=http,
        )
        try:
            try:
                answer = client.get_object(bucket_name=BUCKET, object_name=_SENTINEL)
            except S3Error as error:
                if error.code != "NoSuchKey":
                    return False
                client.put_object(bucket_name=BUCKET, object_name=_SENTINEL, data=io.BytesIO(b"ready"), length=5)
                return False
            with answer:
                return answer.read() == b"ready"
        except (S3Error, urllib3.exceptions.HTTPError, ValueError, OSError):
            return False
        finally:
            http.clear()

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(30)

    def kill(self) -> None:
        """kill -9, as a power-off of the process would."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(30)

    def restart(self) -> None:
        """Starts again on the same data and ports, and waits until an object is read."""
        self.start()
        asyncio.run(self.wait_ready())
