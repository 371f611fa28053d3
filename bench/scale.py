"""`make bench-scale`: the same lists out of a thousand cases and out of a million, on a real PostgreSQL of its own.

Every figure is processor time, ours and PostgreSQL's together. The last column is the largest size over the smallest, each
over a fixed question that was asked in turn with it: what grows with the number of cases shows at once, what the machine
does meanwhile does not. Rows are made by the database itself, with a realistic spread: 16 counties, two categories, most
cases at rest.
"""

import argparse
import asyncio
import os
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.commands.migrate import migrate
from services.common.callers.tokens import Caller
from services.common.db import Database
from services.common.lists.paging import MAX_PAGE
from services.embedded.provision import DATABASE
from services.embedded.stack import EmbeddedStack
from services.nominations.campaigns.published import Campaigns
from services.nominations.domain.campaign import Campaign
from services.nominations.domain.workflow import Status
from services.nominations.domain.working_days import Calendar
from services.nominations.lists.list_queries import CaseFilter, counts, fast_page_of_cases, page_by_name, page_of_cases
from services.nominations.lists.work_items import work_items
from services.nominations.queries import quota_accounts
from services.nominations.reporting.balance import balance_panel
from services.nominations.reporting.progress import progress_board
from services.nominations.settings import NominationsSettings

MIDDLE = UUID("01940000-0000-7200-8000-000000000200")
"""Half of the smallest size lies before it."""
KEY = "shanxi-manufacturing-2025"
SIZES = (1_000, 10_000, 100_000, 1_000_000)
FILE_ROWS = 1_000
ROUNDS, TIMES = 20, 8
TODAY = date(2025, 2, 20)
COUNTIES = (
    "140902", "140981", "140921", "140922", "140923", "140924", "140925", "140926", "140927", "140928", "140929",
    "140930", "140931", "140932", "xz_etdz",
)  # fmt: skip
_ONE = text(f"SELECT name FROM nominations.nominations WHERE id = '{MIDDLE}'")  # noqa: S608  a constant of ours
_FIXED = text("SELECT n, n::text, now() FROM generate_series(1, 50) AS n")
Question = Callable[[AsyncSession], Awaitable[object]]

_FILL = """
INSERT INTO nominations.nominations (
    id, campaign_key, campaign_version, category, quota_unit, unit_id, unit_name, created_by, stage, status, revision,
    form, name, identity_index, identity_sealed, percent_nominee, percent_unit, missing_answers, explanations,
    created_at, saved_at, handed_over_at, reported_at
)
SELECT
    ('01940000-' || lpad(to_hex(n / 65536), 4, '0') || '-7' || lpad(to_hex(n % 4096), 3, '0') || '-8000-'
        || lpad(to_hex(n), 12, '0'))::uuid,
    CAST(:key AS text), 1,
    CASE WHEN n % 5 = 0 THEN 'advanced_collective' ELSE 'advanced_individual' END,
    (CAST(:counties AS text[]))[1 + n % CAST(:places AS int)],
    ('01930000-0000-7000-8000-' || lpad(to_hex(n / 40), 12, '0'))::uuid, '示例单位' || n / 40, gen_random_uuid(),
    place.stage, place.status, 1,
    jsonb_build_object('sex', CASE WHEN n % 3 = 0 THEN 'female' ELSE 'male' END, 'frontline', n % 2 = 0),
    substr('赵钱孙李周吴郑王冯陈', 1 + n % 10, 1) || '示例' || n, NULL, NULL, 100, 100, 0, '[]',
    now(), now(),
    CASE WHEN place.stage <> 'unit' THEN now() END,
    CASE WHEN place.stage = 'city' THEN now() END
FROM generate_series(CAST(:first AS int), CAST(:last AS int)) AS n
CROSS JOIN LATERAL (
    SELECT (CASE WHEN n % 1000 < 2 THEN 'county' WHEN n % 1000 = 2 THEN 'city' WHEN n % 1000 < 500 THEN 'unit'
                 WHEN n % 1000 < 700 THEN 'county' ELSE 'city' END) AS stage,
           (CASE WHEN n % 1000 = 0 THEN 'under_review' WHEN n % 1000 < 3 THEN 'endorsed'
                 WHEN n % 1000 < 500 THEN 'draft' ELSE 'rejected' END) AS status
) AS place
"""
_COUNT_AGAIN = """
INSERT INTO nominations.nomination_tallies
SELECT campaign_key, quota_unit, category, stage, status, handed_over_at IS NOT NULL, reported_at IS NOT NULL, count(*)
FROM nominations.nominations GROUP BY 1, 2, 3, 4, 5, 6, 7
"""


