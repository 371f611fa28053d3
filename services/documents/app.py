"""The documents service as an application."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy import text
from starlette.types import ASGIApp

from services.common.db import Database
from services.common.ended_sessions import feed_over_http
from services.common.health import Degraded
from services.common.problems import Unavailable
from services.common.service import create_service
from services.common.service_clients import call, service_client
from services.common.tokens import TokenVerifier
from services.documents.audiences import AUDIENCES
from services.documents.figures import count_facts
from services.documents.inspection.card_reading import can_read
from services.documents.portrait_facts import can_see
from services.documents.resources import Resources, open_resources
from services.documents.routes import (
    bundles,
    campaign_events,
    card_checks,
    documents,
    kinds,
    own_data,
    photo_checks,
    photo_fixes,
    uploads,
)
from services.documents.settings import DocumentsSettings
from services.documents.sweeping import sweep_regularly


def create_documents_app(settings: DocumentsSettings, *, in_process: ASGIApp | None) -> FastAPI:
    """`in_process` answers for auth when `settings.auth_base_url` is empty."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        auth = service_client(settings.auth_base_url, in_process=in_process)
        async with auth, open_resources(settings) as resources:
            app.state.resources = resources
            app.state.database = resources.database
            app.state.kept_answers = resources.answers
            app.state.tokens = TokenVerifier(
                issuer=settings.issuer,
                audience="documents",
                fetch_jwks=partial(_fetch_jwks, auth),
                feed=feed_over_http(auth),
            )
            sees = await resources.inspections.run(can_see)  # and the worker is warm before the first photo comes
            reads = resources.readers is None or await resources.readers.run(can_read)
            app.state.probes = {
                "postgresql": partial(_ask, resources.database),
                "s3": resources.store.probe,
                "vision_models": partial(_require_models, sees=sees),
                **({} if resources.readers is None else {"card_readers": partial(_require_readers, reads=reads)}),
            }
            app.state.count_facts = partial(count_facts, resources)
            async with _sweeping(resources, minutes=settings.sweep_minutes):
                yield

    return create_service(
        title="Xianjin documents",
        description="Files: uploads, photo checks, ID card copies, bundles (材料、证件照、身份证复印件)",
        lifespan=lifespan,
        audiences=AUDIENCES,
        routers=[
            kinds.routes,
            photo_checks.routes,
            photo_fixes.routes,
            card_checks.routes,
            bundles.routes,
            campaign_events.routes,
            uploads.gated,
            uploads.ungated,
            own_data.routes,
            documents.routes,
        ],
    )


@asynccontextmanager
async def _sweeping(resources: Resources, *, minutes: int) -> AsyncIterator[None]:
    """Housekeeping beside the requests, ended with them."""
    if minutes == 0:
        yield
        return
    task = asyncio.create_task(sweep_regularly(resources, minutes=minutes))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _require_models(*, sees: bool) -> None:
    if not sees:
        raise Degraded("models did not load: every portrait goes to a person")


async def _require_readers(*, reads: bool) -> None:
    if not reads:
        raise Degraded("the extra ocr is not installed: every ID card copy goes to a person")


async def _fetch_jwks(auth: httpx.AsyncClient) -> dict[str, Any]:
    response = await call(auth, "GET", "/v1/auth/jwks.json")
    if response.status_code != 200:
        raise Unavailable
    keys: dict[str, Any] = response.json()
    return keys


async def _ask(database: Database) -> None:
    async with database.reading() as session:
        await session.execute(text("SELECT 1"))
