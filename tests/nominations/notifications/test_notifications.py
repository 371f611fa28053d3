"""People hear of what happens to their cases: in the application at once, on their phones where it cannot wait."""

import os
from datetime import UTC, datetime
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import select, update

from services.auth.domain.roles import Role
from services.auth.tables import PersonRow, RoleAssignmentRow
from services.common.db import Database
from services.nominations.notifications.job_handlers import work_of
from services.nominations.notifications.notification_tables import Notification
from services.nominations.notifications.pushing import push
from services.nominations.notifications.reminding import remind
from services.nominations.notifications.telling import write_reminders
from tests.factories import AFTER_PUBLICITY, APPID, OPENED, Office, complete_form
from tests.nominations.consultation.test_consultations import answered, last_code, public

CAMPAIGN = "tests-notifications"
TEMPLATE = "fake-template-progress"


@pytest.fixture
def unit(office) -> Office:
    return Office(office.client, CAMPAIGN)


async def told(office: Office, username: str, case: str | None = None) -> list[tuple[str, str]]:
    answer = await office.done(username, "GET", "/v1/notifications", params={"page_size": 100})
    return [
        (item["kind"], item["audience"]) for item in answer.json()["items"] if case in {None, item["nomination_id"]}
    ]


async def pushes(
    office: Office, case: str, *, reader: str = "wutai-hrss"
) -> list[tuple[str, str, list[tuple[str, str]]]]:
    answer = await office.done(reader, "GET", f"/v1/nominations/{case}/notifications")
    return [
        (item["kind"], item["audience"], [(push["channel"], push["state"]) for push in item["pushes"]])
        for item in answer.json()["items"]
        if item["urgent"]
    ]


async def sent_back(office: Office) -> str:
    case = await office.at_county()
    body = {"decision": "return", "reason": "事迹材料不够具体", "fields": []}
    await office.step("hrss", case, "reviews", json=body)
    return case


async def many_more_clerks(office: Office, number: int) -> None:
    """People at the unit who have neither phones nor addresses."""
    me = (await office.done(f"{office.place}-clerk", "GET", "/v1/auth/me")).json()
    unit, people = UUID(me["acting_as"]["organisation"]["id"]), [uuid4() for _ in range(number)]
    database = Database(os.environ["AUTH_DATABASE_URL"], pool_size=1, application="tests")
    try:
        async with database.transaction() as session:
            session.add_all(PersonRow(id=each, full_name="示例人员丁") for each in people)
            await session.flush()
            held = {"organisation_id": unit, "role": Role.UNIT_CLERK, "starts_at": datetime.now(UTC)}
            session.add_all(RoleAssignmentRow(person_id=each, **held) for each in people)
    finally:
        await database.close()


async def test_the_county_hears_of_a_case_that_its_unit_has_signed(unit, jobs):
    case = await unit.at_county()
    await jobs()
    assert await told(unit, "wutai-office", case) == [("unit_signed", "county")]


async def test_everybody_who_works_there_is_told_however_many_they_are(office, jobs):
    unit = Office(office.client, CAMPAIGN, place="jingle")
    await many_more_clerks(unit, 110)
    case = await sent_back(unit)
    await jobs()
    ((kind, _, reached),) = await pushes(unit, case, reader="jingle-hrss")
    assert (kind, len(reached)) == ("review_returned", 111)


async def test_another_county_hears_nothing(unit, jobs):
    case = await unit.at_county()
    await jobs()
    assert await told(unit, "dingxiang-office", case) == []


async def test_nobody_is_told_of_their_own_act(unit, jobs):
    case = await unit.at_county()
    await jobs()
    kinds = {kind for kind, _ in await told(unit, "wutai-clerk", case)}
    assert kinds == {"unit_signed"}


async def test_a_job_that_runs_twice_tells_once(unit, context, jobs):
    case = await unit.at_county()
    await jobs()
    work = work_of(context)
    for sequence in range(1, 9):
        await work.handlers["tell"](f"{case}:{sequence}")
    assert await told(unit, "wutai-office", case) == [("unit_signed", "county")]


