"""The auth service as an application."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from typing import Any

from fastapi import FastAPI
from sqlalchemy import text

from services.auth.audiences import AUDIENCES
from services.auth.keys.signing_keys import published_keys
from services.auth.resources import Resources, open_resources
from services.auth.routes import (
    admissions,
    audit,
    delegations,
    devices,
    email_addresses,
    file_consents,
    invitations,
    keys,
    messages,
    myself,
    organisations,
    own_data,
    passkeys,
    passwords,
    persons,
    privacy,
    rights,
    second_factor,
    service_credentials,
    service_tokens,
    sessions,
    text_codes,
)
from services.auth.schemas.devices import EndedSessionsAnswer
from services.auth.sessions.ending_sessions import ended_feed
from services.auth.settings import AuthSettings
from services.common.callers.tokens import TokenVerifier
from services.common.db import Database
from services.common.security_log.counted_events import CountedEvents
from services.common.service import create_service


def create_auth_app(settings: AuthSettings) -> FastAPI:
    """Needs PostgreSQL at the start: the signing key is read, or made, before the first request."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_resources(settings) as resources:
            _put_in_place(app, resources)
            async with app.state.counted.written_regularly():
                yield

    return create_service(
        title="Xianjin auth",
        description="Who is asking: people, organisations, roles, sessions, signing keys (登录、组织、岗位)",
        lifespan=lifespan,
        audiences=AUDIENCES,
        routers=[
            router.routes
            for router in (
                sessions,
                devices,
                myself,
                passwords,
                persons,
                delegations,
                second_factor,
                passkeys,
                text_codes,
                audit,
                invitations,
                admissions,
                organisations,
                privacy,
                file_consents,
                own_data,
                rights,
                service_tokens,
                service_credentials,
                messages,
                email_addresses,
                keys,
            )
        ],
    )


def _put_in_place(app: FastAPI, resources: Resources) -> None:
    database = resources.database
    app.state.resources = resources
    app.state.database = database
    app.state.counted = CountedEvents(database, schema="auth")
    app.state.kept_answers = resources.answers
    app.state.trusted_proxies = resources.settings.trusted_proxies
    app.state.tokens = TokenVerifier(
        issuer=resources.settings.issuer,
        audience="auth",
        fetch_jwks=partial(published_keys, database),
        feed=partial(_feed, resources),
    )
    app.state.probes = {"postgresql": partial(_ask, database)}


async def _feed(resources: Resources, since: str) -> Mapping[str, Any]:
    """As the other services hear it, without HTTP."""
    async with resources.database.reading() as session:
        feed = await ended_feed(session, resources, since=datetime.fromisoformat(since) if since else None)
    return EndedSessionsAnswer.model_validate(feed).model_dump(mode="json")


async def _ask(database: Database) -> None:
    async with database.reading() as session:
        await session.execute(text("SELECT 1"))
