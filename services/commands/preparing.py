"""What the embedded servers are filled with before the services run: schemas, campaigns, demo people; and the fake WeChat."""

import asyncio
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from services.auth.organisations.seeding import seed_demo_people
from services.auth.settings import AuthSettings
from services.commands.migrate import migrate
from services.common.db import Database
from services.embedded import demo_people
from services.embedded.wechat import create_fake_wechat

_LEAVING_SECONDS = 1


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


@contextmanager
def fake_wechat(url: str) -> Iterator[None]:
    """WeChat's servers cannot be had here: a fake that speaks their HTTP runs in a thread of its own.

    The thread ends before the process does: one that still imports while the interpreter goes away can crash it.
    """
    host, _, port = url.removeprefix("http://").partition(":")
    app = create_fake_wechat(AuthSettings().wechat_apps_by_id())
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            host=host,
            port=int(port),
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=_LEAVING_SECONDS,
        )
    )
    thread = threading.Thread(target=server.run, name="fake-wechat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(timeout=10 * _LEAVING_SECONDS)
