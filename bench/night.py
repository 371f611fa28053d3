"""`make deadline-night`: every county at once, photos on slow lines, answers that are lost, and a database that is short.

Loopback only, bounded in people and time. Counted: answers by kind, refusals to come back later and whether they said when,
and afterwards, in the database, what was acknowledged: each case once, each seat once, each paper there, each chain whole.
"""

import argparse
import asyncio
import itertools
import os
import random
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import httpx
from sqlalchemy import make_url

from bench.speed.processes import server
from services.backup.restoring import broken_cases
from services.commands.preparing import prepare
from services.demo.content import DemoNominee, new_nominee, nominee_part, unit_part
from services.demo.uploads import upload_fields
from services.embedded import demo_people
from services.embedded.provision import DATABASE
from services.embedded.stack import EmbeddedStack

PORT = 9310
NOTICE = "shanxi-manufacturing-2025"
KEY = "deadline-night"
LAST_MINUTES = "2025-02-28T22:00:00+08:00"
PICTURES = Path("services/demo/pictures")
PAPERS = {
    "portrait": "good.jpg",
    "id_card_front": "id_card_front.jpg",
    "id_card_back": "id_card_back.jpg",
    "professional_title_certificate": "certificate.jpg",
}
LINES = (20_000, 60_000, 250_000, 2_000_000)
"""Bytes a second that phones send: 2G, poor 3G, 3G, 4G."""
POOL = 4
"""Connections for each service: far fewer than people at once."""
LOST = 0.05
"""Share of requests whose answer never arrives: the phone asks again with the same key."""


@dataclass
class Night:
    """What happened."""

    answers: Counter[int] = field(default_factory=Counter)
    without_retry_after: int = 0
    lost: int = 0
    seconds: dict[str, list[float]] = field(default_factory=dict)
    submitted: set[str] = field(default_factory=set)
    papers: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)
    gave_up: int = 0
    begun: int = 0
    """Nominees whose evening began before the time was over."""


@dataclass
class Phone:
    """One person's client: slow, forgetful of answers, patient."""

    http: httpx.AsyncClient
    night: Night
    token: str
    rate: int
    dice: random.Random

    async def ask(self, what: str, method: str, path: str, *, key: str = "", **more: Any) -> httpx.Response | None:
        """Asks until it is answered; comes back when told to. None when patience ends."""
        headers = {"Authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        if key:
            headers["Idempotency-Key"] = key
        for attempt in range(40):
            started = time.perf_counter()
            try:
                patience = 0.03 if key and attempt == 0 and self.dice.random() < LOST else 60
                async with asyncio.timeout(patience):
                    answer = await self.http.request(method, path, **_paced(more | {"headers": headers}, self.rate))
            except (TimeoutError, httpx.TransportError):
                self.night.lost += 1
                continue
            self.night.answers[answer.status_code] += 1
            if answer.status_code not in {429, 503}:
                self.night.seconds.setdefault(what, []).append(time.perf_counter() - started)
                return answer
            wait = answer.headers.get("retry-after")
            self.night.without_retry_after += wait is None
            await asyncio.sleep(min(float(wait or 1), 4) * (0.5 + self.dice.random()))
        self.night.gave_up += 1
        return None


def _paced(more: dict[str, Any], rate: int) -> dict[str, Any]:
    """A body of bytes goes out as fast as the line is."""
    body = more.pop("body", None)
    if body is None:
        return more

    async def parts() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 8192):
            yield body[start : start + 8192]
            await asyncio.sleep(8192 / rate)

    said = {"Content-Type": "multipart/form-data; boundary=night", "Content-Length": str(len(body))}
    return {"content": parts(), "headers": more["headers"] | said}


