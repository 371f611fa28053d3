"""What the use cases work with: opened when the service starts, closed when it stops."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from services.common.answers.made_once import MadeOnce
from services.common.callers.service_clients import ServiceClient, service_client
from services.common.db import Database
from services.common.problem_handlers import problem_response
from services.common.problems import Unavailable
from services.common.repeats.answer_seal import AnswerSeal
from services.common.repeats.idempotency import KeptAnswers
from services.common.worker_pool import WorkerPool
from services.documents.auth_client import AuthClient
from services.documents.campaign_rules import CampaignRules, load_campaign_rules
from services.documents.encryption import ObjectCipher
from services.documents.link_signing import LinkSigner
from services.documents.malware_scan import MalwareScanner
from services.documents.object_store import ObjectStore
from services.documents.settings import DocumentsSettings
from services.documents.tables import IdempotencyKeyRow
from services.documents.upload_gate import UploadGate


@dataclass(frozen=True, slots=True)
class Resources:
    database: Database
    answers: KeptAnswers
    store: ObjectStore
    cipher: ObjectCipher
    inspections: WorkerPool
    readers: WorkerPool | None
    """Where ID card copies are read; None: nowhere."""
    rules: CampaignRules
    made_once: MadeOnce
    """What the rules say to everybody, as JSON."""
    scanner: MalwareScanner
    gate: UploadGate
    links: LinkSigner
    auth: AuthClient
    auth_http: ServiceClient
    settings: DocumentsSettings


@asynccontextmanager
async def open_resources(settings: DocumentsSettings, *, in_process: ASGIApp | None = None) -> AsyncIterator[Resources]:
    """Neither PostgreSQL nor the S3 server need be there yet. `in_process` answers for auth when it has no base URL."""
    rules = load_campaign_rules(settings.campaigns_folder)
    scanner = MalwareScanner(settings.clamd_address)
    async with AsyncExitStack() as closing:
        url = settings.database_url.get_secret_value()
        database = Database(url, pool_size=settings.database_pool_size, application="xianjin-documents")
        closing.push_async_callback(database.close)
        keys = (settings.object_encryption_key, *settings.object_encryption_old_keys)
        store = ObjectStore(settings)
        closing.callback(store.close)
        auth_http = service_client(settings.auth_base_url, in_process=in_process or _no_auth)
        await closing.enter_async_context(auth_http)
        inspections = await closing.enter_async_context(
            WorkerPool(
                workers=settings.inspection_workers,
                queue_limit=settings.inspection_queue,
                preload=(
                    "services.documents.portrait_facts",
                    "services.documents.inspection.image_file",
                    "services.documents.showing.pages",
                    "services.documents.inspection.photo_fixing",
                    "services.documents.inspection.print_codes",
                ),
            )
        )
        yield Resources(
            database=database,
            answers=KeptAnswers(database, IdempotencyKeyRow, AnswerSeal([key.get_secret_value() for key in keys])),
            store=store,
            cipher=ObjectCipher.of(settings),
            inspections=inspections,
            readers=await closing.enter_async_context(_readers(settings.card_readers)),
            rules=rules,
            made_once=MadeOnce(),
            scanner=scanner,
            gate=UploadGate(arriving=settings.uploads_at_once, in_memory=settings.uploads_in_memory),
            links=LinkSigner(settings.link_signing_key),
            auth=AuthClient(auth_http, client_secret=settings.client_secret.get_secret_value()),
            auth_http=auth_http,
            settings=settings,
        )


async def _no_auth(scope: Scope, receive: Receive, send: Send) -> None:
    """What a command of the operator finds where no auth is configured: it needs none."""
    await problem_response(Unavailable(), None)(scope, receive, send)


@asynccontextmanager
async def _readers(workers: int) -> AsyncIterator[WorkerPool | None]:
    """A pool of its own: a card takes twenty times as long as a portrait, and few may wait for one."""
    if workers == 0:
        yield None
        return
    module = "services.documents.inspection.card_reading"
    async with WorkerPool(
        workers=workers, queue_limit=workers, preload=(module,), time_limit=20.0, jobs_per_worker=50
    ) as pool:
        yield pool


async def _resources(request: Request) -> Resources:
    resources: Resources = request.app.state.resources
    return resources


TheResources = Annotated[Resources, Depends(_resources)]
