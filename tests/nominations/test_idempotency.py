"""The same POST twice with one Idempotency-Key is one deed."""

import asyncio

from uuid_utils import uuid7

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
