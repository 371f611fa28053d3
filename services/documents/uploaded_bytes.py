"""The bytes of one upload and their SHA-256, computed once."""

import hashlib
from dataclasses import dataclass

import anyio.to_thread
from fastapi import UploadFile


@dataclass(frozen=True, slots=True)
class UploadedBytes:
    content: bytes
    sha256: str


async def read_upload(file: UploadFile) -> UploadedBytes:
    """Reads what the multipart parser spooled; the body limit of the address bounds it."""
    content = await file.read()
    return UploadedBytes(content, await anyio.to_thread.run_sync(digest_of, content))


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
