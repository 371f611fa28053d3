"""A small clamd for the tests: it speaks INSTREAM as the manual says, and knows one signature, the EICAR test file."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
_STREAM_MAX = 5_000_000


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        if await reader.readuntil(b"\0") == b"zINSTREAM\0":
            writer.write(await _answer(reader))
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def _answer(reader: asyncio.StreamReader) -> bytes:
    content = bytearray()
    while size := int.from_bytes(await reader.readexactly(4)):
        content += await reader.readexactly(size)
        if len(content) > _STREAM_MAX:
            return b"INSTREAM size limit exceeded. ERROR\0"
    return b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0"


@asynccontextmanager
async def clamd_on_tcp() -> AsyncIterator[str]:
    server = await asyncio.start_server(_serve, "127.0.0.1", 0)
    async with server:
        yield f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@asynccontextmanager
async def clamd_on_socket_file(folder: Path) -> AsyncIterator[str]:
    server = await asyncio.start_unix_server(_serve, folder / "clamd.sock")
    async with server:
        yield f"unix://{folder / 'clamd.sock'}"
