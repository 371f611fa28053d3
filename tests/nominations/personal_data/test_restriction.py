"""While a person's data is restricted: who may still read what of their case, and what goes on (decision 0073)."""

import io
import zipfile
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.nominations.context import Context
from services.nominations.personal_data.restricting import hear_restrictions
from tests.factories import CATEGORY, ENDORSE, OPENED, Office, complete_form

GROUND = "《中华人民共和国档案法》第十四条"
CLERK, NOMINEE = "wutai-clerk", "wutai-nominee"
CAMPAIGN = "tests-restriction"
DELIBERATED = {"held_on": "2025-02-07", "form": "ballot", "present": 9, "in_favour": 8}


@pytest.fixture
def people(client) -> Office:
    return Office(client, CAMPAIGN)


@pytest.fixture
async def case(people: Office) -> str:
    """A draft that its nominee has taken over."""
    await people.set_clock(OPENED)
    draft: str = (await people.draft(complete_form())).json()["id"]
    return await people.taken_over(draft)


async def restrict(people: Office, context: Context, **asked: str) -> None:
    body = {"kind": "erasure", "about": "nomination", "text": "请删除我的推荐材料", "campaign_key": CAMPAIGN} | asked
    request = (await people.done(NOMINEE, "POST", "/v1/auth/me/rights-requests", json=body)).json()["id"]
    answer = {"outcome": "restricted", "reason": "评选材料属于档案，不再另作使用", "ground": GROUND}
    await people.done("wutai-office", "POST", f"/v1/auth/rights-requests/{request}/decisions", json=answer)
    await hear_restrictions(context)


async def read(people: Office, username: str, case: str, below: str = "") -> tuple[int, str | None]:
    answer = await people.send(username, "GET", f"/v1/nominations/{case}{below}")
    return answer.status_code, None if answer.is_success else answer.json()["code"]


async def listed(people: Office, username: str) -> set[str]:
    page = {"campaign_key": CAMPAIGN, "page_size": 100}
    return {item["id"] for item in (await people.done(username, "GET", "/v1/nominations", params=page)).json()["items"]}


async def changes(people: Office, username: str) -> dict[str, Any]:
    """By case: whether it stands among what is removed."""
    page = {"campaign_key": CAMPAIGN, "page_size": 100}
    found = (await people.done(username, "GET", "/v1/nomination-changes", params=page)).json()
    return {each["id"]: False for each in found["items"]} | {each["id"]: True for each in found["removed"]}


async def test_a_restricted_draft_is_the_persons_alone(people: Office, context: Context, case: str) -> None:
    before = await read(people, CLERK, case), case in await listed(people, CLERK)
    await restrict(people, context)
    held = [await read(people, CLERK, case, below) for below in ("", "/events", "/forms/attachment_6")]
    mine = await read(people, NOMINEE, case), case in await listed(people, NOMINEE)
    assert (before, held) == (((200, None), True), [(409, "nomination_held")] * 3)
    assert (mine, case in await listed(people, CLERK)) == (((200, None), True), False)
    assert ((await changes(people, CLERK)).get(case), (await changes(people, NOMINEE))[case]) == (None, False)


async def test_nobody_else_writes_a_restricted_draft_and_the_person_may_withdraw_it(
    people: Office, context: Context, case: str
) -> None:
    current = await people.send(CLERK, "GET", f"/v1/nominations/{case}")
    await restrict(people, context)
    body = {"form": current.json()["form"]}
    match = {"If-Match": current.headers["etag"]}
    saved = await people.send(CLERK, "PUT", f"/v1/nominations/{case}", json=body, headers=match)
    submitted = await people.send(CLERK, "POST", f"/v1/nominations/{case}/submissions")
    copied = {"campaign_key": CAMPAIGN, "category": current.json()["category"], "copy_of": case}
    copy = await people.send(CLERK, "POST", "/v1/nominations", json=copied)
    withdrawn = await people.send(NOMINEE, "POST", f"/v1/nominations/{case}/withdrawal", json={"reason": "本人撤回"})
    assert [answer.json()["code"] for answer in (saved, submitted, copy)] == ["nomination_held"] * 3
    assert withdrawn.status_code == 201, withdrawn.text


