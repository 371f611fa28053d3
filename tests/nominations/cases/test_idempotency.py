"""The same POST twice with one Idempotency-Key is one deed."""

import asyncio
import os
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select, update
from uuid_utils import uuid7

from services.common.repeats.answer_seal import AnswerSeal
from services.common.repeats.idempotency import Answer, Claim, KeptAnswers
from services.nominations.city_tables import Objection
from services.nominations.schemas.nomination import CharacterCount
from services.nominations.tables import IdempotencyKeyRow
from tests.factories import CATEGORY, Office


async def create(office: Office, key: str, *, name: str = "示例", username: str = "wutai-clerk"):
    body = {"campaign_key": office.campaign, "category": CATEGORY, "form": {"full_name": name}}
    return await office.send(username, "POST", "/v1/nominations", json=body, headers={"Idempotency-Key": key})


async def test_a_repeated_request_gets_the_first_answer(office):
    key = str(uuid7())
    first, second = await create(office, key), await create(office, key)
    assert (second.json(), second.headers["etag"], second.headers["idempotent-replayed"]) == (
        first.json(),
        first.headers["etag"],
        "true",
    )


async def test_ten_at_once_are_one_nomination(office):
    key = str(uuid7())
    answers = await asyncio.gather(*(create(office, key) for _ in range(10)))
    assert ({answer.status_code for answer in answers}, len({answer.json()["id"] for answer in answers})) == ({201}, 1)


async def test_another_body_under_the_same_key_is_refused(office):
    key = str(uuid7())
    await create(office, key)
    answer = await create(office, key, name="另一人")
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")


async def test_another_person_may_use_the_same_key(office):
    key = str(uuid7())
    answers = [await create(office, key, username=name) for name in ("wutai-clerk", "dingxiang-clerk")]
    assert len({answer.json()["id"] for answer in answers}) == 2


async def test_a_refusal_is_not_remembered(office):
    key = {"Idempotency-Key": str(uuid7())}
    wrong = {"campaign_key": office.campaign, "category": CATEGORY, "form": {"salary": 1}}
    right = {"campaign_key": office.campaign, "category": CATEGORY, "form": {}}
    statuses = [
        (await office.send("wutai-clerk", "POST", "/v1/nominations", json=body, headers=key)).status_code
        for body in (wrong, right)
    ]
    assert statuses == [422, 201]


async def test_a_key_that_is_too_short_is_named(office):
    answer = await create(office, "short")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/header/Idempotency-Key")


def keyed(key: str) -> dict[str, str]:
    return {"Idempotency-Key": key}


@pytest.fixture(scope="module")
async def notice(office) -> str:
    """A unit's notice that is open to objections."""
    case = await office.in_publicity()
    return (await office.send("wutai-clerk", "GET", f"/v1/nominations/{case}")).json()["publicity"]["id"]


async def objecting(office, notice, key, *, content="示例：与事实不符"):
    body = {"content": content, "name": "示例群众", "contact": "13900000008"}
    return await office.client.post(f"/v1/publicity-notices/{notice}/objections", json=body, headers=keyed(key))


async def test_whoever_objects_and_loses_the_answer_has_the_receipt_again_by_their_key(office, notice):
    key = str(uuid7())
    first, second = [await objecting(office, notice, key) for _ in range(2)]
    found = await office.client.post("/v1/objection-lookups", json={"receipt_code": second.json()["receipt_code"]})
    assert (first.json()["receipt_code"], second.headers["idempotent-replayed"], found.status_code) == (
        second.json()["receipt_code"],
        "true",
        200,
    )


async def test_one_objection_is_written_however_often_it_is_sent_under_its_key(office, notice, context):
    key = str(uuid7())
    counted = select(func.count()).select_from(Objection).where(Objection.notice_id == UUID(notice))
    async with context.database.reading() as session:
        before = await session.scalar(counted)
    await asyncio.gather(*(objecting(office, notice, key) for _ in range(5)))
    async with context.database.reading() as session:
        assert await session.scalar(counted) == before + 1


async def test_somebody_who_has_not_signed_in_needs_a_key_that_nobody_guesses(office, notice):
    answer = await objecting(office, notice, "objection-0001")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/header/Idempotency-Key")


async def test_another_objection_under_the_same_key_is_refused_and_hears_nothing_of_the_first(office, notice):
    key = str(uuid7())
    await objecting(office, notice, key)
    answer = await objecting(office, notice, key, content="示例：另一件事")
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")


async def test_a_webhook_secret_is_told_again_under_its_key_and_lies_nowhere_in_clear(office, context):
    key, body = str(uuid7()), {"url": "http://127.0.0.1:9/events"}
    first, second = [
        await office.send("wutai-office", "POST", "/v1/webhook-endpoints", json=body, headers=keyed(key))
        for _ in range(2)
    ]
    secret = second.json()["secret"]
    async with context.database.reading() as session:
        kept = await session.scalar(select(IdempotencyKeyRow.answer).where(IdempotencyKeyRow.key == key))
    endpoints = (await office.send("wutai-office", "GET", "/v1/webhook-endpoints")).json()
    await office.send("wutai-office", "DELETE", f"/v1/webhook-endpoints/{first.json()['id']}")
    assert (secret, secret in str(kept), len(endpoints["items"])) == (first.json()["secret"], False, 1)


async def test_answers_are_forgotten_after_a_week_and_not_before(office, context):
    old, young = str(uuid7()), str(uuid7())
    for key in (old, young):
        await create(office, key)
    week = timedelta(days=7)
    async with context.database.transaction() as session:
        for key, age in ((old, week + timedelta(minutes=1)), (young, week - timedelta(minutes=1))):
            written = update(IdempotencyKeyRow).where(IdempotencyKeyRow.key == key)
            await session.execute(written.values(created_at=func.now() - age))
    seal = AnswerSeal([os.environ["NOMINATIONS_FIELD_ENCRYPTION_KEY"]])
    fresh = KeptAnswers(context.database, IdempotencyKeyRow, seal)

    async def nothing(_session):
        return Answer(201, CharacterCount(count=0, code_points=0, limit=None))

    await fresh.once(Claim("somebody", "nothing", str(uuid7()), b""), nothing)
    kept = select(IdempotencyKeyRow.key).where(IdempotencyKeyRow.key.in_([old, young]))
    async with context.database.reading() as session:
        assert (await session.scalars(kept)).all() == [young]
