"""304 Not Modified for JSON and for public pages: a phone that holds an answer and says so by `If-None-Match` gets no copy.

An answer that brings no ETag gets a weak one over its bytes. The work of making the answer is done all the same, unless it
was made once for all (`made_once`); what is spared is the line: lists on 4G, polled again and again. Caches on the way
store nothing private (`no-store` stays).
"""

import hashlib
from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.types import Message, Scope, Send

_JSON = b"application/json"
_GONE_WITH_THE_BODY = (b"content-length", b"content-type")


def revalidated(scope: Scope, send: Send) -> Send:
    """The way out for answers to this request: as it is for everything but whole JSON and whole public answers to GET."""
    if scope["method"] != "GET":
        return send
    asked = Headers(scope=scope).get("if-none-match")
    held: Message | None = None

    async def send_if_changed(message: Message) -> None:
        nonlocal held
        if message["type"] == "http.response.start":
            if message["status"] == 200 and _is_revalidated(dict(message["headers"])):
                held = message
            else:
                await send(message)
            return
        if held is None:
            await send(message)
            return
        start, held = held, None
        if not message.get("more_body"):
            etag = _with_etag(start, message.get("body", b""))
            if asked is not None and _names(asked, etag):
                headers = [pair for pair in start["headers"] if pair[0].lower() not in _GONE_WITH_THE_BODY]
                start, message = {**start, "status": 304, "headers": headers}, {**message, "body": b""}
        await send(start)
        await send(message)

    return send_if_changed


def _is_revalidated(headers: Mapping[bytes, bytes]) -> bool:
    return headers.get(b"content-type") == _JSON or headers.get(b"cache-control", b"").startswith(b"public")


def _with_etag(start: Message, body: bytes) -> str:
    for name, value in start["headers"]:
        if name == b"etag":
            return str(value, "latin-1")
    etag = etag_of(body)
    start["headers"] = [*start["headers"], (b"etag", etag.encode("ascii"))]
    return etag


def etag_of(body: bytes) -> str:
    """What an answer is known by that brings no version of its own."""
    return f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'


def _names(asked: str, etag: str) -> bool:
    """RFC 9110 §13.1.2: compared weakly, `*` is whatever there is. A proxy that compresses makes strong tags weak."""
    known = etag.removeprefix("W/")
    return asked.strip() == "*" or known in (each.strip().removeprefix("W/") for each in asked.split(","))
