"""What becomes of a message to somebody who has WeChat and nothing else, when WeChat is busy; and whom a message reaches."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from services.auth.domain.roles import OrganisationKind, Role
from services.auth.settings import AuthSettings
from services.auth.tables import OrganisationRow, PersonRow, RoleAssignmentRow
from services.common.db import Database
from tests.auth.scripted_wechat import ScriptedWechat
from tests.auth.steps import bearer, by_wechat, fresh, invite

TEMPLATE = "fake-template-progress"


@pytest.fixture
async def nominee(client: httpx.AsyncClient, wechat: ScriptedWechat, appid: str) -> dict[str, Any]:
    """Somebody without a phone number or an address, who agreed to one message."""
    invited = await invite(client)
    code = await wechat.login(appid, fresh("nominee"))
    session = (await by_wechat(client, appid, code, invitation_code=invited["invitation_code"])).json()
    nominee = {"id": session["person"]["id"], "headers": bearer(session["access_token"])}
    await agree(client, nominee, appid)
    return nominee


async def agree(client: httpx.AsyncClient, nominee: dict[str, Any], appid: str) -> dict[str, int]:
    body = {"appid": appid, "accepted": [TEMPLATE]}
    answer = await client.post("/v1/auth/message-consents", json=body, headers=nominee["headers"])
    return answer.json()["credits"]


@pytest.fixture(scope="module")
async def service(client: httpx.AsyncClient, settings: AuthSettings) -> dict[str, str]:
    secret = settings.service_clients["nominations"].get_secret_value()
    body = {"client_id": "nominations", "client_secret": secret}
    return bearer((await client.post("/v1/auth/service-tokens", json=body)).json()["access_token"])


async def told(client: httpx.AsyncClient, service: dict[str, str], nominee: dict[str, Any], message: str) -> list[str]:
    body = {
        "message_id": message,
        "template": "review_returned",
        "text": "推荐已退回",
        "to": {"person_id": nominee["id"]},
    }
    (item,) = (await client.post("/v1/auth/messages", json=body, headers=service)).json()["items"]
    return [item["channel"], item["state"]]


async def test_a_message_that_wechat_was_too_busy_for_is_sent_when_it_is_asked_for_again(
    client: httpx.AsyncClient, wechat: ScriptedWechat, nominee: dict[str, Any], service: dict[str, str]
) -> None:
    message = str(uuid4())
    await wechat.fails_next(-1)
    first, second, third = [await told(client, service, nominee, message) for _ in range(3)]
    assert (first, second, third) == (["wechat", "failed"], ["wechat", "sent"], ["wechat", "sent"])


async def test_a_message_that_was_not_sent_costs_no_consent_and_one_that_was_does(
    client: httpx.AsyncClient, wechat: ScriptedWechat, nominee: dict[str, Any], service: dict[str, str], appid: str
) -> None:
    await wechat.fails_next(-1)
    await told(client, service, nominee, str(uuid4()))
    kept = await agree(client, nominee, appid)
    await told(client, service, nominee, str(uuid4()))
    assert (kept, await agree(client, nominee, appid)) == ({TEMPLATE: 2}, {TEMPLATE: 2})


async def test_what_wechat_may_have_sent_is_not_sent_again(
    client: httpx.AsyncClient, wechat: ScriptedWechat, nominee: dict[str, Any], service: dict[str, str]
) -> None:
    message = str(uuid4())
    wechat.unreadable_sends = 1
    assert [await told(client, service, nominee, message) for _ in range(2)] == [["wechat", "unknown"]] * 2


async def test_of_many_recipients_each_is_told_once_page_by_page(
    client: httpx.AsyncClient, database: Database, service: dict[str, str]
) -> None:
    unit, people = await a_large_unit(database, 120)
    wanted = {"message_id": str(uuid4()), "template": "review_returned", "text": "推荐已退回"}
    body = wanted | {"to": {"organisation_id": str(unit), "roles": ["unit_clerk"]}}
    told: list[str] = []
    while body.get("page_token", "") is not None:
        page = (await client.post("/v1/auth/messages", json=body, headers=service)).json()
        told += [item["person_id"] for item in page["items"]]
        body["page_token"] = page["next_page_token"]
    assert told == sorted(map(str, people))


async def a_large_unit(database: Database, clerks: int) -> tuple[UUID, list[UUID]]:
    """A unit of its own, and its clerks, who have neither phones nor addresses."""
    unit, people, now = uuid4(), [uuid4() for _ in range(clerks)], datetime.now(UTC)
    async with database.transaction() as session:
        session.add(OrganisationRow(id=unit, kind=OrganisationKind.UNIT, name=f"示例大厂{unit}", jurisdiction="140928"))
        session.add_all(PersonRow(id=each, full_name="示例人员丁") for each in people)
        await session.flush()
        session.add_all(
            RoleAssignmentRow(person_id=each, organisation_id=unit, role=Role.UNIT_CLERK, starts_at=now)
            for each in people
        )
    return unit, people
