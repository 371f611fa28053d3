"""The system administrator finds the account that is to be suspended or to get a new password."""

from typing import Any

import httpx
import pytest

from tests.auth.steps import bearer_of, invite, refusal, sign_in
from tests.auth.test_inviting import body_id

SEARCH = "/v1/auth/persons/searches"


async def found(client: httpx.AsyncClient, **wanted: Any) -> dict[str, Any]:
    answer = await client.post(SEARCH, json=wanted, headers=await bearer_of(client, "admin"))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_an_account_is_found_by_its_username_in_any_case(client: httpx.AsyncClient) -> None:
    head = (await sign_in(client, "wutai-head"))["person"]
    (account,) = (await found(client, username="WUTAI-HEAD"))["items"]
    roles = [(role["role"], role["organisation_name"]) for role in account.pop("roles")]
    assert (account, roles) == (
        {
            "person_id": head["id"],
            "full_name": head["full_name"],
            "username": "wutai-head",
            "wechat": False,
            "second_factor": False,
            "suspended_at": None,
            "suspension_reason": None,
        },
        [("unit_head", "五台县示例铸造有限公司")],
    )


async def test_a_suspended_account_says_why_and_is_found_to_be_reinstated(client: httpx.AsyncClient) -> None:
    person = (await invite(client, name="示例停用员工"))["person_id"]
    headers = await bearer_of(client, "admin")
    path = f"/v1/auth/persons/{person}/suspension"
    await client.put(path, json={"reason": "调离岗位"}, headers=headers)
    (account,) = (await found(client, name_starts="示例停用"))["items"]
    assert (account["person_id"], account["suspension_reason"]) == (person, "调离岗位")


async def test_everybody_at_a_body_is_listed_page_by_page_and_once(client: httpx.AsyncClient) -> None:
    unit = await body_id(client, "偏关县示例陶瓷有限公司")
    whole = [account["person_id"] for account in (await found(client, organisation_id=unit, page_size=100))["items"]]
    first = await found(client, organisation_id=unit, page_size=1)
    rest = await found(client, organisation_id=unit, page_size=100, page_token=first["next_page_token"])
    assert len(whole) > 1
    assert [account["person_id"] for page in (first, rest) for account in page["items"]] == whole


async def test_signs_of_a_pattern_are_letters_of_a_name(client: httpx.AsyncClient) -> None:
    assert (await found(client, name_starts="%%"))["items"] == []


@pytest.mark.parametrize("username", ["wutai-clerk", "city-office", "security", "audit"])
async def test_nobody_but_the_system_administrator_finds_accounts(client: httpx.AsyncClient, username: str) -> None:
    answer = await client.post(SEARCH, json={}, headers=await bearer_of(client, username))
    assert refusal(answer) == (403, "forbidden")