async def test_what_is_on_its_way_is_reviewed_to_the_end_and_nothing_is_told_of_it(
    people: Office, context: Context, case: str
) -> None:
    """审核 is a public duty (PIPL 第十三条第三项); 宣传 is none (R106)."""
    await people.with_documents(case)
    await people.step("nominee", case, "confirmations", json={"part": "nominee"})
    await people.step("clerk", case, "submissions")
    await restrict(people, context)
    await people.step("clerk", case, "staff-deliberations", json=DELIBERATED)
    story = {"title": "示例事迹", "text": "示例事迹的正文，讲述一线工作。"}
    told = await people.send(CLERK, "PUT", f"/v1/nominations/{case}/story", json=story)
    events = (await people.done(CLERK, "GET", f"/v1/nominations/{case}/events")).json()["items"]
    assert [each["event"] for each in events][-2:] == ["processing_restricted", "staff_deliberation_recorded"]
    assert (told.status_code, told.json()["code"]) == (409, "nomination_held")


@pytest.mark.parametrize("reader", ["wutai-office", CLERK, NOMINEE])
async def test_what_no_list_shows_is_counted_for_nobody(
    people: Office, context: Context, case: str, reader: str
) -> None:
    """Sent back by the county before the restriction was heard: the person alone sees it, and counts it."""
    await people.with_documents(case)
    await people.step("nominee", case, "confirmations", json={"part": "nominee"})
    await people.step("clerk", case, "submissions")
    await people.walk_to_county(case)
    await people.step("hrss", case, "reviews", json={"decision": "return", "reason": "请补充", "return_to": "unit"})
    await restrict(people, context)
    counted = (await people.done(reader, "GET", "/v1/nomination-counts", params={"campaign_key": CAMPAIGN})).json()
    mine = await listed(people, reader)
    assert (counted["total"], case in mine) == (len(mine), reader == NOMINEE)


async def test_a_held_case_is_named_among_the_gates_of_a_report_and_hides_no_other_r69(
    people: Office, context: Context, case: str
) -> None:
    """Sent back by the county and put into its draft of a report before the restriction was heard."""
    await people.with_documents(case)
    await people.step("nominee", case, "confirmations", json={"part": "nominee"})
    await people.step("clerk", case, "submissions")
    await people.walk_to_county(case)
    await people.step("hrss", case, "reviews", json={"decision": "return", "reason": "请补充", "return_to": "unit"})
    other = await people.endorsed_by_county()
    report = await people.report(case, other)
    await restrict(people, context)
    gates = (await people.done("wutai-office", "GET", f"/v1/county-reports/{report}/gates")).json()
    await people.done("wutai-office", "DELETE", f"/v1/county-reports/{report}")
    told = {item["nomination_id"]: (item["name"], [b["code"] for b in item["blockers"]]) for item in gates["items"]}
    assert (gates["ready"], told[case], told[other][1]) == (False, ("", ["nomination_held"]), ["opinion_missing"])


async def test_a_finished_case_that_is_kept_stands_in_no_table_package_or_notice_and_hides_no_other(
    people: Office, context: Context, case: str
) -> None:
    """Reported with another one, not awarded, then restricted: the papers of the other still go out."""
    other, report, city_list = await to_the_province_with_another(people, case)
    await people.step("city-office", case, "no-award", json={"reason": "省级差额未入选"})
    notices = await notices_of(people, case)
    table = f"/v1/county-reports/{report}/forms/attachment_4"
    before = (
        set(notices) <= await shown_notices(people),
        await table_rows(people, table),
        await in_package(people, report),
    )
    await restrict(people, context)
    shown = await shown_notices(people)
    assert before == (True, 2, 2)
    assert (shown.isdisjoint(notices), set(await notices_of(people, other)) <= shown) == (True, True)
    assert [await public(people, notice) for notice in notices] == ["publicity_notice_superseded"] * 2
    assert (await table_rows(people, table), await in_package(people, report)) == (1, 1)
    assert await in_package(people, city_list, kind="city-lists") == 1
    assert await receipt_titles(people, report, case) == ["山西省制造业振兴升级先进个人推荐审批表"]


async def test_a_restricted_case_that_the_province_did_not_choose_is_finished_and_then_kept(
    people: Office, context: Context, case: str
) -> None:
    """Without its result the campaign could never be closed."""
    await to_the_province_with_another(people, case)
    await restrict(people, context)
    done = await people.send("city-office", "POST", f"/v1/nominations/{case}/no-award", json={"reason": "未入选"})
    after = await people.send("city-office", "GET", f"/v1/nominations/{case}")
    assert (done.status_code, after.status_code, after.json()["code"]) == (201, 409, "nomination_held")


