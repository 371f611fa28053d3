"""The floor: what the same work costs with nothing around it. A ruler: change it only in a commit of its own, with the reason.

Raw ASGI, asyncpg, the statements of `statements.py`, JSON made by PostgreSQL. No sign-in, no scope, no rules, no logs.
"""

import hashlib
import json
import os
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import numpy as np
import simplejpeg
import urllib3
import uvicorn
from minio import Minio
from pydantic import BaseModel
from uuid_utils.compat import uuid7

from bench.speed import statements

Scope = dict[str, Any]
_state: dict[str, Any] = {}


class New(BaseModel):
    campaign_key: str
    category: str
    form: dict[str, Any]


async def app(scope: Scope, receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
        return
    path, method = scope["path"], scope["method"]
    if path.startswith("/v1/documents"):
        body = await _upload(await _read(receive))
    elif path.endswith("/staff-deliberations"):
        content = await _read(receive)
        body = await _fetch(statements.TRANSITION, path.split("/")[3], uuid7(), content.decode(), content)
    elif method == "POST":
        wanted = New.model_validate_json(await _read(receive))
        event = json.dumps({"event": "created", "campaign": wanted.campaign_key}).encode()
        values = (uuid7(), uuid7().hex, wanted.campaign_key, wanted.category, json.dumps(wanted.form), event)
        body = await _fetch(statements.CREATE, *values)
    elif path == "/v1/nominations":
        body = await _fetch(statements.LIST, *_state["list"])
    else:
        body = await _fetch(statements.GET, *statements.values_of_get(path.rpartition("/")[2], datetime.now(UTC)))
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _fetch(statement: str, *values: Any) -> bytes:
    async with _state["pool"].acquire() as connection:
        text: str = await connection.fetchval(statement, *values)
        return text.encode()


async def _read(receive: Any) -> bytes:
    parts = []
    while True:
        message = await receive()
        parts.append(message["body"])
        if not message.get("more_body"):
            return b"".join(parts)


async def _upload(content: bytes) -> bytes:
    """Cut the file out, hash it, decode it once, put it into the store, write its rows."""
    file = content.partition(b"\r\n\r\n")[2].rpartition(b"\r\n--")[0]
    digest = hashlib.sha256(file).hexdigest()
    height, width = np.shape(simplejpeg.decode_jpeg(file))[:2]
    url = _state["minio"].presigned_put_object(bucket_name="documents", object_name=f"floor/{digest}")
    path = url.partition(_state["s3"])[2]
    answer = _state["http"].urlopen("PUT", path, body=file)
    if answer.status != 200:
        raise OSError(answer.data)
    return await _fetch(statements.UPLOAD, f"floor/{digest}", digest, len(file), uuid7(), width, height)


async def _lifespan(receive: Any, send: Any) -> None:
    await receive()
    _state["list"] = json.loads(os.environ["BENCH_LIST"])
    _state["pool"] = await asyncpg.create_pool(
        os.environ["BENCH_DATABASE"], min_size=8, max_size=8, reset=_nothing, ssl=False
    )
    endpoint = os.environ["DOCUMENTS_S3_ENDPOINT"]
    keys = (os.environ["DOCUMENTS_S3_ACCESS_KEY"], os.environ["DOCUMENTS_S3_SECRET_KEY"])
    _state["minio"] = Minio(endpoint, access_key=keys[0], secret_key=keys[1], secure=False, region="us-east-1")
    _state["s3"] = endpoint
    place = urlsplit(f"http://{endpoint}")
    _state["http"] = urllib3.HTTPConnectionPool(str(place.hostname), place.port, maxsize=8)
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await _state["pool"].close()
    await send({"type": "lifespan.shutdown.complete"})


async def _nothing(_: Any) -> None:
    """The default reset is one more round trip."""


if __name__ == "__main__":
    port = int(os.environ["BENCH_PORT"])
    uvicorn.run(app, port=port, loop="uvloop", http="httptools", access_log=False, log_level="warning")
