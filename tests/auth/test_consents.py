"""Notices as they were published; consent given, withdrawn, entered from paper; nothing of it ever changed."""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from services.auth.domain.roles import Role
from services.auth.personal_data.privacy_notice_publishing import NoticeChanged, publish_notices
from services.auth.settings import AuthSettings
from services.common.db import Database
from services.privacy.notice_files import read_notices
from tests.auth.people import UNIT, new_person
from tests.auth.steps import bearer_of, invite, refusal

CAMPAIGN = "shanxi-manufacturing-2025"
NOTICE = f"/v1/auth/privacy-notices/{CAMPAIGN}"


async def notice(client: httpx.AsyncClient) -> dict[str, Any]:
    return (await client.get(NOTICE)).json()


@pytest.fixture
async def nominee(client: httpx.AsyncClient, database: Database) -> dict[str, str]:
    _, username = await new_person(database, (Role.NOMINEE, UNIT))
    return await bearer_of(client, username)


async def agree(client: httpx.AsyncClient, headers: dict[str, str], **changes: Any) -> httpx.Response:
    body = {"campaign_key": CAMPAIGN, "purpose": "id_card_copies", "channel": "mini_program"}
    body |= {"text_sha256": (await notice(client))["sha256"]} | changes
    return await client.post("/v1/auth/me/consents", json=body, headers=headers)


async def withdraw(client: httpx.AsyncClient, headers: dict[str, str]) -> httpx.Response:
    body = {"campaign_key": CAMPAIGN, "purpose": "id_card_copies", "channel": "web"}
    return await client.post("/v1/auth/me/consent-withdrawals", json=body, headers=headers)


async def test_anybody_reads_the_notice_and_can_compute_its_hash(client: httpx.AsyncClient):
    body = await notice(client)
    assert hashlib.sha256(body["text"].encode()).hexdigest() == body["sha256"]
    assert {each["key"]: each["consent"] for each in body["purposes"]} == {
        "recommendation": "not_asked",
        "consultation": "not_asked",
        "publicity": "not_asked",
        "id_card_copies": "asked",
        "portrait_check": "not_asked",
        "story": "asked_each_time",
    }


async def test_an_earlier_version_stays_readable(client: httpx.AsyncClient, database: Database):
    first = read_notices(Path("campaigns"))[CAMPAIGN]
    await publish_notices(database, {"tests-notice": first})
    await publish_notices(database, {"tests-notice": replace(first, version=2, changes="第二版")})
    newest = (await client.get("/v1/auth/privacy-notices/tests-notice")).json()
    earlier = (await client.get("/v1/auth/privacy-notices/tests-notice", params={"version": 1})).json()
    assert [each["version"] for each in newest["versions"]] == [2, 1]
    assert ("第二版" in newest["text"], "第二版" in earlier["text"]) == (True, False)


async def test_a_published_text_is_not_changed_under_its_version(auth_app: FastAPI, database: Database):
    published = read_notices(Path("campaigns"))[CAMPAIGN]
    with pytest.raises(NoticeChanged, match="version 1"):
        await publish_notices(database, {CAMPAIGN: replace(published, complaints="别处")})


@pytest.mark.parametrize("address", ["/v1/auth/privacy-notices/nowhere", f"{NOTICE}?version=77"])
async def test_a_notice_that_is_not_there_is_not_found(client: httpx.AsyncClient, address: str):
    assert refusal(await client.get(address)) == (404, "not_found")


async def test_consent_is_kept_with_the_text_the_time_and_the_channel(client: httpx.AsyncClient, nominee):
    given = (await agree(client, nominee)).json()
    expected = {"act": "given", "channel": "mini_program", "notice_version": 1, "signed_on": None}
    assert {name: given[name] for name in expected} == expected
    assert given["text_sha256"] == (await notice(client))["sha256"]
    state = (await client.get("/v1/auth/me/consents", headers=nominee)).json()
    assert state["items"] == [{"campaign_key": CAMPAIGN, "purpose": "id_card_copies", "in_force": True}]


async def test_agreeing_twice_is_one_act(client: httpx.AsyncClient, nominee):
    first, second = await agree(client, nominee), await agree(client, nominee)
    history = (await client.get("/v1/auth/me/consents", headers=nominee)).json()["history"]
    assert (first.json(), len(history)) == (second.json(), 1)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"purpose": "recommendation"}, (409, "consent_not_asked")),
        ({"purpose": "story"}, (409, "consent_asked_each_time")),
        ({"purpose": "marketing"}, (422, "purpose_unknown")),
        ({"text_sha256": "0" * 64}, (409, "privacy_notice_outdated")),
        ({"campaign_key": "nowhere"}, (404, "not_found")),
        ({"channel": "paper_by_clerk"}, (422, "validation_failed")),
    ],
)
async def test_no_consent_is_taken_that_nobody_asked_for(client: httpx.AsyncClient, nominee, changes, expected):
    assert refusal(await agree(client, nominee, **changes)) == expected