async def to_the_province_with_another(people: Office, case: str) -> tuple[str, str, str]:
    """Gives the other case, the county's report and the city's list."""
    await people.with_documents(case)
    await people.step("nominee", case, "confirmations", json={"part": "nominee"})
    await people.step("clerk", case, "submissions")
    cases = [await people.endorse(await people.walk_to_county(case)), await people.endorsed_by_county()]
    for each in cases:
        await people.with_opinions(each)
    report = await people.report(*cases)
    await people.done("wutai-office", "POST", f"/v1/county-reports/{report}/submissions")
    for bureau in ("hrss", "iit"):
        for each in cases:
            await people.step(f"city-{bureau}", each, "reviews", json=ENDORSE)
    reason = {"selection": {CATEGORY: cases}, "no_choice_reason": "示例"}
    body = {"campaign_key": CAMPAIGN} | reason
    city_list = (await people.done("city-office", "POST", "/v1/city-lists", json=body)).json()["id"]
    path = f"/v1/city-lists/{city_list}"
    await people.second_list("city-hrss", city_list)
    shown = await people.done("city-office", "POST", f"{path}/publicity-notices")
    await people.set_clock("2025-03-01T09:00:00+08:00")
    headers = {"If-Match": shown.headers["etag"]}
    await people.done("city-office", "PUT", f"{path}/ranking", json={"ranking": {CATEGORY: cases}}, headers=headers)
    await people.done("city-office", "POST", f"{path}/submissions")
    return cases[1], report, city_list


async def shown_notices(people: Office) -> set[str]:
    page = await people.client.get("/v1/publicity-notices", params={"campaign_key": CAMPAIGN, "page_size": 100})
    return {each["id"] for each in page.json()["items"]}


async def notices_of(people: Office, case: str) -> list[str]:
    own = (await people.done("wutai-office", "GET", f"/v1/nominations/{case}/publicity-notices")).json()["items"]
    return [each["id"] for each in own]


async def public(people: Office, notice: str) -> str | None:
    """The code with which the notice and its page are refused to the public."""
    answers = [await people.client.get(f"/v1/publicity-notices/{notice}{below}") for below in ("", "/page")]
    (code,) = {None if answer.is_success else answer.json()["code"] for answer in answers}
    return code


async def table_rows(people: Office, path: str) -> int:
    return len((await people.done("wutai-office", "GET", path)).json()["rows"])


async def in_package(people: Office, subject: str, *, kind: str = "county-reports") -> int:
    """Cases whose approval form lies in it."""
    answer = await people.done("city-office", "GET", f"/v1/{kind}/{subject}/package")
    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    return sum(name.endswith("推荐审批表.pdf") for name in names)


async def receipt_titles(people: Office, report: str, case: str) -> list[str]:
    items = (await people.done("city-office", "GET", f"/v1/county-reports/{report}/receipts")).json()["items"]
    return [each["label"] for each in items if each["item"] == case]


async def test_the_history_says_since_when_and_the_restriction_is_heard_once(
    people: Office, context: Context, case: str
) -> None:
    await restrict(people, context)
    again = await hear_restrictions(context)
    events = (await people.done(NOMINEE, "GET", f"/v1/nominations/{case}/events")).json()["items"]
    assert (again, [each["event"] for each in events].count("processing_restricted")) == (0, 1)


@pytest.mark.parametrize("asked", [{"about": "account"}, {"campaign_key": "tests-with-many-seats"}])
async def test_a_restriction_reaches_no_further_than_it_was_granted(
    people: Office, context: Context, case: str, asked: dict[str, str]
) -> None:
    await restrict(people, context, **asked)
    assert await read(people, CLERK, case) == (200, None)


async def test_a_case_begun_after_the_restriction_is_not_meant(people: Office, context: Context, case: str) -> None:
    await restrict(people, context)
    again: str = (await people.draft(complete_form())).json()["id"]
    assert (await read(people, CLERK, again), await read(people, CLERK, case)) == (
        (200, None),
        (409, "nomination_held"),
    )


async def test_what_was_heard_is_not_changed_or_forgotten(people: Office, context: Context, case: str) -> None:
    await restrict(people, context)
    for statement in (
        "UPDATE nominations.restrictions SET campaign_key = NULL",
        "DELETE FROM nominations.restrictions",
    ):
        with pytest.raises(DBAPIError):
            async with context.database.transaction() as session:
                await session.execute(text(statement))
