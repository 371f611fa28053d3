"""The auth service over real PostgreSQL, migrated and seeded, with a WeChat that answers what a test tells it to."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import yaml
from fastapi import FastAPI
from pydantic import SecretStr

from services.auth.app import create_auth_app
from services.auth.organisations.seeding import seed_demo_people, seed_organisations
from services.auth.personal_data.privacy_notice_publishing import publish_notices
from services.auth.settings import AuthSettings
from services.common.db import Database
from services.common.migrations import upgrade
from services.embedded.wechat import create_fake_wechat
from services.privacy.notice_files import read_notices
from tests.auth.scripted_wechat import ScriptedWechat, serve
from tests.auth.steps import PASSWORD

BODIES = yaml.load(
    Path("campaigns/shanxi-manufacturing-2025/organisations.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader
)
PEOPLE = yaml.load(Path("services/embedded/demo_people.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)


@pytest.fixture(scope="session")
async def wechat(environment: None, other_appid: str) -> AsyncIterator[ScriptedWechat]:
    apps = {**AuthSettings().wechat_apps_by_id(), other_appid: "another-secret"}
    async with serve(ScriptedWechat(create_fake_wechat(apps))) as scripted:
        yield scripted


@pytest.fixture(scope="session")
async def settings(wechat: ScriptedWechat, other_appid: str) -> AuthSettings:
    settings = AuthSettings()
    apps = {**settings.wechat_apps, other_appid: SecretStr("another-secret")}
    settings = settings.model_copy(update={"wechat_base_url": wechat.url, "wechat_apps": apps})
    await asyncio.to_thread(upgrade, service="auth", url=settings.owners_database_url())
    return settings


@pytest.fixture(scope="session")
async def database(settings: AuthSettings) -> AsyncIterator[Database]:
    database = Database(settings.database_url.get_secret_value(), pool_size=4, application="tests")
    await seed_organisations(database, BODIES)
    await seed_demo_people(database, PEOPLE, PASSWORD)
    await publish_notices(database, read_notices(Path("campaigns")))
    yield database
    await database.close()


@pytest.fixture(scope="module", autouse=True)
async def limits_as_they_were(database: Database) -> AsyncIterator[None]:
    """What these tests fail on purpose is not counted against those of other services, who come from the same address."""
    yield
    await database.fetch("DELETE FROM auth.rate_buckets")


@pytest.fixture(scope="session")
async def auth_app(settings: AuthSettings, database: Database) -> AsyncIterator[FastAPI]:
    app = create_auth_app(settings)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture(scope="session")
async def client(auth_app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=auth_app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://auth") as client:
        yield client


@pytest.fixture(scope="session")
def other_appid() -> str:
    """A second mini-program of the same office."""
    return "wx1111111111111111"


@pytest.fixture(scope="session")
def appid(settings: AuthSettings) -> str:
    return next(iter(settings.wechat_apps))