async def test_withdrawing_says_what_follows_and_asks_an_office_to_erase(client: httpx.AsyncClient, nominee):
    await agree(client, nominee)
    withdrawn = (await withdraw(client, nominee)).json()
    assert withdrawn["act"] == "withdrawn"
    assert withdrawn["meaning"].startswith("撤回后由受理机构删除")
    state = (await client.get("/v1/auth/me/consents", headers=nominee)).json()
    assert ([each["in_force"] for each in state["items"]], len(state["history"])) == ([False], 2)
    asked = (await client.get("/v1/auth/me/rights-requests", headers=nominee)).json()["items"]
    assert [(each["kind"], each["about"], each["consent_id"]) for each in asked] == [
        ("erasure", "documents", withdrawn["id"])
    ]


async def test_what_was_not_given_is_not_withdrawn(client: httpx.AsyncClient, nominee):
    assert refusal(await withdraw(client, nominee)) == (409, "consent_not_given")
    await agree(client, nominee)
    await withdraw(client, nominee)
    assert refusal(await withdraw(client, nominee)) == (409, "consent_not_given")


async def paper(client: httpx.AsyncClient, person_id: str, clerk: str, **changes: Any) -> httpx.Response:
    body = {"campaign_key": CAMPAIGN, "purpose": "id_card_copies", "signed_on": "2025-02-07"}
    body |= {"text_sha256": (await notice(client))["sha256"]} | changes
    return await client.post(
        f"/v1/auth/persons/{person_id}/consents", json=body, headers=await bearer_of(client, clerk)
    )


async def test_a_clerk_enters_what_their_nominee_signed_and_it_says_who_entered_it(client: httpx.AsyncClient):
    invited = await invite(client)
    entered = (await paper(client, invited["person_id"], "wutai-clerk")).json()
    expected = {"channel": "paper_by_clerk", "recorded_by_name": "示例办事员（五台县）", "signed_on": "2025-02-07"}
    assert {name: entered[name] for name in expected} == expected
    address = f"/v1/auth/persons/{invited['person_id']}/consents"
    seen = (await client.get(address, headers=await bearer_of(client, "wutai-head"))).json()
    assert [each["in_force"] for each in seen["items"]] == [True]
    body = {"campaign_key": CAMPAIGN, "purpose": "id_card_copies", "signed_on": "2025-02-08"}
    withdrawals = f"/v1/auth/persons/{invited['person_id']}/consent-withdrawals"
    taken = await client.post(withdrawals, json=body, headers=await bearer_of(client, "wutai-clerk"))
    assert (taken.status_code, taken.json()["act"]) == (201, "withdrawn")


async def test_nobody_enters_a_consent_for_people_of_another_unit_or_for_colleagues(
    client: httpx.AsyncClient, database: Database
):
    invited = await invite(client)
    colleague, _ = await new_person(database, (Role.UNIT_HEAD, UNIT))
    assert refusal(await paper(client, invited["person_id"], "daixian-clerk")) == (404, "not_found")
    assert refusal(await paper(client, str(colleague), "wutai-clerk")) == (404, "not_found")
    address = f"/v1/auth/persons/{invited['person_id']}/consents"
    assert refusal(await client.get(address, headers=await bearer_of(client, "daixian-clerk"))) == (404, "not_found")


async def test_a_paper_is_not_signed_tomorrow(client: httpx.AsyncClient):
    invited = await invite(client)
    answer = await paper(client, invited["person_id"], "wutai-clerk", signed_on="2999-01-01")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/signed_on")


@pytest.mark.parametrize("table", ["privacy_notices", "consents", "organisation_changes"])
async def test_neither_the_application_nor_the_owner_changes_what_was_agreed(
    auth_app: FastAPI, settings: AuthSettings, table: str
):
    for url in (settings.database_url.get_secret_value(), settings.owners_database_url()):
        engine = create_async_engine(url)
        async with engine.connect() as connection:
            with pytest.raises(DBAPIError):
                await connection.execute(text(f"DELETE FROM auth.{table}"))
        await engine.dispose()
