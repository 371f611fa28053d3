"""The embedded stack: both servers over one data folder, started together, stopped together."""

import asyncio
import fcntl
import hashlib
import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from services import SERVICES
from services.embedded import unprivileged
from services.embedded.failures import EmbeddedStartFailed
from services.embedded.ports import load_ports
from services.embedded.postgres import PostgresServer
from services.embedded.provision import DATABASE, drop, provision
from services.embedded.s3 import BUCKET, REGION, S3Server
from services.embedded.secrets_file import load_secrets

__all__ = ["EmbeddedStack", "EmbeddedStartFailed", "default_data_folder"]

WECHAT_APPID = "wx0000000000000000"
_TOLD_BY_WECHAT = (
    "review_returned",
    "review_rejected",
    "nomination_withdrawn",
    "publicity_corrected",
    "award_recorded",
    "materials_due",
)
_SAMPLE_MESSAGES = {
    kind: {"template_id": "fake-template-progress", "page": "pages/case/index", "values": {"thing1": "{text}"}}
    for kind in _TOLD_BY_WECHAT
}


def default_data_folder(checkout: Path) -> Path:
    """`.xianjin` in the checkout; under /var/tmp when the servers' account could not reach it there."""
    if unprivileged.reachable(checkout):
        return checkout / ".xianjin"
    mark = hashlib.sha256(str(checkout).encode()).hexdigest()[:12]
    return Path("/var/tmp") / f"xianjin-{mark}"  # noqa: S108  root's own folder, named by the checkout


class EmbeddedStack:
    """A real PostgreSQL and a real S3 server as child processes, their data in one folder."""

    def __init__(self, data: Path, *, durable: bool) -> None:
        self.data = data
        self._lock = _hold(data)
        self._secrets = load_secrets(data)
        self._ports = load_ports(data)
        self.postgres = PostgresServer(
            data, port=self._ports["postgres"], password=self._secrets["postgres"], durable=durable
        )
        self.s3 = S3Server(
            data,
            ports=self._ports,
            access_key=self._secrets["s3_access_key"],
            secret_key=self._secrets["s3_secret_key"],
            jwt=self._secrets["s3_jwt"],
        )

    @classmethod
    def start(cls, data: Path, *, durable: bool = True, meanwhile: Callable[[], None] = lambda: None) -> Self:
        """Starts both, does what can be done meanwhile, and returns when both answer.

        Call it from the main thread: children die with the thread.

        Raises EmbeddedStartFailed with a sentence for people.
        """
        data.mkdir(parents=True, exist_ok=True)
        if not unprivileged.reachable(data):
            raise EmbeddedStartFailed(
                f"服务器账号无法进入 {data}。The servers' account cannot reach {data}: choose another folder."
            )
        stack = cls(data.resolve(), durable=durable)
        try:
            stack.s3.start()
            stack.s3.wait_begun()
            stack.postgres.start()
            meanwhile()
            asyncio.run(stack._prepare())
        except BaseException:
            stack.stop()
            raise
        return stack

    async def _prepare(self) -> None:
        async def database() -> None:
            await self.postgres.wait_ready()
            await provision(self.postgres.superuser_url, self._secrets)

        await asyncio.gather(database(), self.s3.wait_ready())

    async def begin_anew(self) -> None:
        """Throws the database away and provisions an empty one: what the sandbox starts from."""
        await drop(self.postgres.superuser_url)
        await provision(self.postgres.superuser_url, self._secrets)

    @property
    def database_url(self) -> str:
        """The services' database, as its superuser."""
        return self.postgres.superuser_url.rpartition("/")[0] + f"/{DATABASE}"

    @property
    def api_port(self) -> int:
        """Where `xianjin serve` listens unless told otherwise."""
        return self._ports["api"]

    def stop(self) -> None:
        """Stops both at once, each in its orderly way."""
        threads = [threading.Thread(target=server.stop) for server in (self.postgres, self.s3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self._lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def environment(self) -> dict[str, str]:
        """The settings of the three services, as environment variables."""
        secrets = self._secrets
        address = f"127.0.0.1:{self.postgres.port}/{DATABASE}"
        databases = {
            f"{service.upper()}_{variable}": f"postgresql+asyncpg://{service}_{role}:{secrets[f'{service}_{role}']}@{address}"
            for service in SERVICES
            for variable, role in (("DATABASE_URL", "app"), ("MIGRATION_DATABASE_URL", "owner"))
        }
        return databases | {
            "XIANJIN_MODE": "embedded",
            "XIANJIN_SMS_FILE": str(self.data / "text-messages.jsonl"),
            "XIANJIN_MAIL_FOLDER": str(self.data / "mail"),
            "DOCUMENTS_S3_ENDPOINT": f"127.0.0.1:{self.s3.port}",
            "DOCUMENTS_S3_ACCESS_KEY": secrets["s3_access_key"],
            "DOCUMENTS_S3_SECRET_KEY": secrets["s3_secret_key"],
            "DOCUMENTS_S3_BUCKET": BUCKET,
            "DOCUMENTS_S3_SECURE": "false",
            "DOCUMENTS_S3_REGION": REGION,
            "DOCUMENTS_S3_PUBLIC_URL": f"http://127.0.0.1:{self.s3.port}",
            "DOCUMENTS_LINK_SIGNING_KEY": secrets["documents_link"],
            "DOCUMENTS_OBJECT_ENCRYPTION_KEY": secrets["documents_object"],
            "NOMINATIONS_FIELD_ENCRYPTION_KEY": secrets["nominations_field"],
            "NOMINATIONS_BLIND_INDEX_KEY": secrets["nominations_index"],
            "NOMINATIONS_EVIDENCE_SIGNING_KEY": secrets["nominations_evidence"],
            "NOMINATIONS_CLIENT_SECRET": secrets["nominations_client"],
            "NOMINATIONS_WEBHOOK_NETWORKS": json.dumps(["127.0.0.0/8"]),
            "AUTH_KEY_ENCRYPTION_KEY": secrets["auth_key"],
            "AUTH_PASSKEY_DOMAIN": "localhost",
            "AUTH_PASSKEY_ORIGINS": json.dumps(["http://localhost:8400"]),
            "DOCUMENTS_CLIENT_SECRET": secrets["documents_client"],
            "AUTH_SERVICE_CLIENTS": json.dumps(
                {service: secrets[f"{service}_client"] for service in ("documents", "nominations")}
            ),
            "AUTH_WECHAT_APPS": json.dumps({WECHAT_APPID: secrets["wechat_app"]}),
            "AUTH_WECHAT_MESSAGES": json.dumps({WECHAT_APPID: _SAMPLE_MESSAGES}),
            "AUTH_WECHAT_BASE_URL": f"http://127.0.0.1:{self._ports['wechat']}",
        }


def _hold(data: Path) -> IO[str]:
    """Locks the data folder for this process. Raises EmbeddedStartFailed that names the holder."""
    file = (data / "lock").open("a+", encoding="utf-8")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.seek(0)
        holder = file.read().strip()
        file.close()
        raise EmbeddedStartFailed(
            f"{data} 正由进程 {holder} 使用：请先停止它。{data} is in use by process {holder}: stop that one first."
        ) from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file
