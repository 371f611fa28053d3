"""The embedded default, made ready: servers up, settings in the environment, schemas migrated, demo people seeded."""

import asyncio
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn

from services.auth.organisations.seeding import seed_demo_people
from services.auth.settings import AuthSettings
from services.commands.migrate import migrate
from services.common.db import Database
from services.embedded import demo_people
from services.embedded.stack import EmbeddedStack, default_data_folder
from services.embedded.wechat import create_fake_wechat

CHECKOUT = Path(__file__).parent.parent.parent
CLOCK_START = "2025-02-05T09:00:00+08:00"
"""The demo notice was issued on 2025-01-26 and closes on 2025-02-28: fresh data begins in between."""


@dataclass(frozen=True, slots=True)
class EmbeddedServers:
    """What the banner tells of the running servers."""

    data: Path
    api_port: int
    wechat_url: str


@contextmanager
def start_embedded(data: Path | None) -> Iterator[EmbeddedServers]:
    """Starts, prepares, and on leaving stops everything. Raises EmbeddedStartFailed with a sentence for people."""
    folder = data or default_data_folder(CHECKOUT)
    with EmbeddedStack.start(folder) as stack:
        os.environ.update(stack.environment())
        os.environ.setdefault("NOMINATIONS_CLOCK_START", CLOCK_START)
        prepare()
        wechat_url = os.environ["AUTH_WECHAT_BASE_URL"]
        serve_fake_wechat(wechat_url)
        yield EmbeddedServers(data=folder, api_port=stack.api_port, wechat_url=wechat_url)


def prepare() -> None:
    """Migrates, publishes the campaigns and their bodies, seeds demo people. Safe to repeat."""
    logging.getLogger("alembic").setLevel(logging.WARNING)  # who starts it looks for the address, not for migrations
    migrate()
    asyncio.run(_seed())


async def _seed() -> None:
    settings: Any = AuthSettings()
    database = Database(settings.database_url.get_secret_value(), pool_size=1, application="xianjin seed")
    try:
        await seed_demo_people(database, demo_people.load(), password=demo_people.PASSWORD)
    finally:
        await database.close()


def serve_fake_wechat(url: str) -> None:
    """WeChat's servers cannot be had here: a fake that speaks their HTTP runs in a thread of its own."""
    host, _, port = url.removeprefix("http://").partition(":")
    app = create_fake_wechat(AuthSettings().wechat_apps_by_id())
    server = uvicorn.Server(uvicorn.Config(app, host=host, port=int(port), log_config=None, access_log=False))
    threading.Thread(target=server.run, name="fake-wechat", daemon=True).start()