async def test_what_cannot_wait_is_told_to_phones_and_how_it_went_is_kept(unit, jobs):
    case = await sent_back(unit)
    await jobs()
    ((kind, audience, reached),) = await pushes(unit, case)
    assert (kind, audience, set(reached)) == ("review_returned", "unit", {("none", "no_channel")})


async def test_the_badge_counts_what_came_after_the_mark(unit, jobs):
    await sent_back(unit)
    await jobs()
    newest = (await unit.done("wutai-clerk", "GET", "/v1/notifications", params={"page_size": 1})).json()["items"][0]
    await unit.done("wutai-clerk", "PUT", "/v1/notifications/read-mark", json={"notification_id": newest["id"]})
    before = (await unit.done("wutai-clerk", "GET", "/v1/notifications/unread-count")).json()
    await sent_back(unit)
    await jobs()
    after = (await unit.done("wutai-clerk", "GET", "/v1/notifications/unread-count")).json()
    assert (before["unread"], after["unread"]) == (0, 2)


async def test_a_mark_never_goes_back(unit, jobs):
    await sent_back(unit)
    await jobs()
    items = (await unit.done("wutai-clerk", "GET", "/v1/notifications", params={"page_size": 2})).json()["items"]
    for item in items:
        await unit.done("wutai-clerk", "PUT", "/v1/notifications/read-mark", json={"notification_id": item["id"]})
    count = (await unit.done("wutai-clerk", "GET", "/v1/notifications/unread-count")).json()
    assert count == {"unread": 0}


async def test_nobody_has_read_what_is_still_to_come(unit):
    beyond = {"notification_id": "ffffffff-ffff-7fff-bfff-ffffffffffff"}
    answer = await unit.send("wutai-clerk", "PUT", "/v1/notifications/read-mark", json=beyond)
    errors = [(error["pointer"], error["code"]) for error in answer.json()["errors"]]
    assert (answer.status_code, errors) == (422, [("/notification_id", "notification_unknown")])


async def test_pages_of_notifications_join_without_gap_or_double(unit, jobs):
    await sent_back(unit)
    await jobs()
    whole = (await unit.done("wutai-clerk", "GET", "/v1/notifications", params={"page_size": 5})).json()["items"]
    first = (await unit.done("wutai-clerk", "GET", "/v1/notifications", params={"page_size": 2})).json()
    query = {"page_size": 3, "page_token": first["next_page_token"]}
    second = (await unit.done("wutai-clerk", "GET", "/v1/notifications", params=query)).json()
    assert [item["id"] for item in first["items"] + second["items"]] == [item["id"] for item in whole]


async def received() -> list[tuple[str, str]]:
    """What WeChat has brought to phones: template and words."""
    async with httpx.AsyncClient(base_url=os.environ["AUTH_WECHAT_BASE_URL"]) as http:
        items = (await http.get("/fake/messages")).json()["items"]
    return [(item["template_id"], item["data"]["thing1"]["value"]) for item in items]


async def withdrawn_from_its_nominee(office: Office) -> str:
    """A case that its nominee has taken over, and that the clerk then withdraws: the nominee has to hear of it now."""
    await office.set_clock(OPENED)
    case = (await office.draft(complete_form())).json()["id"]
    code = (await office.step("clerk", case, "hand-over-codes"))["code"]
    await office.done("wutai-nominee", "POST", "/v1/hand-overs", json={"code": code})
    await office.step("clerk", case, "withdrawal", json={"reason": "本人放弃"})
    return case


async def agree(office: Office, *templates: str) -> dict[str, int]:
    body = {"appid": APPID, "accepted": list(templates)}
    return (await office.done("wutai-nominee", "POST", "/v1/auth/message-consents", json=body)).json()["credits"]


async def how_the_nominee_was_told(office: Office, case: str) -> list[list[tuple[str, str]]]:
    items = (await office.done("wutai-clerk", "GET", f"/v1/nominations/{case}/notifications")).json()["items"]
    pushed = [item["pushes"] for item in items if item["audience"] == "nominee" and item["urgent"]]
    return [[(push["channel"], push["state"]) for push in each] for each in pushed]


