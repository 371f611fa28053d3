"""The documents service as an application."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial

from fastapi import FastAPI
from sqlalchemy import text
from starlette.types import ASGIApp

from services.common.background import beside_the_requests
from services.common.callers.ended_sessions import feed_over_http
from services.common.callers.personal_decisions import hear_regularly
from services.common.callers.tokens import TokenVerifier
from services.common.db import Database
from services.common.health import Degraded
from services.common.security_log.counted_events import CountedEvents
from services.common.service import create_service
from services.common.worker_pool import WorkerPool
from services.documents.audiences import AUDIENCES
from services.documents.figures import count_facts
from services.documents.hearing_decisions import hear_decisions
from services.documents.inspection.card_reading import can_read
from services.documents.portrait_facts import can_see
from services.documents.resources import Resources, open_resources
from services.documents.routes import (
    audit,
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
        async with open_resources(settings, in_process=in_process) as resources:
            app.state.resources = resources
            app.state.database = resources.database
            app.state.trusted_proxies = settings.trusted_proxies
            app.state.counted = CountedEvents(resources.database, schema="documents")
            app.state.kept_answers = resources.answers
            app.state.tokens = TokenVerifier(
                issuer=settings.issuer,
                audience="documents",
                fetch_jwks=resources.auth.jwks,
                feed=feed_over_http(resources.auth_http),
            )
            app.state.count_facts = partial(count_facts, resources)
            async with (
                _asked(resources.inspections, can_see) as sees,
                _asked(resources.readers, can_read) as reads,
                app.state.counted.written_regularly(),
                _sweeping(resources),
                _hearing(resources),
            ):
                app.state.probes = {
                    "postgresql": partial(_ask, resources.database),
                    "s3": resources.store.probe,
                    "vision_models": partial(_require_models, sees),
                    **({} if resources.readers is None else {"card_readers": partial(_require_readers, reads)}),
                }
                app.state.warm_up = partial(asyncio.gather, sees, reads)
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
            audit.audit_routes,
            documents.routes,
        ],
    )


def _sweeping(resources: Resources) -> AbstractAsyncContextManager[None]:
    minutes = resources.settings.sweep_minutes
    return beside_the_requests(sweep_regularly(resources, minutes=minutes) if minutes else None, name="sweep")


def _hearing(resources: Resources) -> AbstractAsyncContextManager[None]:
    """What auth decides about people's papers."""
    seconds = resources.settings.decisions_seconds
    hear = hear_regularly(partial(hear_decisions, resources), seconds=seconds) if seconds else None
    return beside_the_requests(hear, name="decisions of auth")


@asynccontextmanager
async def _asked(pool: WorkerPool | None, can: Callable[[], bool]) -> AsyncIterator[asyncio.Task[bool]]:
    """Whether the pool's workers can do what they are for, which is known when they are warm. No pool: nothing to miss."""

    async def when_warm() -> bool:
        if pool is None:
            return True
        await pool.ready()
        return await pool.run(can)

    answer = asyncio.create_task(when_warm())
    try:
        yield answer
    finally:
        answer.cancel()
        await asyncio.gather(answer, return_exceptions=True)


async def _require_models(sees: asyncio.Task[bool]) -> None:
    if not await asyncio.shield(sees):
        raise Degraded("models did not load: every portrait goes to a person")


async def _require_readers(reads: asyncio.Task[bool]) -> None:
    if not await asyncio.shield(reads):
        raise Degraded("the extra ocr is not installed: every ID card copy goes to a person")


async def _ask(database: Database) -> None:
    async with database.reading() as session:
        await session.execute(text("SELECT 1"))
