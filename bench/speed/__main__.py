"""`make bench`: one table of ratios. E is the floor's processor time for a request over ours, in the same run.

Processor time, not wall time: neighbours on the machine move it by a few per cent, and wall time by half. Servers run in
turn on one core, PostgreSQL and the load on another. Answers are compared before anything is timed.
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import make_url

from bench.speed.load import drive, in_turn
from bench.speed.processes import SERVER_CORE, microseconds, pin, server
from bench.speed.reads import report_reads
from bench.speed.requests import operations
from bench.speed.start import OURS, Started, started
from bench.speed.world import CAMPAIGN, World, case_id

PORTS = {"floor": 9301, "ours": OURS, "naive": 9303, "drf": 9304}
PACKAGES = Path(".bench")
GUNICORN = ("-k", "gthread", "--threads", "4", "--log-level", "warning")
GOALS = {"get": 0.60, "list": 0.60, "create": 0.60, "transition": 0.55, "upload": 0.75}
Answers = dict[str, Any]


@dataclass
class Measured:
    server_us: float
    postgres_us: float


def compare(world: World) -> None:
    """The same case and the same list from every server, field by field. Raises SystemExit naming what differs."""
    shown: dict[str, tuple[Answers, list[Answers]]] = {}
    for name, port in PORTS.items():
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as http:
            http.headers["Authorization"] = f"Bearer {world.token}"
            case = http.get(f"/v1/nominations/{case_id(5)}").json()
            query = {"campaign_key": CAMPAIGN, "status": "deliberation", "unit_id": world.unit_id}
            rows = http.get("/v1/nominations", params=query).json()["items"]
        shown[name] = (same_times(case.get("case", case)), [same_times(row) for row in rows])
    case_fields = set(shown["naive"][0]) & set(shown["ours"][0])
    row_fields = set(shown["naive"][1][0])
    ours: list[Answers] = []
    for name, (case, rows) in shown.items():
        for field in sorted(case_fields):
            if case[field] != shown["ours"][0][field]:
                raise SystemExit(f"{name} answers another {field}: {case[field]!r}, not {shown['ours'][0][field]!r}")
        ours = [{field: row[field] for field in row_fields} for row in shown["ours"][1]]
        if [{field: row[field] for field in row_fields} for row in rows] != ours:
            raise SystemExit(f"{name} answers another list")
    print(f"answers compared: {len(case_fields)} fields of a case, {len(ours)} rows of {len(row_fields)} fields")


def same_times(values: Answers) -> Answers:
    """Each server writes an instant in its own way."""
    return {
        name: datetime.fromisoformat(value) if name.endswith("_at") and value else value
        for name, value in values.items()
    }


def measure(
    name: str, make: Iterator[bytes], *, process: int, postgres: int, seconds: float, port: int | None = None
) -> Measured:
    before = microseconds(process), microseconds(postgres)
    tally = asyncio.run(drive(port or PORTS[name], in_turn(make), seconds=seconds, connections=16))
    after = microseconds(process), microseconds(postgres)
    if tally.refused:
        raise SystemExit(f"{name} refused {tally.refused} of {tally.done}: {tally.last.decode()[:400]}")
    return Measured((after[0] - before[0]) / tally.done, (after[1] - before[1]) / tally.done)


def environment(begun: Started, name: str) -> dict[str, str]:
    """The peers speak to the database as its superuser: what they are measured by is not access control."""
    url = make_url(begun.superuser_url)
    return {
        "BENCH_PORT": str(PORTS[name]),
        "BENCH_DATABASE": begun.superuser_url,
        "BENCH_DATABASE_SQLALCHEMY": url.set(drivername="postgresql+asyncpg").render_as_string(hide_password=False),
        "BENCH_JWKS": json.dumps(begun.world.jwks),
        "BENCH_LIST": json.dumps([CAMPAIGN, begun.world.unit_id, "deliberation"]),
        "PYTHONPATH": os.pathsep.join((str(Path.cwd()), *((str(PACKAGES), "bench/speed") if name == "drf" else ()))),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.5)
    parser.add_argument("--only", choices=tuple(GOALS), action="append")
    options = parser.parse_args()
    with ExitStack() as open_:
        begun = open_.enter_context(started())
        processes = {"ours": begun.process}
        for name, arguments in (
            ("floor", ["-m", "bench.speed.floor"]),
            ("naive", ["-m", "bench.speed.naive"]),
            ("drf", ["-m", "gunicorn", *GUNICORN, "-b", f"127.0.0.1:{PORTS['drf']}", "drf:application"]),
        ):
            own = environment(begun, name)
            processes[name] = open_.enter_context(server(arguments, port=PORTS[name], environment=own, log=begun.log))
            pin(processes[name].pid, SERVER_CORE)
        compare(begun.world)
        print(f"300 KB photo: {len(begun.world.photo):,} bytes")
        report(run(processes, begun.stack.postgres.pid, begun.world, options))
        if not options.only:
            report_reads(begun)
        return 0


def run(
    processes: dict[str, "subprocess.Popen[bytes]"], postgres: int, world: World, options: argparse.Namespace
) -> dict[str, dict[str, list[Measured]]]:
    found: dict[str, dict[str, list[Measured]]] = {}
    made = operations(world)
    for operation in options.only or GOALS:
        found[operation] = {name: [] for name in PORTS}
        for round_ in range(options.rounds + 1):  # the first one warms up
            for name in PORTS if round_ % 2 else reversed(PORTS):
                one = measure(
                    name, made[operation](), process=processes[name].pid, postgres=postgres, seconds=options.seconds
                )
                if round_:
                    found[operation][name].append(one)
    return found


def report(found: dict[str, dict[str, list[Measured]]]) -> None:
    print(
        f"\n{'CPU µs a request':12}"
        + "".join(f"{name:>9}" for name in PORTS)
        + "  PG floor   PG ours      E   min–max   goal"
    )
    for operation, by_server in found.items():
        middle = {name: statistics.median(each.server_us for each in rounds) for name, rounds in by_server.items()}
        ratios = [f.server_us / o.server_us for f, o in zip(by_server["floor"], by_server["ours"], strict=True)]
        databases = [statistics.median(each.postgres_us for each in by_server[name]) for name in ("floor", "ours")]
        print(
            f"{operation:16}"
            + "".join(f"{middle[name]:9.0f}" for name in PORTS)
            + f"{databases[0]:10.0f}{databases[1]:10.0f}{statistics.median(ratios):7.2f} "
            + f"{min(ratios):5.2f}–{max(ratios):.2f}{GOALS[operation]:7.2f}"
        )


if __name__ == "__main__":
    sys.exit(main())