async def test_a_nominee_who_agreed_once_gets_one_message_by_wechat(unit, jobs):
    allowed = await agree(unit, TEMPLATE)
    before = await received()
    cases = [await withdrawn_from_its_nominee(unit), await withdrawn_from_its_nominee(unit)]
    await jobs()
    told = sorted([await how_the_nominee_was_told(unit, case) for case in cases])
    assert (allowed, told, (await received())[len(before) :]) == (
        {TEMPLATE: 1},
        [[[("none", "no_channel")]], [[("wechat", "sent")]]],
        [(TEMPLATE, "推荐已撤回")],
    )


async def test_a_template_that_nobody_sends_is_no_credit(unit):
    assert await agree(unit, "a-template-of-nobody") == {}


async def test_whom_wechat_refuses_is_counted_out_and_told_otherwise(unit, jobs):
    await agree(unit, TEMPLATE)
    await agree(unit, TEMPLATE)
    async with httpx.AsyncClient(base_url=os.environ["AUTH_WECHAT_BASE_URL"]) as http:
        await http.post("/fake/next-error", json={"errcode": 43101})
    case = await withdrawn_from_its_nominee(unit)
    await jobs()
    assert (await how_the_nominee_was_told(unit, case), await agree(unit, TEMPLATE)) == (
        [[("none", "no_channel")]],
        {TEMPLATE: 1},
    )


async def test_a_push_that_is_tried_again_reaches_nobody_twice(unit, context, jobs):
    await agree(unit, TEMPLATE)
    case = await withdrawn_from_its_nominee(unit)
    await jobs()
    before = await received()
    async with context.database.transaction() as session:
        ids = (
            await session.scalars(
                update(Notification)
                .where(Notification.nomination_id == UUID(case))
                .values(pushed_at=None)
                .returning(Notification.id)
            )
        ).all()
    for each in ids:
        await push(context, str(each))
    assert await received() == before


async def test_reminders_of_a_morning_are_written_once_r41_r110(unit, context):
    await unit.set_clock("2025-02-07T09:00:00+08:00")
    await remind(context)
    first = await reminders(unit, "contact_form_due", of="dingxiang-office")
    await remind(context)
    assert (first, await reminders(unit, "contact_form_due", of="dingxiang-office")) == (
        ["联系表（附件9）须在2025年2月8日前报送，还未收到"],
    ) * 2


async def test_an_office_reads_one_digest_a_morning_not_one_message_for_each_case_r110(unit, context):
    case = await unit.at_county()
    waiting = len(
        (await unit.done("wutai-hrss", "GET", "/v1/work-items", params={"campaign_key": CAMPAIGN})).json()["items"]
    )
    await unit.set_clock("2025-02-14T09:00:00+08:00")
    await remind(context)
    assert (case != "", await reminders(unit, "work_waiting")) == (True, [f"有{waiting}件推荐等待办理"])


async def test_the_county_is_reminded_of_silent_authorities_only_where_an_opinion_is_still_awaited_r58(unit, context):
    going_on, withdrawn = await unit.at_county(), await unit.at_county()
    for case in (going_on, withdrawn):
        body = {"authority": "public_security", "officer_name": "示例警官", "phone": "13700000001"}
        await unit.done("wutai-office", "POST", f"/v1/nominations/{case}/consultations", json=body)
    await unit.step("clerk", withdrawn, "withdrawal", json={"reason": "本人放弃"})
    await unit.set_clock("2025-02-26T09:00:00+08:00")
    await remind(context)
    assert await reminders(unit, "opinion_overdue") == ["有1项部门意见超过5个工作日未回复"]


class Undone(Exception):
    """The transaction is rolled back."""


