"""Submission: complete by every rule, within the quota, one open case per person, before the deadline."""

import asyncio
import gzip
from collections import Counter

import httpx
import pytest
from sqlalchemy import select

from services.nominations.context import Context
from services.nominations.domain.quotas import Movement, replay
from services.nominations.tables import QuotaAccount, QuotaEntry
from tests.factories import CATEGORY, OPENED, Office, complete_collective, complete_form

LATE = "2025-03-01T00:00:00+08:00"
LAST_MINUTE = "2025-02-28T23:59:00+08:00"


async def submit(office: Office, case: str):
    return await office.send("wutai-clerk", "POST", f"/v1/nominations/{case}/submissions")


async def until_told(office: Office, case: str) -> httpx.Response:
    """As a phone in the crowd of the last evening: asks again when it is told to come back later."""
    for _ in range(20):
        answer = await submit(office, case)
        if answer.status_code != 503:
            break
        await asyncio.sleep(int(answer.headers["retry-after"]))
    return answer


async def account_of(context: Context, campaign: str, quota_unit: str = "140922", category: str = CATEGORY):
    """The account as stored, and as its ledger adds up."""
    async with context.database.reading() as session:
        account = await session.get(QuotaAccount, (campaign, quota_unit, category))
        entries = await session.scalars(
            select(QuotaEntry)
            .where(QuotaEntry.campaign_key == campaign, QuotaEntry.quota_unit == quota_unit)
            .where(QuotaEntry.category == category)
            .order_by(QuotaEntry.id)
        )
        replayed = replay(Movement(entry.kind) for entry in entries for _ in range(entry.seats))
    stored = (account.granted, account.reserved, account.consumed, account.forfeited)
    return stored, (replayed.granted, replayed.reserved, replayed.consumed, replayed.forfeited)


async def test_the_dry_run_and_the_submission_name_the_same_problems(office):
    await office.set_clock(OPENED)
    case = (await office.draft({"full_name": "示例", "resident_id_number": "123"})).json()["id"]
    dry = await office.step("clerk", case, "checks")
    refused = await submit(office, case)
    assert (dry["ready"], refused.status_code, refused.json()["code"]) == (False, 422, "nomination_incomplete")
    assert refused.json()["errors"] == dry["errors"]


async def test_the_dry_run_changes_nothing(office):
    created = await office.draft()
    case = created.json()["id"]
    await office.step("clerk", case, "checks")
    read = await office.done("wutai-clerk", "GET", f"/v1/nominations/{case}")
    assert read.headers["etag"] == created.headers["etag"]


async def test_missing_documents_are_named_with_their_rule_r124_r184_r185(office):
    case = (await office.draft(complete_form(professional_title="无"))).json()["id"]
    errors = (await office.step("clerk", case, "checks"))["errors"]
    assert [(error["pointer"], error["requirement"]) for error in errors] == [
        ("/documents/portrait", "R124"),
        ("/documents/id_card_front", "R184"),
        ("/documents/id_card_back", "R184"),
        ("/documents/honour_certificate", "R185"),
    ]


async def test_a_professional_title_needs_its_certificate_r177(office):
    case = (await office.draft(complete_form())).json()["id"]
    errors = (await office.step("clerk", case, "checks"))["errors"]
    assert "/documents/professional_title_certificate" in {error["pointer"] for error in errors}


async def test_a_complete_case_is_submitted_and_reserves_a_seat_r14(office, context):
    campaign = "tests-one-seat"
    await office.submitted(campaign=campaign)
    assert await account_of(context, campaign) == ((1, 1, 0, 0), (1, 1, 0, 0))


async def test_a_withdrawn_case_gives_its_seat_back(office, context):
    campaign = "tests-withdrawn"
    case = await office.submitted(campaign=campaign)
    await office.step("clerk", case, "withdrawal", json={"reason": "本人放弃"})
    next_case = await office.submitted(campaign=campaign)
    assert (next_case != case, await account_of(context, campaign)) == (True, ((1, 1, 0, 0), (1, 1, 0, 0)))


async def test_a_withdrawn_case_is_not_submitted_again(office):
    case = await office.submitted()
    await office.step("clerk", case, "withdrawal", json={"reason": "本人放弃"})
    answer = await submit(office, case)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "wrong_status")


async def test_two_hundred_at_once_for_one_seat_leave_one_r14(office, context):
    campaign = "tests-two-hundred-for-one"
    await office.set_clock(OPENED)
    cases = await asyncio.gather(*(office.collective(campaign=campaign) for _ in range(200)))
    answers = await asyncio.gather(*(until_told(office, case) for case in cases))
    codes = Counter((answer.status_code, answer.json().get("code")) for answer in answers)
    assert codes == {(201, None): 1, (409, "quota_exhausted"): 199}
    account = await account_of(context, campaign, category="advanced_collective")
    assert account == ((1, 1, 0, 0), (1, 1, 0, 0))


async def test_the_longest_refusal_a_form_gets_fits_into_two_packets_as_the_proxy_sends_it(office):
    """Nobody has answered anything of 附件6: some forty fields, none left out. gzip as in `deploy/nginx`, at its fastest."""
    answer = await submit(office, (await office.draft()).json()["id"])
    fields = answer.json()["errors"]
    assert (
        len(fields) > 35,
        len(answer.content) < 150 * len(fields),
        len(gzip.compress(answer.content, 1)) < 2_000,
    ) == (
        True,
        True,
        True,
    )


async def test_a_county_without_seats_is_told_before_anybody_types_r15(office):
    await office.set_clock(OPENED)
    body = {"campaign_key": "tests-no-seats", "category": CATEGORY, "form": {}}
    answer = await office.send("wutai-clerk", "POST", "/v1/nominations", json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "no_seat_granted")


@pytest.mark.parametrize("written", ["五台县 （示例）", "五台县(示例)", "五台县〔示例〕"])
async def test_a_collective_has_one_open_case_however_its_name_is_written(office, written):
    await office.set_clock(OPENED)
    form = complete_collective()
    names = [form["collective_name"].replace("五台县", each) for each in ("五台县（示例）", written)]
    cases = [await office.collective(form | {"collective_name": each}) for each in names]
    answers = [await submit(office, case) for case in cases]
    assert [(answer.status_code, answer.json().get("code")) for answer in answers] == [
        (201, None),
        (409, "already_nominated"),
    ]


async def test_a_person_has_one_open_case_in_a_campaign_also_when_many_submit_at_once(office):
    await office.set_clock(OPENED)
    form = complete_form()
    cases = await asyncio.gather(*(office.ready(form) for _ in range(5)))
    answers = await asyncio.gather(*(until_told(office, case) for case in cases))
    codes = Counter((answer.status_code, answer.json().get("code")) for answer in answers)
    assert codes == {(201, None): 1, (409, "already_nominated"): 4}


async def test_until_the_last_minute_a_case_is_submitted_and_then_no_more_r112_r113(office):
    await office.set_clock(LAST_MINUTE)
    in_time = await submit(office, await office.ready())
    late_case = await office.ready()
    await office.set_clock(LATE)
    late = await submit(office, late_case)
    await office.set_clock(OPENED)
    problem = late.json()
    assert (in_time.status_code, late.status_code, problem["errors"][0]["code"]) == (201, 409, "deadline_passed")


@pytest.mark.parametrize("username", ["wutai-head", "wutai-hrss"])
async def test_only_nominee_and_clerk_submit(office, username):
    await office.set_clock(OPENED)
    case = await office.ready()
    answer = await office.send(username, "POST", f"/v1/nominations/{case}/submissions")
    assert answer.status_code == (403 if username == "wutai-head" else 404)
