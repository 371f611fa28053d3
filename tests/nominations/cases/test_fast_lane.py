"""The fast lane answers what the ordinary way answers, to the same people."""

from dataclasses import replace
from uuid import UUID

import pytest
from jose import jwt

from services.common.callers.tokens import Caller, caller_from_claims
from services.common.prepared import prepare
from services.common.read_only_rows import ReadOnlyRow
from services.nominations.cases.case_facts import read_case
from services.nominations.lists.list_queries import CaseFilter, _page_with_slots, fast_page_of_cases, page_of_cases
from services.nominations.tables import Nomination

ROLES = ("nominee", "unit_clerk", "county_reviewer", "city_reviewer", "service")


@pytest.fixture
async def somebody(office):
    """The clerk, under every role in turn."""
    clerk = caller_from_claims(jwt.get_unverified_claims(await office.token("wutai-clerk")))
    return lambda role: replace(clerk, roles=frozenset({role}))


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("filters", [{}, {"status": "draft"}, {"stage": "unit", "category": "advanced_individual"}])
async def test_a_page_by_the_fast_lane_is_the_page(office, context, somebody, role, filters):
    await office.draft()
    wanted, who = CaseFilter(office.campaign, **filters), somebody(role)
    async with context.database.reading() as session:
        page = await page_of_cases(session, who, wanted, after=None, limit=7)
    fast = await fast_page_of_cases(context.database, who, wanted, oldest_first=False, after=None, limit=7)
    assert [dict(row) for row in fast] == [dict(row._mapping) for row in page]


async def test_a_page_by_the_fast_lane_holds_no_more_than_was_asked_for(office, context, somebody):
    for _ in range(3):
        await office.draft()
    wanted = CaseFilter(office.campaign)
    pages = [
        await fast_page_of_cases(
            context.database, somebody("unit_clerk"), wanted, oldest_first=False, after=None, limit=limit
        )
        for limit in (1, 2, 100)
    ]
    assert [len(pages[0]), len(pages[1]), pages[2][:2] == pages[1]] == [1, 2, True]


def test_postgresql_sees_how_many_rows_a_page_wants_and_plans_it_once():
    """A limit that it cannot see is taken for a tenth of the table: then it plans the statement anew each time."""
    clerk = Caller("", "", "", str(UUID(int=1)), "", "unit", "", "", frozenset({"unit_clerk"}))
    page = prepare(_page_with_slots(clerk, oldest_first=False, size=21, after=False, campaign_key=True))
    assert page.text.rstrip().endswith("LIMIT 21")


async def test_a_case_by_the_fast_lane_is_the_case_of_the_table(office, context, somebody):
    case = (await office.draft({"full_name": "示例", "deeds": "事迹"})).json()
    read = (await read_case(context, somebody("unit_clerk"), case["id"])).nomination
    async with context.database.reading() as session:
        row = await session.get(Nomination, case["id"])
    assert {name: getattr(read, name) for name in columns()} == {name: getattr(row, name) for name in columns()}


async def test_a_case_that_was_just_opened_is_answered_as_it_is_read_afterwards(office):
    opened = (await office.draft({"full_name": "示例", "deeds": "事迹"})).json()
    read = await office.send("wutai-clerk", "GET", f"/v1/nominations/{opened['id']}")
    assert read.json() == opened


def columns() -> list[str]:
    return [column.name for column in Nomination.__table__.columns]


def test_a_row_that_was_only_read_cannot_be_written():
    with pytest.raises(AttributeError, match="status"):
        ReadOnlyRow({"status": "draft"}).status = "rejected"
