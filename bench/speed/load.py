"""A load generator of one core: raw HTTP/1.1 over kept connections, one request in hand on each."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

Make = Callable[[], bytes]


@dataclass
class Tally:
    """What came back in one round."""

    done: int = 0
    refused: int = 0
    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    last: bytes = b""

    def percentile(self, share: float) -> float:
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


async def drive(port: int, make: Make, *, seconds: float, connections: int, every: float = 0.0) -> Tally:
    """Sends for so long, waits for what is on its way, and counts. A connection begins one in `every` seconds at most."""
    tally = Tally()
    started = time.perf_counter()
    until = started + seconds
    await asyncio.gather(*(_connection(port, make, tally, until, every) for _ in range(connections)))
    tally.seconds = time.perf_counter() - started
    return tally


async def _connection(port: int, make: Make, tally: Tally, until: float, every: float) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        while time.perf_counter() < until:
            sent = time.perf_counter()
            writer.write(make())
            status, body = await answer(reader)
            tally.latencies.append(time.perf_counter() - sent)
            tally.done += 1
            if not 200 <= status < 300:
                tally.refused += 1
                tally.last = body
            if every:
                await asyncio.sleep(max(0.0, sent + every - time.perf_counter()))
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Status and body of one answer, by Content-Length or in chunks."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    status = int(head.split(" ", 2)[1])
    if "transfer-encoding: chunked" in head:
        body = b""
        while size := int(await reader.readline(), 16):
            body += (await reader.readexactly(size + 2))[:-2]
        await reader.readline()
        return status, body
    length = head.partition("content-length:")[2].partition("\r\n")[0]
    return status, await reader.readexactly(int(length or 0))


def request(method: str, path: str, *, token: str, body: bytes = b"", media: str = "application/json") -> bytes:
    head = f"{method} {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n"
    if method != "GET":
        head += f"Content-Type: {media}\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"\r\n" + body


def in_turn(requests: Iterator[bytes]) -> Make:
    return lambda: next(requests)
