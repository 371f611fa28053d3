"""An S3 server that only removes, and says what it was told: what happens meanwhile is for the test to say."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import uvicorn
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from services.documents.object_store import ObjectStore
from services.documents.settings import DocumentsSettings


@asynccontextmanager
async def removing_store(
    settings: DocumentsSettings, removes: Callable[[str], Awaitable[None]]
) -> AsyncIterator[ObjectStore]:
    """`removes` is called with each key, and the store answers when it is done."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        await removes(request.url.path.removeprefix(f"/{settings.s3_bucket}/"))
        await Response(status_code=204)(scope, receive, send)

    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(serve, log_config=None, lifespan="off"))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    port = listening.getsockname()[1]
    store = ObjectStore(settings.model_copy(update={"s3_endpoint": f"127.0.0.1:{port}", "s3_secure": False}))
    try:
        yield store
    finally:
        store.close()
        server.should_exit = True
        await serving
