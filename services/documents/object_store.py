"""The S3 server, spoken to by the `minio` client in its own threads: a slow store must not eat Starlette's."""

import io
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TypeVar

import anyio
import anyio.to_thread
import urllib3
from minio import Minio
from minio.datatypes import PostPolicy
from minio.error import MinioException, S3Error

from services.common.problems import Unavailable
from services.documents.settings import DocumentsSettings

log = logging.getLogger(__name__)
Result = TypeVar("Result")

_FORM_LIFE = timedelta(minutes=15)
_STORED = "201"
"""What the store answers: left to itself it says 204, which not every phone takes for a finished upload."""
_ANY_BYTES = "application/octet-stream"  # what the bytes are is told from the bytes
_PATIENCE_SECONDS = 25.0  # for a free thread; a phone gives up after 60
_TIMEOUT = urllib3.Timeout(connect=2, read=10)
# After a crash SeaweedFS answers 500 to reads for up to five seconds. Repeating is safe: objects never change.
_RETRIES = urllib3.Retry(
    total=4,
    connect=2,
    read=1,
    status=4,
    backoff_factor=0.3,
    status_forcelist=[500, 502, 503, 504],
    respect_retry_after_header=False,  # a thread must not sleep as long as a stranger says
)


class ObjectMissingError(Exception):
    """The store has no object under this key."""


class ObjectStore:
    """Objects by key, whole. Any trouble with the store raises Unavailable, and passes when the store is back."""

    def __init__(self, settings: DocumentsSettings) -> None:
        concurrency = settings.s3_concurrency
        self._pool = urllib3.PoolManager(maxsize=concurrency, block=False, timeout=_TIMEOUT, retries=_RETRIES)
        self._client = Minio(
            settings.s3_endpoint,
            access_key=settings.s3_access_key.get_secret_value(),
            secret_key=settings.s3_secret_key.get_secret_value(),
            secure=settings.s3_secure,
            region=settings.s3_region,
            http_client=self._pool,
        )
        self._bucket = settings.s3_bucket
        self._public_url = settings.s3_public_url
        self._limiter = anyio.CapacityLimiter(concurrency)

    async def put(self, key: str, content: bytes, *, media_type: str) -> None:
        await self._in_thread(partial(self._put, key, content, media_type))

    async def get(self, key: str) -> bytes:
        """Raises ObjectMissingError."""
        return await self._in_thread(partial(self._get, key))

    async def size(self, key: str) -> int:
        """In bytes. Raises ObjectMissingError."""
        facts = await self._in_thread(partial(self._client.stat_object, bucket_name=self._bucket, object_name=key))
        return facts.size or 0

    @property
    def post_url(self) -> str:
        return f"{self._public_url}/{self._bucket}"

    def post_form(self, key: str, *, byte_count: int, until: datetime) -> dict[str, str]:
        """The fields of a form that puts exactly one object: its key, its size and its type are signed. No network."""
        policy = PostPolicy(self._bucket, min(until, datetime.now(UTC) + _FORM_LIFE))
        policy.add_equals_condition("key", key)
        policy.add_equals_condition("Content-Type", _ANY_BYTES)
        policy.add_equals_condition("success_action_status", _STORED)
        policy.add_content_length_range_condition(byte_count, byte_count)
        signed = self._client.presigned_post_policy(policy)
        return {"key": key, "Content-Type": _ANY_BYTES, "success_action_status": _STORED, **signed}

    async def remove(self, key: str) -> None:
        """Removing what is not there is no error."""
        await self._in_thread(partial(self._client.remove_object, bucket_name=self._bucket, object_name=key))

    async def keys(self, folder: str, *, before: datetime) -> list[str]:
        """Every object of a folder that is older than `before`."""
        return await self._in_thread(partial(self._keys, folder, before))

    async def probe(self) -> None:
        """Raises Unavailable when the bucket cannot be reached."""
        if not await self._in_thread(partial(self._client.bucket_exists, bucket_name=self._bucket)):
            raise Unavailable

    def close(self) -> None:
        self._pool.clear()

    def _put(self, key: str, content: bytes, media_type: str) -> None:
        self._client.put_object(
            bucket_name=self._bucket,
            object_name=key,
            data=io.BytesIO(content),
            length=len(content),
            content_type=media_type,
        )

    def _keys(self, folder: str, before: datetime) -> list[str]:
        found = self._client.list_objects(bucket_name=self._bucket, prefix=folder, recursive=True)
        return [
            each.object_name
            for each in found
            if each.object_name and each.last_modified and each.last_modified < before
        ]

    def _get(self, key: str) -> bytes:
        response = self._client.get_object(bucket_name=self._bucket, object_name=key)
        try:
            return bytes(response.read())
        finally:
            response.close()
            response.release_conn()

    async def _in_thread(self, call: Callable[[], Result]) -> Result:
        try:
            with anyio.fail_after(_PATIENCE_SECONDS):
                return await anyio.to_thread.run_sync(call, limiter=self._limiter)
        except S3Error as error:
            if error.code in {"NoSuchKey", "NoSuchObject"}:
                raise ObjectMissingError from None
            log.warning("object store refused", extra={"error": str(error.code)})
        except (MinioException, urllib3.exceptions.HTTPError, OSError) as error:  # OSError: TimeoutError is one
            log.warning("object store unavailable", extra={"error": type(error).__name__})
        raise Unavailable
