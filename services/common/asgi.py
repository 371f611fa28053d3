"""The ASGI shell around every service: request ids, body limits, the access log, safe headers.

Pure ASGI, because every BaseHTTPMiddleware costs about 200 µs a request.
"""

import logging
import re
import time
from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uuid_utils import uuid7

from services.common.answers.deprecation import deprecation_headers
from services.common.answers.revalidation import revalidated
from services.common.health import LEAVING
from services.common.limits.rate_standing import header_pairs, slate
from services.common.metrics import observe
from services.common.problem_handlers import problem_response
from services.common.problems import PayloadTooLarge
from services.common.request_context import request_id
from services.common.tracing import span_of

log = logging.getLogger("xianjin.access")
_SAFE_ID = re.compile(r"[0-9A-Za-z._-]{8,64}")
MAX_DISCARDED = 64 * 1024 * 1024  # a refused body is read to its end up to here, so that phones receive the answer


_SAFE_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"),
)
"""On every answer that does not bring its own. HSTS is the proxy's, which ends TLS."""


class RequestShell:
    """Gives each request its id, answers with it, logs one line and counts it: route template, never the address as sent."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        sent = Headers(scope=scope).get("x-request-id", "")
        own_id = sent if _SAFE_ID.fullmatch(sent) else uuid7().hex
        token = request_id.set(own_id)
        status = 500

        async def send_marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = message["headers"] = list(message.get("headers", ()))
                brought = {name.lower() for name, _ in headers}
                headers.append((b"x-request-id", own_id.encode("ascii")))
                if b"ratelimit" not in brought:
                    headers += header_pairs(standings)
                headers += [pair for pair in _SAFE_HEADERS if pair[0] not in brought]
                headers += deprecation_headers(scope.get("route"))
                if LEAVING.announced:  # the proxy's kept connection must not be reused for a request that finds nobody
                    headers.append((b"connection", b"close"))
            await send(message)

        try:
            with span_of(scope), slate() as standings:
                await self.app(scope, receive, revalidated(scope, send_marked))
        finally:
            route = getattr(scope.get("route"), "path", "")
            seconds = time.perf_counter() - started
            observe(scope["method"], route, status, seconds)
            facts = {"method": scope["method"], "route": route, "status": status, "ms": round(seconds * 1000, 1)}
            log.info("request", extra=facts)
            request_id.reset(token)


class BodyLimit:
    """Refuses bodies above the limit of their address with 413, whether or not Content-Length told the truth."""

    def __init__(self, app: ASGIApp, limit_of: Callable[[str], int]) -> None:
        self.app = app
        self.limit_of = limit_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self.limit_of(scope["path"])
        headers = Headers(scope=scope)
        declared = headers.get("content-length", "")
        if declared.isdigit() and int(declared) > limit:
            if int(declared) <= MAX_DISCARDED:
                await _discard(receive)
            await problem_response(PayloadTooLarge(), headers.get("accept-language"))(scope, receive, send)
            return
        received = 0

        async def receive_limited() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                raise HTTPException(413)
            return message

        await self.app(scope, receive_limited, send)


async def _discard(receive: Receive) -> None:
    read = 0
    while read <= MAX_DISCARDED:
        message = await receive()
        if message["type"] != "http.request" or not message.get("more_body"):
            return
        read += len(message.get("body", b""))
