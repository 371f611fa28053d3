"""Every SELECT of the reading routes finds its rows by an index: with a million cases nothing is read from end to end.

The statements are those that the routes really send, gathered from the driver. PostgreSQL plans them without looking at
values, and with sequential scans made so dear that one is only left where no index would do.
"""

import asyncio
import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from services.nominations.notifications.reminding import remind
from services.nominations.packages.sealing_cases import seal_campaign
from services.nominations.settings import NominationsSettings
from tests.factories import Office
from tests.sent_statements import statements_of

GROWS_WITH_CASES = frozenset(
    {
        "nominations",
        "nomination_events",
        "endorsements",
        "opinions",
        "confirmations",
        "unit_records",
        "publicity_notices",
        "objections",
        "disqualifications",
        "case_returns",
        "county_report_items",
        "consultations",
        "notifications",
        "seal_leaves",
        "seal_nodes",
        "stories",
    }
)
READS = (
    ("wutai-clerk", "/v1/nominations/{case}"),
    ("wutai-office", "/v1/nominations/{case}/events"),
    ("wutai-office", "/v1/nominations/{case}/publicity-notices"),
    ("wutai-office", "/v1/nominations/{case}/notifications"),
    ("wutai-office", "/v1/nominations/{case}/consultations"),
    ("wutai-office", "/v1/nominations/{case}/proof"),
    ("wutai-clerk", "/v1/nominations?campaign_key={key}"),
    ("wutai-office", "/v1/nominations?campaign_key={key}&status=under_review"),
    ("city-office", "/v1/nominations?campaign_key={key}&stage=city"),
    ("wutai-office", "/v1/nomination-counts?campaign_key={key}"),
    ("city-office", "/v1/nomination-counts?campaign_key={key}"),
    ("wutai-clerk", "/v1/work-items?campaign_key={key}"),
    ("wutai-hrss", "/v1/work-items?campaign_key={key}"),
    ("city-iit", "/v1/work-items?campaign_key={key}"),
    ("wutai-clerk", "/v1/notifications"),
    ("city-office", "/v1/notifications"),
    ("wutai-clerk", "/v1/notifications/unread-count"),
    ("city-office", "/v1/notifications/unread-count"),
    ("wutai-office", "/v1/objections?campaign_key={key}"),
    ("city-office", "/v1/objections?campaign_key={key}"),
    ("wutai-office", "/v1/publicity-notices?campaign_key={key}"),
    ("wutai-office", "/v1/awards?campaign_key={key}"),
    ("city-office", "/v1/campaigns/{key}/progress"),
    ("wutai-office", "/v1/campaigns/{key}/progress"),
    ("wutai-office", "/v1/campaigns/{key}/quota-accounts"),
    ("wutai-office", "/v1/campaigns/{key}/county-report-proposal"),
    ("wutai-office", "/v1/county-reports?campaign_key={key}"),
    ("city-office", "/v1/county-reports?campaign_key={key}"),
    ("city-office", "/v1/city-lists?campaign_key={key}"),
    ("wutai-office", "/v1/county-reports/{report}"),
    ("wutai-office", "/v1/county-reports/{report}/gates"),
    ("wutai-office", "/v1/county-reports/{report}/receipts"),
    ("wutai-office", "/v1/county-reports/{report}/package-plan"),
)

OPENED_OFTEN = (
    ("wutai-clerk", "/v1/campaigns/{key}"),
    ("wutai-clerk", "/v1/nominations/{case}"),
    ("wutai-clerk", "/v1/nominations/{case}/events"),
    ("wutai-clerk", "/v1/nominations?campaign_key={key}"),
    ("wutai-office", "/v1/nominations?campaign_key={key}&status=under_review"),
    ("wutai-clerk", "/v1/notifications"),
    ("wutai-office", "/v1/notifications/unread-count"),
)


_A_CROWD = """
INSERT INTO nominations.notifications
    (id, campaign_key, kind, audience, person_id, unit_id, quota_unit, facts, urgent, once, told_at, pushed_at)
SELECT gen_random_uuid(), 'tests-plans', 'nomination_submitted', audience, gen_random_uuid(), gen_random_uuid(), number::text,
    '{}', false, concat('crowd ', audience, number), now(), now()
FROM generate_series(1, 1000) AS number, unnest(ARRAY['nominee', 'unit', 'unit_head', 'county']) AS audience
"""
"""Notices for people and bodies that do not exist."""
_PARTIAL = "SELECT indexrelid::regclass::name FROM pg_index WHERE indpred IS NOT NULL"


@pytest.fixture(scope="module")
async def sent(client, context) -> tuple[set[str], list[int]]:
    office = Office(client, "tests-plans")
    case = await office.endorse(await office.collective_at_county())
    await office.with_opinions(case)
    report = await office.report(case, category="advanced_collective")
    await seal_campaign(context, office.campaign)
    names = {"case": case, "key": office.campaign, "report": report}
    for username, _ in READS:
        await office.token(username)
    await make_a_crowd()
    with statements_of(context.database) as sent:
        answers = [await office.send(username, "GET", path.format(**names)) for username, path in READS]
        await remind(context)
        await office.draft()  # written and read with what is around it, in one statement
    return set(sent), [answer.status_code for answer in answers]


