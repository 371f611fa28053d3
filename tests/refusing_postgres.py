"""A PostgreSQL that lets nobody in and says why, as a real one does while it recovers or has no connection left."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class RefusingPostgres:
    """Answers whoever connects with the bytes, and hangs up."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer
        self.asked = 0
        self.url = ""

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        server = await asyncio.start_server(self._refuse, "127.0.0.1", 0)
        self.url = f"postgresql+asyncpg://a:b@127.0.0.1:{server.sockets[0].getsockname()[1]}/c"
        async with server:
            yield

    async def _refuse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if int.from_bytes(await reader.readexactly(4), "big") == 8:  # asked for TLS first
            await reader.readexactly(4)
            writer.write(b"N")
            await reader.readexactly(4)
        self.asked += 1
        writer.write(self._answer)
        writer.close()


def _refusal(code: str) -> bytes:
    """PostgreSQL's message with this SQLSTATE."""
    fields = f"SFATAL\0VFATAL\0C{code}\0Mnot now\0\0".encode()
    return b"E" + (len(fields) + 4).to_bytes(4, "big") + fields


RECOVERING = _refusal("57P03")
WITHOUT_A_CONNECTION_LEFT = _refusal("53300")
WITH_ANOTHER_PASSWORD = _refusal("28P01")
NONSENSE = b"R\0\0\0\x05a"
"""No whole message: what is left of one when a server dies under it."""
