"""Copies kept on phones: every change within the caller's scope is told once, none is passed over, what left is told too."""

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from services.nominations.settings import NominationsSettings
from tests.factories import Office, complete_collective

PATH = "/v1/nomination-changes"


@pytest.fixture
async def county(client) -> Office:
    return Office(client, "tests-changes")


async def ask(office: Office, who: str = "wutai-clerk", **params):
    return await office.send(who, "GET", PATH, params={"campaign_key": office.campaign, **params})


async def all_since(office: Office, token: str | None, who: str = "wutai-clerk", **params) -> tuple[list, list, str]:
    """Ids of changed and of removed cases, page by page, and the token to keep."""
    changed, removed, complete = [], [], False
    while not complete:
        answer = await ask(office, who, **({"updated_since": token} if token else {}), **params)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        changed += [item["id"] for item in page["items"]]
        removed += [(item["id"], item["reason"]) for item in page["removed"]]
        token, complete = page["updated_until"], page["complete"]
    return changed, removed, token


async def caught_up(office: Office, who: str = "wutai-clerk") -> str:
    return (await all_since(office, None, who))[2]


async def test_a_client_hears_of_what_changed_since_and_of_nothing_else(county):
    first, second = [(await county.draft()).json()["id"] for _ in range(2)]
    token = await caught_up(county)
    await county.step("clerk", second, "withdrawal", json={"reason": "不再推荐"})
    third = (await county.draft()).json()["id"]
    changed, removed, later = await all_since(county, token)
    assert (changed, removed) == ([third], [(second, "withdrawn")])
    assert (await all_since(county, later))[:2] == ([], [])
    assert first in (await all_since(county, None))[0]


async def test_pages_of_one_make_the_same_whole(county):
    token = await caught_up(county)
    drafts = [(await county.draft()).json()["id"] for _ in range(4)]
    assert (await all_since(county, token, page_size=1))[0] == drafts


async def test_the_etag_told_is_that_of_the_case(county):
    token = await caught_up(county)
    case = (await county.draft()).json()["id"]
    (item,) = (await ask(county, updated_since=token)).json()["items"]
    read = await county.done("wutai-clerk", "GET", f"/v1/nominations/{case}")
    assert (item["id"], item["etag"]) == (case, read.headers["etag"])


async def test_what_leaves_the_row_of_the_case_alone_is_a_change_too_r96(county):
    """An objection freezes the case: whoever holds a copy reads it again."""
    case = await county.in_publicity()
    token = await caught_up(county)
    notice = (await county.done("wutai-clerk", "GET", f"/v1/nominations/{case}")).json()["publicity"]["id"]
    await county.client.post(f"/v1/publicity-notices/{notice}/objections", json={"content": "请核实事迹中的数据。"})
    assert (await all_since(county, token))[0] == [case]


async def test_a_county_hears_of_a_case_from_its_hand_over_on(county):
    token = await caught_up(county, "wutai-office")
    case = await county.walk_to_publicity(await county.submitted_collective())
    before = await all_since(county, token, "wutai-office")
    await county.sign(case)
    after = await all_since(county, token, "wutai-office")
    assert (before[0], after[0]) == ([], [case])


async def test_nobody_hears_of_cases_of_others(county):
    token = await caught_up(county, "dingxiang-clerk")
    await county.draft()
    assert (await all_since(county, token, "dingxiang-clerk"))[:2] == ([], [])


async def test_a_token_of_other_eyes_starts_over(county):
    token = await caught_up(county)
    answer = await ask(county, "wutai-office", updated_since=token)
    assert (answer.status_code, answer.json()["code"]) == (410, "changes_token_outdated")


@pytest.mark.parametrize("token", ["x", "WzFd", "W10", "1" * 300])
async def test_an_odd_token_is_refused(county, token):
    assert (await ask(county, updated_since=token)).status_code == 422


async def test_after_a_restore_every_client_starts_over(county):
    token = await caught_up(county)
    owner = create_async_engine(NominationsSettings().owners_database_url())
    async with owner.begin() as connection:
        await connection.execute(text("SELECT nominations.count_changes_anew()"))
    await owner.dispose()
    answer = await ask(county, updated_since=token)
    assert (answer.status_code, answer.json()["code"]) == (410, "changes_token_outdated")


async def test_a_change_committed_late_is_not_passed_over(county, context):
    """It began before, and commits after, a change that was told: by time it would lie behind the token."""
    late, early = [
        (await county.draft(complete_collective(), category="advanced_collective")).json()["id"] for _ in "12"
    ]
    token = await caught_up(county)
    async with context.database.transaction() as session:
        await _touch(session, late)
        async with context.database.transaction() as other:
            await _touch(other, early)
        during = await all_since(county, token)
    after = await all_since(county, during[2])
    assert (during[0], after[0]) == ([], [late, early])


async def test_of_many_changes_at_once_none_is_missed(county, context):
    cases = [(await county.draft()).json()["id"] for _ in range(8)]
    token = await caught_up(county)
    heard: list[str] = []
    stop = asyncio.Event()

    async def listen() -> None:
        nonlocal token
        while not stop.is_set():
            changed, _, token = await all_since(county, token, page_size=2)
            heard.extend(changed)

    async def change(case: str, number: int) -> None:
        async with context.database.transaction() as session:
            await _touch(session, case)
            await asyncio.sleep(0.02 * (number % 3))

    listening = asyncio.create_task(listen())
    await asyncio.gather(*(change(case, n) for n, case in enumerate(cases * 3) if n % 2 == 0 or n < 8))
    stop.set()
    await listening
    heard += (await all_since(county, token))[0]
    assert set(heard) == set(cases)


async def _touch(session, case: str) -> None:
    await session.execute(
        text("UPDATE nominations.nominations SET saved_at = saved_at WHERE id = :id"), {"id": UUID(case)}
    )
