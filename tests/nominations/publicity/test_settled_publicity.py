"""A notice that runs from 2026 into a year without an arrangement waits for it, and then ends for certain (R49, R62)."""

import shutil

import pytest

from services.nominations.campaigns.calendar_files import read_calendar
from services.nominations.domain.working_days import Calendar
from services.nominations.notifications.reminding import remind
from services.nominations.publicity.settling_publicity import settle_publicity
from tests.campaign_copies import CAMPAIGNS

NEXT_YEAR = """
year: 2027
version: 1
source: https://example.org/sample-arrangement
holidays: [{name: 元旦, days: [2027-01-01, 2027-01-04]}]
working_weekends: []
"""


@pytest.fixture
def next_year(tmp_path) -> Calendar:
    shutil.copytree(CAMPAIGNS / "calendars", tmp_path, dirs_exist_ok=True)
    (tmp_path / "china-2027.yaml").write_text(NEXT_YEAR, "utf-8")
    return read_calendar(tmp_path)


async def read(office, case: str) -> tuple[dict, list[str]]:
    """The notice as the unit sees it, and what stands against the head's signature apart from the deadline."""
    body = (await office.done("wutai-head", "GET", f"/v1/nominations/{case}")).json()
    codes = [b["code"] for a in body["actions"] if a["action"] == "sign_for_unit" for b in a["blockers"]]
    return body["publicity"], [code for code in codes if code != "deadline_passed"]


async def test_a_notice_into_2027_ends_when_the_arrangement_of_2027_is_known_r49(office, context, next_year, client):
    case = await office.decided()
    await office.set_clock("2026-12-28T09:00:00+08:00")
    opened = (await office.step("clerk", case, "publicity-notices"))["publicity"]
    assert (opened["closes_on"], opened["provisional"]) == ("2027-01-04", True)

    await office.set_clock("2027-01-20T09:00:00+08:00")
    _, before = await read(office, case)
    assert (before, await settle_publicity(context)) == (["publicity_provisional"], 0)

    known, context.campaigns.calendar = context.campaigns.calendar, next_year
    try:
        settled = [await settle_publicity(context), await settle_publicity(context)]
    finally:
        context.campaigns.calendar = known
    notice, after = await read(office, case)
    shown = (await client.get(f"/v1/publicity-notices/{notice['id']}")).json()
    history = (await office.done("wutai-clerk", "GET", f"/v1/nominations/{case}/events")).json()
    last = history["items"][-1]
    assert (settled, notice["closes_on"], notice["provisional"], after) == ([1, 0], "2027-01-06", False, [])
    assert (shown["calendar_version"], history["intact"], last["event"], last["actor"]["name"]) == (
        "2026@1,2027@1",
        True,
        "publicity_settled",
        "工作日历",
    )
    assert last["details"]["closes_on_shown_before"] == "2027-01-04"


async def test_a_head_is_not_called_to_sign_while_the_last_day_is_uncertain_r49(office, context):
    case = await office.decided()
    await office.set_clock("2026-12-28T09:00:00+08:00")
    await office.step("clerk", case, "publicity-notices")
    await office.set_clock("2027-01-20T09:00:00+08:00")
    await remind(context)
    params = {"campaign_key": office.campaign, "page_size": 100}
    waiting = (await office.done("wutai-head", "GET", "/v1/work-items", params=params)).json()["items"]
    told = (await office.done("wutai-head", "GET", "/v1/notifications", params={"page_size": 100})).json()["items"]
    assert case not in {item["id"] for item in waiting}
    assert case not in {item["nomination_id"] for item in told if item["kind"] == "publicity_ended"}