def caller(
    *roles: str, jurisdiction: str = "140922", organisation: str = "01930000-0000-7000-8000-000000000001"
) -> Caller:
    return Caller(
        subject=str(UUID(int=1)),
        session_id="bench",
        name="示例",
        organisation_id=organisation,
        organisation_name="示例",
        organisation_kind="county_office",
        jurisdiction=jurisdiction,
        bureau="hrss",
        roles=frozenset(roles),
    )


FILES = {
    "county, a file of 1,000 rows": (caller("county_reviewer"), CaseFilter(KEY)),
    "city, a file of 1,000 rows": (caller("city_reviewer", jurisdiction="140900"), CaseFilter(KEY)),
    "city, 1,000 rows by status": (
        caller("city_reviewer", jurisdiction="140900"),
        CaseFilter(KEY, status=Status.REJECTED),
    ),
}
"""Lists that are taken as files, whole: what a file costs must grow as its rows do."""


def questions(campaign: Campaign) -> dict[str, Question]:
    """Every documented filter, by whoever asks it most."""
    county, city, clerk = (
        caller("county_reviewer"),
        caller("city_reviewer", jurisdiction="140900"),
        caller("unit_clerk"),
    )

    def page(who: Caller, *, after: UUID | None = None, **wanted: object) -> Question:
        asked = CaseFilter(KEY, **wanted)  # type: ignore[arg-type]  # keywords of the filter
        return lambda session: page_of_cases(session, who, asked, after=after, limit=50)

    def board(quota_unit: str | None) -> Question:
        now = datetime.combine(TODAY, datetime.min.time(), UTC)
        return lambda session: progress_board(session, campaign, now=now, quota_unit=quota_unit)

    return {
        "one case by its key": lambda session: session.execute(_ONE),
        "city, no filter": page(city),
        "city, a page in the middle": page(city, after=MIDDLE),
        "city, a frequent status": page(city, status=Status.REJECTED),
        "city, a rare status": page(city, status=Status.ENDORSED),
        "city, one category": page(city, category="advanced_collective"),
        "city, one county": page(city, quota_unit="140922"),
        "city, one county, rare status": page(city, quota_unit="140922", status=Status.ENDORSED),
        "city, stage and category": page(city, stage="city", category="advanced_collective"),
        "county, no filter": page(county),
        "county, a rare status": page(county, status=Status.UNDER_REVIEW),
        "county, one category": page(county, category="advanced_collective"),
        "unit, no filter": page(clerk),
        "unit, one status": page(clerk, status=Status.DRAFT),
        "city, name begins": lambda s: page_by_name(
            s, city, CaseFilter(KEY, name_starts="赵示例"), after=None, limit=50
        ),
        "city, a surname": lambda s: page_by_name(s, city, CaseFilter(KEY, name_starts="赵"), after=None, limit=50),
        "county, counts": lambda s: counts(s, county, campaign_key=KEY),
        "city, counts": lambda s: counts(s, city, campaign_key=KEY),
        "county, work items": lambda s: work_items(s, county, campaign_key=KEY, today=TODAY, after=None, limit=50),
        "unit, work items": lambda s: work_items(s, clerk, campaign_key=KEY, today=TODAY, after=None, limit=50),
        "county, use of the quota": lambda s: quota_accounts(s, county, campaign_key=KEY),
        "city, use of the quota": lambda s: quota_accounts(s, city, campaign_key=KEY),
        "county, progress": board("140922"),
        "city, progress of all": board(None),
        "county, balance panel": lambda s: balance_panel(s, county, campaign),
    }


class Meter:
    """Processor time of this process and of the database's own processes that serve it."""

    def __init__(self, backends: Sequence[int]) -> None:
        self._schedules = [Path(f"/proc/{pid}/schedstat") for pid in backends]

    @classmethod
    async def of(cls, database: Database) -> "Meter":
        """Both connections of the pool are opened, and stay what is measured."""
        query = text("SELECT pg_backend_pid()")
        async with database.reading() as one, database.reading() as other:
            return cls([int((await session.execute(query)).scalar_one()) for session in (one, other)])

    def now(self) -> float:
        """Milliseconds."""
        served = sum(int(path.read_text().split()[0]) for path in self._schedules)
        return 1000 * time.process_time() + served / 1_000_000


