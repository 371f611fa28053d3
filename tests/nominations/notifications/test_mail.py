"""E-mail: what reached no phone, one digest a morning for an office, and 附件9 on its way to the city (R41–R42, R110, R207)."""

from dataclasses import replace
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
from pgqueuer.errors import RetryRequested
from sqlalchemy import select

from services.common.messages.emails import SmtpSender, SmtpServer
from services.nominations.domain.notifications import Audience, Reminder
from services.nominations.notifications.reminding import remind
from services.nominations.notifications.telling import write_reminders
from services.nominations.reporting.contact_form_mailing import mail_contact_form
from services.nominations.reporting.mailing_tables import ContactFormMailing
from tests.factories import CONTACT_FORM, OPENED, Office
from tests.mailbox import code_in, mails_to, text_of

CITYS_MAILBOX = "xzgxjtzk@163.com"


@pytest.fixture
def county(client) -> Office:
    return Office(client, "tests-mail")


async def has_mailbox(office: Office, username: str, address: str) -> None:
    await office.done(username, "PUT", "/v1/auth/me/email-address", json={"address": address})
    code = code_in(mails_to(address)[-1])
    await office.done(username, "POST", "/v1/auth/me/email-address/confirmations", json={"code": code})


async def no_mailbox(office: Office, username: str) -> None:
    await office.done(username, "DELETE", "/v1/auth/me/email-address")


async def test_what_cannot_wait_goes_by_mail_where_there_is_no_phone(county, jobs):
    await has_mailbox(county, "wutai-clerk", "clerk@example.org")
    case = await county.at_county()
    await county.step("hrss", case, "reviews", json={"decision": "return", "reason": "事迹材料不够具体"})
    await jobs()
    told = (await county.done("wutai-hrss", "GET", f"/v1/nominations/{case}/notifications")).json()["items"]
    (pushed,) = [item["pushes"] for item in told if item["kind"] == "review_returned" and item["audience"] == "unit"]
    await no_mailbox(county, "wutai-clerk")
    name = (await county.done("wutai-hrss", "GET", f"/v1/nominations/{case}")).json()["name"]
    mail = mails_to("clerk@example.org")[-1]
    assert ("email", "sent") in [(each["channel"], each["state"]) for each in pushed]
    assert (mail["Subject"], name in mail.as_string()) == ("推荐材料被退回修改，请查看退回意见", False)


async def test_an_office_gets_one_mail_a_morning_however_much_waits_r110(county, context, jobs):
    await has_mailbox(county, "wutai-office", "wutai@example.org")
    for _ in range(2):
        await county.collective_at_county()
    await county.set_clock("2025-02-17T09:00:00+08:00")
    await remind(context)
    await remind(context)
    await jobs()
    campaign = (await county.client.get(f"/v1/campaigns/{county.campaign}")).json()["title"]
    await no_mailbox(county, "wutai-office")
    await county.set_clock(OPENED)
    mine = [mail for mail in mails_to("wutai@example.org")[1:] if "件推荐等待办理" in text_of(mail)]
    assert len(mine) == len({mail["Message-ID"] for mail in mine}) >= 1
    assert {mail["Subject"] for mail in mine} == {f"待办提醒：{campaign}"}


async def test_forty_notices_that_ended_in_one_night_are_one_line_of_one_mail_r110(county, context, jobs):
    await has_mailbox(county, "wutai-head", "head@example.org")
    unit = UUID((await county.done("wutai-head", "GET", "/v1/auth/me")).json()["acting_as"]["organisation"]["id"])
    ended = {
        "campaign_key": county.campaign, "nomination_id": None, "kind": Reminder.PUBLICITY_ENDED,
        "audience": Audience.UNIT_HEAD, "person_id": None, "unit_id": unit, "quota_unit": None, "actor_id": None,
        "facts": {}, "urgent": False, "told_at": context.clock.now(),
    }  # fmt: skip
    async with context.database.transaction() as session:
        await write_reminders(session, [ended | {"id": uuid4(), "once": f"forty:{number}"} for number in range(40)])
    await jobs()
    await no_mailbox(county, "wutai-head")
    (mail,) = mails_to("head@example.org")[1:]
    assert text_of(mail).partition("\n")[0] == "公示期已满，可以签署单位意见（40件）"


async def filed(office: Office, username: str = "wutai-office") -> str:
    path = f"/v1/campaigns/{office.campaign}/contact-form"
    await office.done(username, "PUT", path, json={"form": CONTACT_FORM})
    return path


async def state(office: Office, quota_unit: str = "140922") -> dict:
    forms = (await office.done("city-office", "GET", f"/v1/campaigns/{office.campaign}/contact-forms")).json()
    (mine,) = [form for form in forms["items"] if form["quota_unit"] == quota_unit]
    return mine


async def test_the_copy_of_the_contact_table_goes_to_the_citys_mailbox_and_its_delivery_is_kept_r42_r207(
    county, context, jobs
):
    await county.set_clock(OPENED)
    path = await filed(county)
    before = len(mails_to(CITYS_MAILBOX))
    asked = [(await county.done("wutai-office", "POST", f"{path}/mailings")).json() for _ in range(2)]
    await jobs()
    again = (await county.done("wutai-office", "POST", f"{path}/mailings")).json()
    await jobs()
    mails = mails_to(CITYS_MAILBOX)[before:]
    names = [part.get_filename() for part in mails[0].iter_attachments()]
    body = await state(county)
    assert ([each["state"] for each in (*asked, again)], len(mails)) == (["waiting", "waiting", "sent"], 1)
    assert [name.rpartition(".")[2] for name in names] == ["pdf", "docx"]
    assert (body["dispatches"], body["mailing"]["state"], len(body["mailing"]["sha256"])) == (
        {"email": "2025-02-07"},
        "sent",
        64,
    )


