"""Ours against Directus in one run: processor time a request, as ratios. Answers are compared before anything is timed."""

import argparse
import asyncio
import itertools
import statistics
import sys
from contextlib import ExitStack
from datetime import datetime
from typing import Any

import httpx

from bench.peers import directus
from bench.speed.__main__ import Measured, measure, same_times
from bench.speed.processes import SERVER_CORE, pin
from bench.speed.requests import operations
from bench.speed.start import OURS, started
from bench.speed.world import CAMPAIGN, World, case_id

GOALS = {"get": 20.0, "list": 15.0, "create": 20.0, "upload": 1.5}
"""How often ours goes into theirs; for uploads, ours with every check and theirs with none."""


def compare(world: World, token: str) -> None:
    """The same case and the same list, field by field. Raises SystemExit naming what differs."""
    query = {"campaign_key": CAMPAIGN, "status": "deliberation", "unit_id": world.unit_id}
    with httpx.Client(base_url=f"http://127.0.0.1:{OURS}", timeout=60) as http:
        http.headers["Authorization"] = f"Bearer {world.token}"
        case = same_times(http.get(f"/v1/nominations/{case_id(5)}").json())
        rows = [same_times(row) for row in http.get("/v1/nominations", params=query).json()["items"]]
    with httpx.Client(base_url=f"http://127.0.0.1:{directus.PORT}", timeout=60) as http:
        http.headers["Authorization"] = f"Bearer {token}"
        their_case = same_times(http.get(f"/items/cases/{case_id(5)}").raise_for_status().json()["data"])
        their_rows = [same_times(row) for row in http.get(directus.list_path(world)).raise_for_status().json()["data"]]
    for field in sorted(set(case) & set(their_case)):
        if in_milliseconds(case[field]) != their_case[field]:
            raise SystemExit(f"Directus answers another {field}: {their_case[field]!r}, not {case[field]!r}")
    if [{name: in_milliseconds(row[name]) for name in directus.FIELDS} for row in rows] != their_rows:
        raise SystemExit("Directus answers another list")
    print(f"answers compared: {len(set(case) & set(their_case))} fields of a case, {len(rows)} rows")


def in_milliseconds(value: Any) -> Any:
    """Directus keeps no more of an instant."""
    return value.replace(microsecond=value.microsecond // 1000 * 1000) if isinstance(value, datetime) else value


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2.0)
    options = parser.parse_args()
    directus.install()
    with ExitStack() as open_:
        begun = open_.enter_context(started())
        url = asyncio.run(directus.make_database(begun.superuser_url))
        process, token = open_.enter_context(directus.serving(url, begun.folder, begun.log))
        pin(process.pid, SERVER_CORE)
        compare(begun.world, token)
        theirs, numbers = directus.requests_of(begun.world, token), itertools.count(50_000)
        ours = operations(begun.world)

        def round_of(name: str, operation: str) -> Measured:
            postgres, seconds = begun.stack.postgres.pid, options.seconds
            if name == "ours":
                made: Any = ours[operation]()
                return measure(name, made, process=begun.process.pid, postgres=postgres, seconds=seconds)
            made = (theirs[operation](n) for n in numbers)
            return measure(name, made, process=process.pid, postgres=postgres, seconds=seconds, port=directus.PORT)

        print(
            f"{'CPU µs a request':18}{'ours':>9}{'Directus':>10}{'PG ours':>9}{'PG theirs':>11}{'ratio':>8}{'goal':>7}"
        )
        for operation, goal in GOALS.items():
            for name in ("ours", "directus"):
                round_of(name, operation)  # warms up
            pairs = [(round_of("ours", operation), round_of("directus", operation)) for _ in range(options.rounds)]
            mine, their = ([pair[place] for pair in pairs] for place in (0, 1))
            ratio = statistics.median(t.server_us / m.server_us for m, t in pairs)
            middle = [statistics.median(each.server_us for each in side) for side in (mine, their)]
            database = [statistics.median(each.postgres_us for each in side) for side in (mine, their)]
            print(
                f"{operation:18}{middle[0]:9.0f}{middle[1]:10.0f}{database[0]:9.0f}{database[1]:11.0f}{ratio:8.1f}{goal:7.1f}",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