async def test_a_morning_of_more_reminders_than_one_statement_takes_tells_each_unit_once(context):
    def drafts(units: list[UUID]) -> list[dict]:
        row = dict.fromkeys(("nomination_id", "person_id", "quota_unit", "actor_id"))
        row |= {"campaign_key": CAMPAIGN, "kind": "draft_due", "audience": "unit", "facts": {"count": 1}}
        row |= {"urgent": True, "told_at": datetime.now(UTC)}
        return [row | {"id": uuid4(), "unit_id": unit, "once": f"draft_due:{unit}"} for unit in units]

    units = [uuid4() for _ in range(2600)]
    pushed, told = [], set()

    async def told_twice_and_undone() -> None:
        async with context.database.transaction() as session:
            pushed.extend([await write_reminders(session, drafts(units)) for _ in range(2)])
            told.update(await session.scalars(select(Notification.unit_id).where(Notification.unit_id.in_(units))))
            raise Undone

    with pytest.raises(Undone):
        await told_twice_and_undone()
    assert (pushed, told) == ([2600, 0], set(units))


async def directly_at_the_city(client: httpx.AsyncClient) -> str:
    """A case of a unit that no county stands above."""
    office = Office(client, CAMPAIGN, place="city-direct")
    case = await office.walk_to_publicity(await office.submitted_collective())
    await office.set_clock(AFTER_PUBLICITY)
    head = (await office.done("city-direct-head", "GET", "/v1/auth/me")).json()["person"]["full_name"]
    await office.step("head", case, "unit-signatures", json={"signer_name": head})
    return case


async def test_the_city_is_reminded_of_authorities_that_are_silent_about_cases_that_stand_there_r58_a13(unit, context):
    county = Office(unit.client, CAMPAIGN, place="jingle")
    direct, reported = await directly_at_the_city(unit.client), await county.submitted_collective()
    await county.to_the_city(reported)
    body = {"authority": "public_security", "officer_name": "示例警官", "phone": "13700000002"}
    for case in (direct, reported):
        await unit.done("city-office", "POST", f"/v1/nominations/{case}/consultations", json=body)
    await unit.set_clock("2025-02-25T09:00:00+08:00")
    await remind(context)
    told = [await reminders(unit, "opinion_overdue", of=f"{office}-office") for office in ("city", "jingle")]
    assert told == [["有2项部门意见超过5个工作日未回复"], []]


async def test_the_city_hears_that_an_authority_has_answered_about_a_case_that_stands_there_r58_a13(unit, jobs):
    case = await directly_at_the_city(unit.client)
    phone = "13700000003"
    asked = {"authority": "public_security", "officer_name": "示例警官", "phone": phone}
    link = (await unit.done("city-office", "POST", f"/v1/nominations/{case}/consultations", json=asked)).json()
    await public(unit, "codes", link_code=link["link_code"])
    sheet = await public(unit, "openings", link_code=link["link_code"], code=last_code(phone))
    await answered(unit, sheet.json()["sheet_key"])
    await jobs()
    assert sorted(await told(unit, "city-office", case)) == [("opinion_recorded", "city"), ("unit_signed", "city")]


async def test_an_objection_is_told_of_from_the_day_before_it_is_due_until_it_is_concluded_r96(unit, context):
    await unit.set_clock("2025-02-07T09:00:00+08:00")
    case = await unit.in_publicity()
    notice = (await unit.done("wutai-clerk", "GET", f"/v1/nominations/{case}")).json()["publicity"]["id"]
    await unit.client.post(f"/v1/publicity-notices/{notice}/objections", json={"content": "请核实其事迹。"})
    told = []
    for day in ("2025-02-20", "2025-02-21", "2025-02-25"):
        await unit.set_clock(f"{day}T09:00:00+08:00")
        await remind(context)
        told.append(await reminders(unit, "objection_due"))
    due = "有1件异议须尽快办结，其中最早的于2025年2月22日到期"
    assert told == [[], [due], [due]]


async def reminders(office: Office, kind: str, *, of: str = "wutai-office") -> list[str]:
    """What a county reads of one kind on the clock's day."""
    today = (await office.client.get("/v1/clock")).json()["now"][:10]
    items = (await office.done(of, "GET", "/v1/notifications", params={"page_size": 100})).json()["items"]
    return [
        item["text"]
        for item in items
        if item["kind"] == kind and item["campaign_key"] == office.campaign and item["told_at"][:10] == today
    ]