@dataclass(frozen=True)
class Figure:
    """Milliseconds of processor time for an answer, and of a fixed question asked in turn with it: how fast the machine was."""

    answer: float
    fixed: float

    def over(self, first: "Figure") -> float:
        """How many times the first it is, on a machine of one speed."""
        return self.answer / first.answer * first.fixed / self.fixed


async def measure(database: Database, meter: Meter, question: Question) -> Figure:
    """The lowest of its rounds, after a warm-up."""
    lowest = dict.fromkeys((question, _fixed), float("inf"))
    async with database.reading() as session:
        for round_ in range(ROUNDS + 1):
            for each in lowest:
                started = meter.now()
                for _ in range(TIMES):
                    await each(session)
                if round_:  # in the first PostgreSQL makes up its mind about the plan
                    lowest[each] = min(lowest[each], (meter.now() - started) / TIMES)
    return Figure(lowest[question], lowest[_fixed])


async def _fixed(session: AsyncSession) -> object:
    return (await session.execute(_FIXED)).all()


def export(database: Database, who: Caller, wanted: CaseFilter) -> Question:
    """A list read as its file is, page after page; a file so short is read again until it makes `FILE_ROWS`."""

    async def read(_: AsyncSession) -> None:
        rows, after = 0, None
        while rows < FILE_ROWS:
            page = await fast_page_of_cases(database, who, wanted, oldest_first=False, after=after, limit=MAX_PAGE)
            rows += len(page)
            after = page[-1]["id"] if len(page) == MAX_PAGE else None

    return read


async def fill(owner: Database, *, first: int, last: int) -> None:
    async with owner.transaction() as session:
        for statement in ("SET LOCAL statement_timeout = 0", "SET LOCAL session_replication_role = replica"):
            await session.execute(text(statement))
        values = {"key": KEY, "counties": list(COUNTIES), "places": len(COUNTIES), "first": first, "last": last}
        await session.execute(text(_FILL), values)
        await session.execute(text("DELETE FROM nominations.nomination_tallies"))
        await session.execute(text(_COUNT_AGAIN))
    async with owner.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        await connection.execute(text("SET statement_timeout = 0"))
        await connection.execute(text("VACUUM ANALYZE nominations.nominations"))


async def run(sizes: tuple[int, ...], superuser_url: str) -> dict[str, list[Figure]]:
    """Question → milliseconds of processor time at each size."""
    settings = NominationsSettings()
    database = Database(settings.database_url.get_secret_value(), pool_size=2, application="bench")
    owner = Database(superuser_url, pool_size=2, application="bench", patience=3600)
    async with database.reading() as session:
        campaign = await Campaigns(Calendar(frozenset(), frozenset())).latest(session, KEY)
    meter = await Meter.of(database)
    found: dict[str, list[Figure]] = {name: [] for name in questions(campaign)}
    filled = 0
    for size in sizes:
        await fill(owner, first=filled, last=size - 1)
        filled = size
        for name, question in questions(campaign).items():
            found[name].append(await measure(database, meter, question))
        for name, (who, wanted) in FILES.items():
            found.setdefault(name, []).append(await measure(database, meter, export(database, who, wanted)))
    for each in (database, owner):
        await each.close()
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--largest", type=int, default=SIZES[-1], help="number of cases of the largest size")
    sizes = tuple(size for size in SIZES if size <= parser.parse_args().largest)
    with tempfile.TemporaryDirectory(prefix="xianjin-bench-") as folder:
        Path(folder).chmod(0o711)
        with EmbeddedStack.start(Path(folder), durable=False) as stack:
            os.environ.update(stack.environment())
            migrate()
            superuser = make_url(stack.postgres.superuser_url).set(drivername="postgresql+asyncpg", database=DATABASE)
            found = asyncio.run(run(sizes, superuser.render_as_string(hide_password=False)))
    print(f"{'processor ms':32}" + "".join(f"{size:>12,}" for size in sizes) + f"{'ratio':>8}")
    for name, figures in found.items():
        print(
            f"{name:32}"
            + "".join(f"{figure.answer:12.2f}" for figure in figures)
            + f"{figures[-1].over(figures[0]):8.2f}"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
