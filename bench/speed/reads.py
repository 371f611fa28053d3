"""What checking photos does to the answers that other people wait for."""

import asyncio
from dataclasses import dataclass

from bench.speed.load import drive, in_turn
from bench.speed.processes import SERVER_CORE, pin, server
from bench.speed.requests import operations
from bench.speed.start import OURS, Started
from bench.speed.world import World

UNDECODED = 9305
RATES = (5, 10, 40)
"""Photos a second that are sent; a machine of two cores, one of them the load's, takes fewer than the last."""


@dataclass
class Reads:
    """p99 in ms of GETs of a case, and how many photos came in a second meanwhile."""

    p99_ms: float
    uploads: float = 0.0


def reads_under_uploads(world: World, *, port: int, rate: int, seconds: float = 8.0) -> Reads:
    """Two connections read fifty times a second each, while photos come in at the rate, or as many as are taken."""

    async def run() -> Reads:
        made = operations(world)
        reads = drive(port, in_turn(made["get"]()), seconds=seconds, connections=2, every=0.02)
        if not rate:
            return Reads((await reads).percentile(0.99) * 1000)
        senders = 4
        uploads = drive(port, in_turn(made["upload"]()), seconds=seconds, connections=senders, every=senders / rate)
        read, uploaded = await asyncio.gather(reads, uploads)
        return Reads(read.percentile(0.99) * 1000, uploaded.done / uploaded.seconds)

    return asyncio.run(run())


def report_reads(begun: Started) -> None:
    """What checking photos does to reads: beside no photos at all, and beside photos that are kept unseen."""
    serve = ["-m", "bench.speed.undecoded", "serve", "--port", str(UNDECODED)]
    with server(serve, port=UNDECODED, environment={}, log=begun.log) as unseen:
        pin(unseen.pid, SERVER_CORE)
        alone = reads_under_uploads(begun.world, port=OURS, rate=0)
        print("\np99 of reads in ms, over that with photos kept unseen (goal 1.50), and over that with none")
        print(f"{'uploads/s':>10}{'none':>8}{'unseen':>8}{'checked':>8}{'over unseen':>13}{'over none':>11}")
        for rate in RATES:
            reads_under_uploads(begun.world, port=UNDECODED, rate=rate, seconds=1)
            kept = reads_under_uploads(begun.world, port=UNDECODED, rate=rate)
            checked = reads_under_uploads(begun.world, port=OURS, rate=rate)
            print(
                f"{checked.uploads:10.1f}{alone.p99_ms:8.1f}{kept.p99_ms:8.1f}{checked.p99_ms:8.1f}"
                f"{checked.p99_ms / kept.p99_ms:13.2f}{checked.p99_ms / alone.p99_ms:11.2f}"
            )