async def make_a_crowd() -> None:
    """Where nearly all notices are one unit's, reading all is as good as reading theirs: so it may be in tests."""
    engine = create_async_engine(NominationsSettings().owners_database_url())
    async with engine.begin() as connection:
        await connection.execute(text(_A_CROWD))
        await connection.execute(text("ANALYZE nominations.notifications"))
    await engine.dispose()


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


def reads_all(node: dict[str, Any], partial: frozenset[str]) -> bool:
    """A whole table, or a whole index that only filters. An index of the few that are open is meant to be read whole."""
    if node.get("Relation Name", "") not in GROWS_WITH_CASES:
        return False
    whole = "Filter" in node and node["Node Type"].startswith("Index") and "Index Cond" not in node
    return node["Node Type"] == "Seq Scan" or (whole and node["Index Name"] not in partial)


async def plan_of(session, statement: str) -> dict[str, Any]:
    """The plan without values: what is prepared and executed ends up with it, however full the tables are."""
    driver = (await (await session.connection()).get_raw_connection()).driver_connection
    slots = {int(number) for number in re.findall(r"\$(\d+)", statement)}
    given = f"({', '.join(['NULL'] * max(slots))})" if slots else ""
    await driver.execute(f"PREPARE planned AS {statement}")
    try:
        explained: list[dict[str, Any]] = await driver.fetchval(f"EXPLAIN (FORMAT JSON) EXECUTE planned{given}")
    finally:
        await driver.execute("DEALLOCATE planned")
    (whole,) = explained
    plan: dict[str, Any] = whole["Plan"]
    return plan


async def test_every_reading_route_was_asked_and_answered(sent):
    refused = [(READS[place][1], status) for place, status in enumerate(sent[1]) if status != 200]
    assert refused == []


async def test_no_route_reads_a_growing_table_from_end_to_end(sent, context):
    selects = sorted(each for each in sent[0] if re.match(r"\s*(SELECT|WITH)\b", each) and "nominations." in each)
    found = []
    async with context.database.transaction() as session:
        await session.execute(text("SET LOCAL enable_seqscan = off"))
        await session.execute(text("SET LOCAL plan_cache_mode = force_generic_plan"))
        partial = frozenset(await session.scalars(text(_PARTIAL)))
        for statement in selects:
            plan = await plan_of(session, statement)
            found += [(node["Relation Name"], statement) for node in nodes(plan) if reads_all(node, partial)]
    assert (found, len(selects) > 20) == ([], True)


async def test_names_that_begin_alike_come_from_the_index_in_the_order_of_the_answer(client, context):
    """A tenth of a million cases may begin alike: to sort them for each page would take longer with each case."""
    office = Office(client, "tests-plans")
    with statements_of(context.database) as sent:
        wanted = {"campaign_key": office.campaign, "name_starts": "示"}
        await office.done("city-office", "POST", "/v1/nominations/searches", json=wanted)
    (search,) = [each for each in set(sent) if "ORDER BY nominations.nominations.name" in each]
    async with context.database.transaction() as session:
        for setting in ("enable_seqscan = off", "enable_sort = off", "plan_cache_mode = force_generic_plan"):
            await session.execute(text(f"SET LOCAL {setting}"))
        plan = await plan_of(session, search)
    used = [node["Index Name"] for node in nodes(plan) if "Index Name" in node]
    assert (used, [node["Node Type"] for node in nodes(plan) if "Sort" in node["Node Type"]]) == (
        ["ix_nominations_by_name"],
        [],
    )


async def test_what_people_open_most_is_one_statement(client, context):
    office = Office(client, "tests-plans")
    names = {"case": (await office.draft()).json()["id"], "key": office.campaign}
    told = {}
    for username, path in OPENED_OFTEN:
        address = path.format(**names)
        await office.done(username, "GET", address)  # from here on the token is known and the definition parsed
        with statements_of(context.database) as sent:
            await office.done(username, "GET", address)
            await asyncio.sleep(0)  # the driver tells of a statement a moment later
        told[username, path] = len(sent)
    assert told == dict.fromkeys(OPENED_OFTEN, 1)


async def test_postgresql_sees_how_many_rows_a_list_wants(client, context):
    """A limit that it cannot see is taken for a tenth of what is found: then it may plan the statement anew each time."""
    office = Office(client, "tests-plans")
    lists = ("work-items", "nominations", "notifications", "objections", "publicity-notices", "awards", "stories")
    with statements_of(context.database) as sent:
        for username in ("wutai-clerk", "wutai-office", "wutai-hrss", "city-office"):
            for name in lists:
                params = {"campaign_key": office.campaign} if name != "notifications" else {}
                await office.send(username, "GET", f"/v1/{name}", params=params)
            await office.done(username, "GET", "/v1/notifications/unread-count")
    limits = {limit for statement in sent for limit in re.findall(r"LIMIT ([^\s)]+)", statement)}
    assert limits == {"1", "21", "100"}
