"""The auth service as an application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import FastAPI
from sqlalchemy import text

from services.auth.resources import Resources, open_resources
from services.auth.routes import invitations, keys, myself, organisations, service_tokens, sessions
from services.auth.settings import AuthSettings
from services.auth.signing_keys import published_keys
from services.common.db import Database
from services.common.service import create_service
from services.common.tokens import TokenVerifier


def create_auth_app(settings: AuthSettings) -> FastAPI:
    """Needs PostgreSQL at the start: the signing key is read, or made, before the first request."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_resources(settings) as resources:
            _put_in_place(app, resources)
            yield

    return create_service(
        title="Xianjin auth",
        description="Who is asking: people, organisations, roles, sessions, signing keys (登录、组织、岗位)",
        lifespan=lifespan,
        routers=[router.routes for router in (sessions, myself, invitations, organisations, service_tokens, keys)],
    )


def _put_in_place(app: FastAPI, resources: Resources) -> None:
    database = resources.database
    app.state.resources = resources
    app.state.database = database
    app.state.trusted_proxies = resources.settings.trusted_proxies
    app.state.tokens = TokenVerifier(
        issuer=resources.settings.issuer, audience="auth", fetch_jwks=partial(published_keys, database)
    )
    app.state.probes = {"postgresql": partial(_ask, database)}


async def _ask(database: Database) -> None:
    async with database.reading() as session:
        await session.execute(text("SELECT 1"))
