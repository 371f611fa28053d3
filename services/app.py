"""The composition root: the only place that knows all three services.

One process or three, the code is the same. `PREFIXES` is the one table of who owns which addresses; the reverse proxy in
`deploy/` follows it. A dispatcher hands each request on unchanged, so every route carries its whole path, and a mounted
application's own error handlers and state stay its own.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from services.auth.app import create_auth_app
from services.auth.settings import AuthSettings
from services.common.asgi import BodyLimit, RequestShell
from services.documents.app import create_documents_app
from services.documents.settings import DocumentsSettings
from services.nominations.app import create_nominations_app
from services.nominations.settings import NominationsSettings
from services.site import create_site

PREFIXES = (("/v1/auth", "auth"), ("/v1/documents", "documents"), ("/v1", "nominations"))

_JSON_LIMIT = 1024 * 1024
_UPLOAD_LIMIT = 11 * 1024 * 1024  # one-shot uploads of wx.uploadFile: 10 MB and the multipart wrapping
_CHUNKS = re.compile(r"/v1/documents/uploads/[^/]+/chunks")
_CHUNK_LIMIT = 2_100_000  # a chunk of 2 MB and the multipart wrapping


def owner_of(path: str) -> str | None:
    """The service that owns an address; None for the site's own pages."""
    for prefix, service in PREFIXES:
        if path == prefix or path.startswith(prefix + "/"):
            return service
    return None


class Dispatcher:
    """Hands each request to the service that owns its address. Enters the lifespans of all, then lets them warm up together."""

    def __init__(self) -> None:
        self.services: dict[str, FastAPI] = {}
        self.site: FastAPI | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.site is not None
        if scope["type"] == "lifespan":
            await self.site(scope, receive, send)
            return
        service = self.services.get(owner_of(scope["path"]) or "", self.site)
        await service(scope, receive, send)


def create_services(*, only: str | None, in_process: ASGIApp | None) -> dict[str, FastAPI]:
    """The applications to run, each with its settings from the environment."""
    builders: Mapping[str, Callable[[], FastAPI]] = {
        "auth": lambda: create_auth_app(AuthSettings()),
        "documents": lambda: create_documents_app(DocumentsSettings(), in_process=in_process),
        "nominations": lambda: create_nominations_app(NominationsSettings(), in_process=in_process),
    }
    return {name: build() for name, build in builders.items() if only in (None, name)}


def create_app(only: str | None = None) -> ASGIApp:
    """The ASGI application: all three services, or only one of them."""
    dispatcher = Dispatcher()
    shell = RequestShell(BodyLimit(dispatcher, limit_of))
    dispatcher.services = create_services(only=only, in_process=None if only else shell)

    @asynccontextmanager
    async def lifespan(site: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for service in dispatcher.services.values():
                await stack.enter_async_context(service.router.lifespan_context(service))
            warm_ups = (getattr(service.state, "warm_up", None) for service in dispatcher.services.values())
            await asyncio.gather(*(warm_up() for warm_up in warm_ups if warm_up is not None))
            site.state.probes = {
                f"{name}.{need}": probe
                for name, service in dispatcher.services.items()
                for need, probe in service.state.probes.items()
            }
            counters = (getattr(service.state, "count_facts", None) for service in dispatcher.services.values())
            site.state.counters = [counter for counter in counters if counter is not None]
            yield

    dispatcher.site = create_site(dispatcher.services, lifespan=lifespan)
    return shell


def limit_of(path: str) -> int:
    """How many bytes a request to this address may carry."""
    if path == "/v1/documents" or path.startswith("/v1/documents/photo-"):
        return _UPLOAD_LIMIT
    return _CHUNK_LIMIT if _CHUNKS.fullmatch(path) else _JSON_LIMIT