async def test_a_table_that_changed_is_mailed_again_r207(county, jobs):
    await county.set_clock(OPENED)
    path = await filed(county)
    await county.done("wutai-office", "POST", f"{path}/mailings")
    await jobs()
    await filed(county)
    assert (await county.done("wutai-office", "POST", f"{path}/mailings")).json()["state"] == "waiting"
    await jobs()


async def test_a_mail_server_that_is_away_is_tried_again_and_nothing_is_noted_as_sent_r42(client, context, jobs):
    county = Office(client, "tests-mail-away")
    await county.set_clock(OPENED)
    path = await filed(county)
    mailing = (await county.done("wutai-office", "POST", f"{path}/mailings")).json()
    away = replace(context, emails=SmtpSender(SmtpServer("127.0.0.1", 9, "none", "", None), "office@example.org"))
    (waiting,) = await ids_of_mailings(context, county.campaign)
    with pytest.raises(RetryRequested, match="waiting"):
        await mail_contact_form(away, waiting)
    during = await state(county)
    await jobs()
    after = await state(county)
    assert (mailing["state"], during["mailing"]["state"], during["dispatches"]) == ("waiting", "waiting", {})
    assert (after["mailing"]["state"], after["dispatches"]) == ("sent", {"email": "2025-02-07"})


class Killed(BaseException):
    """What ends a process ends everything in it."""


class DiesAfterwards:
    """The mail server has taken the message, and nobody lives to write that down."""

    ready = True

    def __init__(self, sender) -> None:
        self._sender = sender

    async def send(self, email) -> None:
        await self._sender.send(email)
        raise Killed


async def test_a_crash_after_the_server_took_it_sends_nothing_twice_and_a_person_decides_r207(client, context, jobs):
    county = Office(client, "tests-mail-away", "daixian")
    await county.set_clock(OPENED)
    path = await filed(county, "daixian-office")
    before = len(mails_to(CITYS_MAILBOX))
    await county.done("daixian-office", "POST", f"{path}/mailings")
    mailing = (await ids_of_mailings(context, county.campaign))[-1]
    with pytest.raises(Killed):
        await mail_contact_form(replace(context, emails=DiesAfterwards(context.emails)), mailing)
    await jobs()
    held = await state(county, "140923")
    sent = mails_to(CITYS_MAILBOX)[before:]
    again = (await county.done("daixian-office", "POST", f"{path}/mailings")).json()
    await jobs()
    first, second = mails_to(CITYS_MAILBOX)[before:]
    assert (len(sent), held["mailing"]["state"], held["dispatches"], again["state"]) == (1, "unknown", {}, "waiting")
    assert (first["Message-ID"], text_of(first)) == (second["Message-ID"], text_of(second))


async def test_a_crash_before_the_server_had_it_is_tried_again_r42(client, context, jobs):
    county = Office(client, "tests-mail-away", "fanshi")
    await county.set_clock(OPENED)
    path = await filed(county, "fanshi-office")

    async def dies(*_: object) -> bytes:
        raise Killed

    await county.done("fanshi-office", "POST", f"{path}/mailings")
    mailing = (await ids_of_mailings(context, county.campaign))[-1]
    with pytest.raises(Killed):
        await mail_contact_form(replace(context, renderer=SimpleNamespace(draw=dies)), mailing)
    await jobs()
    assert (await state(county, "140924"))["mailing"]["state"] == "sent"


async def test_a_changed_table_is_another_message_r207(county, jobs):
    await county.set_clock(OPENED)
    before = len(mails_to(CITYS_MAILBOX))
    for _ in range(2):
        path = await filed(county)
        await county.done("wutai-office", "POST", f"{path}/mailings")
        await jobs()
    assert len({mail["Message-ID"] for mail in mails_to(CITYS_MAILBOX)[before:]}) == 2


async def ids_of_mailings(context, campaign: str) -> list[str]:
    async with context.database.reading() as session:
        query = select(ContactFormMailing.id).where(ContactFormMailing.campaign_key == campaign)
        query = query.order_by(ContactFormMailing.id)
        return [str(each) for each in await session.scalars(query)]


async def test_nothing_is_mailed_before_the_table_is_filed_r42(client):
    county = Office(client, "tests-mail-away", "dingxiang")
    path = f"/v1/campaigns/{county.campaign}/contact-form/mailings"
    assert (await county.send("dingxiang-office", "POST", path)).status_code == 404


async def test_the_filled_table_is_a_file_for_the_county_and_the_city_only_r42_r204(county):
    await county.set_clock(OPENED)
    await filed(county)
    path = f"/v1/campaigns/{county.campaign}/contact-forms/140922/file"
    answers = [await county.send(name, "GET", path) for name in ("wutai-office", "city-office", "dingxiang-office")]
    word = await county.done("wutai-office", "GET", f"{path}?format=docx")
    assert ([answer.status_code for answer in answers], answers[0].content[:5], word.content[:2]) == (
        [200, 200, 404],
        b"%PDF-",
        b"PK",
    )