def multipart(fields_of: dict[str, str], number: int) -> bytes:
    kind = fields_of["kind"]
    picture = (PICTURES / PAPERS[kind]).read_bytes()
    note = f"night {kind} {number:020d}".encode()
    picture = picture[:2] + b"\xff\xfe" + (len(note) + 2).to_bytes(2, "big") + note + picture[2:]
    fields = "".join(
        f'--night\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields_of.items()
    )
    head = (
        '--night\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    )
    return fields.encode() + head.encode() + picture + b"\r\n--night--\r\n"


def somebody_new(night: Night) -> DemoNominee:
    """Nobody is nominated twice: a second case of the same number would be refused, and rightly."""
    nominee = new_nominee()
    while nominee.resident_id_number in night.numbers:
        nominee = new_nominee()
    night.numbers.add(nominee.resident_id_number)
    return nominee


async def nominate(phone: Phone, number: int) -> None:
    """One nominee's evening: draft, photos, confirmation, submission. The first key of every step is its only one."""
    form = nominee_part(somebody_new(phone.night)) | unit_part() | {"sanctions_received": "无"}
    wanted = {"campaign_key": KEY, "category": "advanced_individual", "form": form}
    draft = await phone.ask("create", "POST", "/v1/nominations", key=f"night-create-{number:06}", json=wanted)
    if draft is None or draft.status_code != 201:
        return
    case = draft.json()["id"]
    told = await phone.ask("kinds", "GET", f"/v1/documents/kinds?campaign_key={KEY}")
    if told is None:
        return
    for kind in PAPERS:
        body = multipart(upload_fields(told.json()["kinds"], kind, case), number)
        kept = await phone.ask("upload", "POST", "/v1/documents", key=f"night-{kind}-{number:06}", body=body)
        if kept is None or kept.status_code != 201:
            return
        phone.night.papers.add(kept.json()["id"])
    path = f"/v1/nominations/{case}"
    said = {"part": "nominee", "statement": "本人已在纸质表上签字确认"}
    await phone.ask("confirm", "POST", f"{path}/confirmations", json=said)
    checked = await phone.ask("check", "POST", f"{path}/checks")
    if checked is None:
        return
    reasons = [
        {"pointer": each["pointer"], "code": each["code"], "reason": "其间脱产进修（示例）"}
        for each in checked.json()["warnings"]
    ]
    done = await phone.ask(
        "submit", "POST", f"{path}/submissions", key=f"night-submit-{number:06}", json={"explanations": reasons}
    )
    if done is not None and done.status_code == 201:
        phone.night.submitted.add(case)


async def review(phone: Phone, over: asyncio.Event) -> None:
    """A reviewer who looks again and again at what waits."""
    while not over.is_set():
        await phone.ask("list", "GET", "/v1/nominations", params={"campaign_key": KEY, "page_size": 20})
        await phone.ask("work items", "GET", "/v1/work-items", params={"campaign_key": KEY})
        await asyncio.sleep(0.3 + phone.dice.random())


async def simulate(options: argparse.Namespace) -> Night:
    night, dice, over = Night(), random.Random(7), asyncio.Event()  # noqa: S311  a load, not a secret
    limits = httpx.Limits(max_connections=options.at_once * 2)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{PORT}", limits=limits, timeout=90) as http:
        await http.put("/v1/clock", json={"now": LAST_MINUTES})
        tokens: dict[str, str] = {}
        places = demo_people.prefixes()
        offices = [f"{place}-{bureau}" for place in places if place != "city-direct" for bureau in ("hrss", "iit")]
        for who in (*offices, *(f"{place}-clerk" for place in places)):
            answer = await http.post("/v1/auth/sessions", json={"username": who, "password": demo_people.PASSWORD})
            tokens[who] = answer.raise_for_status().json()["access_token"]

        def phone(who: str) -> Phone:
            return Phone(http, night, tokens[who], dice.choice(LINES), random.Random(dice.random()))  # noqa: S311

        watchers = itertools.islice(itertools.cycle(offices), options.reviewers)
        reviewers = [asyncio.create_task(review(phone(who), over)) for who in watchers]
        numbers = itertools.count()
        clerks = itertools.cycle(places)
        latest = time.perf_counter() + options.minutes * 60

        async def stream() -> None:
            while time.perf_counter() < latest and (number := next(numbers)) < options.nominees:
                night.begun += 1
                await nominate(phone(f"{next(clerks)}-clerk"), number)

        await asyncio.gather(*(stream() for _ in range(options.at_once)))
        over.set()
        await asyncio.gather(*reviewers)
    return night


async def verify(night: Night, superuser_url: str) -> list[str]:
    """What the database says against what was acknowledged."""
    connection = await asyncpg.connect(superuser_url, ssl=False)
    try:
        rows = await connection.fetch(
            "SELECT id::text, status FROM nominations.nominations WHERE campaign_key = $1", KEY
        )
        reserved = await connection.fetchval(
            "SELECT sum(reserved) FROM nominations.quota_accounts WHERE campaign_key = $1", KEY
        )
        entries = await connection.fetchval(
            "SELECT count(*) FROM nominations.quota_entries WHERE campaign_key = $1 AND kind = 'reserve'", KEY
        )
        papers = {
            row["id"]
            for row in await connection.fetch("SELECT id::text FROM documents.documents WHERE replaced_at IS NULL")
        }
    finally:
        await connection.close()
    moved = {row["id"] for row in rows if row["status"] != "draft"}
    faults = []
    for what, wrong in (
        ("acknowledged submissions that are not there", night.submitted - moved),
        ("submissions that nobody was told of", moved - night.submitted),
        ("acknowledged papers that are not there", night.papers - papers),
        ("papers that nobody was told of", papers - night.papers),
        ("cases whose chain is broken", set(await broken_cases(superuser_url))),
    ):
        if wrong:
            faults.append(f"{what}: {len(wrong)}")
    if not len(moved) == reserved == entries:
        faults.append(f"{len(moved)} submitted, {reserved} seats reserved, {entries} entries")
    return faults


def own_campaign(folder: Path, seats: int) -> None:
    """The notice under a key of its own, with seats for everybody."""
    shutil.copytree("campaigns", folder, dirs_exist_ok=True)
    shutil.copytree(folder / NOTICE, folder / KEY)
    for name, pattern, word in (
        ("campaign.yaml", f"key: {NOTICE}", f"key: {KEY}"),
        ("quotas.csv", r",\d+,\d+$", f",{seats},{seats}"),
    ):
        path = folder / KEY / name
        path.write_text(re.sub(pattern, word, path.read_text("utf-8"), flags=re.MULTILINE), "utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nominees", type=int, default=160)
    parser.add_argument("--at-once", type=int, default=48, help="nominees' phones that send at the same time")
    parser.add_argument(
        "--reviewers", type=int, default=30, help="reviewers who look again and again, over all counties"
    )
    parser.add_argument(
        "--minutes", type=float, default=12, help="nobody begins after so long; who has begun, finishes"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="xianjin-night-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        own_campaign(folder / "campaigns", options.nominees)
        with EmbeddedStack.start(folder / "data") as stack:
            pools = {f"{service}_DATABASE_POOL_SIZE": str(POOL) for service in ("AUTH", "DOCUMENTS", "NOMINATIONS")}
            os.environ.update(stack.environment() | pools | {"XIANJIN_CAMPAIGNS_FOLDER": str(folder / "campaigns")})
            os.environ["NOMINATIONS_CLOCK_START"] = LAST_MINUTES
            prepare()
            url = make_url(stack.postgres.superuser_url).set(database=DATABASE).render_as_string(hide_password=False)
            serve = ["-m", "services", "serve", "--port", str(PORT)]
            with server(serve, port=PORT, environment={}, log=folder / "server.log", core=None):
                started = time.perf_counter()
                night = asyncio.run(simulate(options))
                seconds = time.perf_counter() - started
                faults = asyncio.run(verify(night, url))
    return tell(night, faults, seconds, options)


def tell(night: Night, faults: list[str], seconds: float, options: argparse.Namespace) -> int:
    broken = {status: count for status, count in night.answers.items() if status >= 500 and status != 503}
    places = len([place for place in demo_people.prefixes() if place != "city-direct"])
    print(
        f"{places} counties, {options.reviewers} reviewers, {night.begun} of {options.nominees} nominees began in time"
    )
    print(f"{len(night.submitted)} submitted, {len(night.papers)} papers, in {seconds:.0f} s")
    shed = {status: night.answers[status] for status in (429, 503)}
    print(f"turned away to come back: {shed[503]} by 503, {shed[429]} by 429")
    print(f"answers: {dict(sorted(night.answers.items()))}")
    print(f"answers lost on the way and asked for again: {night.lost}; gave up: {night.gave_up}")
    print(f"turned away without Retry-After: {night.without_retry_after}; other 5xx: {broken or 'none'}")
    print(f"{'':12}{'count':>7}{'median s':>10}{'p99 s':>8}")
    for what, taken in sorted(night.seconds.items()):
        ordered = sorted(taken)
        print(f"{what:12}{len(taken):7}{statistics.median(taken):10.2f}{ordered[int(len(ordered) * 0.99)]:8.2f}")
    print("in the database: " + ("; ".join(faults) or "everything that was acknowledged, once; every chain whole"))
    return 1 if faults or broken or night.without_retry_after else 0


if __name__ == "__main__":
    sys.exit(main())
