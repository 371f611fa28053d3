"""The bytes of one upload and their SHA-256, computed once."""

import hashlib
from dataclasses import dataclass

import anyio.to_thread
from fastapi import UploadFile

_AT_ONCE = 1_000_000


@dataclass(frozen=True, slots=True)
class UploadedBytes:
    content: bytes
    sha256: str


async def read_upload(file: UploadFile) -> UploadedBytes:
    """Reads what the multipart parser spooled; the body limit of the address bounds it."""
    return await digested(await file.read())


async def digested(content: bytes) -> UploadedBytes:
    """A megabyte is hashed in half a millisecond: the way to a thread and back costs as much."""
    if len(content) <= _AT_ONCE:
        return UploadedBytes(content, digest_of(content))
    return UploadedBytes(content, await anyio.to_thread.run_sync(digest_of, content))


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
