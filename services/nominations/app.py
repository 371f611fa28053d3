"""The nominations service as an application: what it opens at the start, and closes at the end."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial

from fastapi import FastAPI
from sqlalchemy import text
from starlette.types import ASGIApp

from services.common.answers.made_once import MadeOnce
from services.common.background import beside_the_requests
from services.common.callers.ended_sessions import feed_over_http
from services.common.callers.personal_decisions import hear_regularly
from services.common.callers.service_clients import service_client
from services.common.callers.tokens import TokenVerifier
from services.common.db import Database
from services.common.messages.outgoing import OutgoingRequests
from services.common.repeats.idempotency import KeptAnswers
from services.common.security_log.counted_events import CountedEvents
from services.common.service import create_service
from services.common.worker_pool import WorkerPool
from services.evidence.seals import SealingKey
from services.nominations.audiences import AUDIENCES
from services.nominations.auth_client import AuthClient
from services.nominations.campaigns.calendar_files import read_calendar
from services.nominations.campaigns.published import Campaigns
from services.nominations.clock import Clock, load_clock
from services.nominations.context import Context
from services.nominations.documents_client import DocumentsClient
from services.nominations.figures import count_facts
from services.nominations.notifications.job_handlers import work_of
from services.nominations.notifications.jobs import work_until_cancelled
from services.nominations.notifications.live import LiveFeed
from services.nominations.personal_data.restricting import hear_restrictions
from services.nominations.prints.blank_forms import BlankForms
from services.nominations.prints.rendering import PRELOAD, Renderer
from services.nominations.publicity.settling_publicity import settle_at_start
from services.nominations.routes import ROUTERS
from services.nominations.routes.clock import clock_routes
from services.nominations.routes.webhooks import webhook_events
from services.nominations.settings import NominationsSettings
from services.nominations.tables import IdempotencyKeyRow


def create_nominations_app(settings: NominationsSettings, *, in_process: ASGIApp | None) -> FastAPI:
    """`in_process` carries calls to the other services when all run in one process."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        database = Database(
            settings.database_url.get_secret_value(), pool_size=settings.database_pool_size, application="nominations"
        )
        workers = WorkerPool(
            workers=settings.render_workers, queue_limit=settings.render_workers * 32, preload=PRELOAD, time_limit=20
        )
        embedded = settings.mode == "embedded"
        async with (
            service_client(settings.auth_base_url, in_process=in_process) as auth_http,
            service_client(settings.documents_base_url, in_process=in_process) as documents_http,
            workers,
        ):
            auth = AuthClient(auth_http, client_secret=settings.client_secret.get_secret_value())
            app.state.database = database
            app.state.counted = CountedEvents(database, schema="nominations")
            app.state.trusted_proxies = settings.trusted_proxies
            app.state.tokens = TokenVerifier(
                issuer=settings.issuer, audience="nominations", fetch_jwks=auth.jwks, feed=feed_over_http(auth_http)
            )
            campaigns = Campaigns(read_calendar(settings.campaigns_folder / "calendars"))
            renderer = Renderer(workers)
            app.state.kept_answers = KeptAnswers(database, IdempotencyKeyRow, settings.answer_seal())
            app.state.context = Context(
                database=database,
                answers=app.state.kept_answers,
                clock=await load_clock(database, start=settings.clock_start) if embedded else Clock(),
                campaigns=campaigns,
                seal=settings.identity_seal(),
                auth=auth,
                documents=DocumentsClient(documents_http, auth),
                renderer=renderer,
                blank_forms=BlankForms(campaigns, renderer),
                made_once=MadeOnce(),
                text_messages=settings.text_message_sender(),
                emails=settings.email_sender(),
                consultation_url=settings.consultation_url,
                sealing_key=SealingKey(settings.evidence_signing_key.get_secret_value()),
                outgoing=OutgoingRequests(settings.webhook_networks),
                live=LiveFeed(
                    settings.database_url.get_secret_value(),
                    most=settings.live_waits,
                    stream_seconds=settings.stream_seconds,
                ),
            )
            app.state.probes = {"postgresql": lambda: _ask(database)}
            app.state.warm_up = workers.ready
            app.state.count_facts = partial(count_facts, app.state.context)
            await settle_at_start(app.state.context)
            async with (
                app.state.counted.written_regularly(),
                app.state.context.live.running(),
                _working(settings, app.state.context),
                _hearing(settings, app.state.context),
            ):
                yield
            await database.close()

    routers = [*ROUTERS, *([clock_routes] if settings.mode == "embedded" else [])]
    service = create_service(
        title="Xianjin nominations",
        description="评选推荐办理：活动、名额、推荐、审核、公示、报送。",
        lifespan=lifespan,
        audiences=AUDIENCES,
        routers=routers,
    )
    service.webhooks.include_router(webhook_events)
    return service


def _hearing(settings: NominationsSettings, context: Context) -> AbstractAsyncContextManager[None]:
    """What auth decides about people's data."""
    seconds = settings.decisions_seconds
    hear = hear_regularly(partial(hear_restrictions, context), seconds=seconds) if seconds else None
    return beside_the_requests(hear, name="decisions of auth")


def _working(settings: NominationsSettings, context: Context) -> AbstractAsyncContextManager[None]:
    """Jobs; another process takes over what is left."""
    url = settings.database_url.get_secret_value()
    return beside_the_requests(work_until_cancelled(url, work_of(context)) if settings.jobs else None, name="jobs")


async def _ask(database: Database) -> None:
    async with database.reading() as session:
        await session.execute(text("SELECT 1"))
