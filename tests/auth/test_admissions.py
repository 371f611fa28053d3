"""Phones that WeChat vouches for, one WeChat account in several mini-programs, and people who ask to be admitted."""

import asyncio
from typing import Any

import httpx
import pytest

from services.auth.problems import PhoneNotUsable
from services.auth.settings import AuthSettings
from services.auth.wechat.wechat_client import WechatClient
from services.auth.wechat.wechat_problems import PhoneCodeInvalid, WechatUnavailable
from services.common.problems import Problem
from services.embedded.stack import WECHAT_APPID
from tests.auth.scripted_wechat import ScriptedWechat
from tests.auth.steps import bearer_of, by_wechat, fresh, invite, refusal

REQUESTS = "/v1/auth/wechat/admission-requests"
UNIT = "五台县示例铸造有限公司"


async def with_phone(
    client: httpx.AsyncClient, wechat: ScriptedWechat, appid: str, number: str, **more: str
) -> httpx.Response:
    user = fresh("user")
    login, phone = await wechat.login(appid, user), await wechat.phone(appid, user, number)
    return await by_wechat(client, appid, login, phone_code=phone, **more)


async def test_a_number_that_an_inviter_wrote_down_binds_the_person(
    client: httpx.AsyncClient, wechat: ScriptedWechat, appid: str
) -> None:
    invited = await invite(client, phone="13812345001")
    signed_in = await with_phone(client, wechat, appid, "13812345001")
    assert (signed_in.status_code, signed_in.json()["person"]["id"]) == (201, invited["person_id"])


async def test_a_number_that_nobody_wrote_down_makes_nobody(
    client: httpx.AsyncClient, wechat: ScriptedWechat, appid: str
) -> None:
    assert refusal(await with_phone(client, wechat, appid, "13812345002")) == (403, "wechat_not_bound")


async def test_two_people_on_one_phone_say_their_names(
    client: httpx.AsyncClient, wechat: ScriptedWechat, appid: str
) -> None:
    for name in ("示例甲", "示例乙"):
        invited = await invite(client, name=name, phone="13812345003")
    unnamed = await with_phone(client, wechat, appid, "13812345003")
    named = await with_phone(client, wechat, appid, "13812345003", full_name="示例乙")
    again = await with_phone(client, wechat, appid, "13812345003", full_name="示例乙")
    assert (refusal(unnamed), named.json()["person"]["id"], refusal(again)) == (
        (409, "phone_of_several"),
        invited["person_id"],
        (409, "phone_bound_already"),
    )


async def test_a_phone_code_works_once(client: httpx.AsyncClient, wechat: ScriptedWechat, appid: str) -> None:
    code = await wechat.phone(appid, "somebody", "13812345004")
    answers = [await by_wechat(client, appid, wechat.knows(fresh("c"), fresh("o")), phone_code=code) for _ in range(2)]
    assert [refusal(answer) for answer in answers] == [(403, "wechat_not_bound"), (422, "phone_code_invalid")]


async def test_one_token_serves_all_who_ask_at_once(settings: AuthSettings, wechat: ScriptedWechat, appid: str) -> None:
    codes = [await wechat.phone(appid, fresh("user"), f"1381234510{turn}") for turn in range(8)]
    before = wechat.tokens_asked
    async with httpx.AsyncClient(base_url=wechat.url) as http:
        keeper = WechatClient(http, settings.wechat_apps)
        numbers = await asyncio.gather(*(keeper.phone_of(appid=appid, code=code) for code in codes))
    assert (numbers, wechat.tokens_asked - before) == ([f"1381234510{turn}" for turn in range(8)], 1)


def answering(*answers: dict[str, Any]) -> httpx.AsyncClient:
    """WeChat's servers, that answer a call for a number with these, one after the other."""
    left = list(answers)

    def handle(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/cgi-bin/stable_token":
            return httpx.Response(200, json={"access_token": fresh("token"), "expires_in": 7200})
        return httpx.Response(200, json=left.pop(0))

    return httpx.AsyncClient(transport=httpx.MockTransport(handle), base_url="https://wechat.invalid")


def number_of(appid: str, number: str = "13812345005", country: str = "86") -> dict[str, Any]:
    info = {"purePhoneNumber": number, "countryCode": country, "watermark": {"appid": appid}}
    return {"errcode": 0, "phone_info": info}


async def test_a_token_that_wechat_dropped_is_renewed_once(settings: AuthSettings, appid: str) -> None:
    async with answering({"errcode": 40001}, number_of(appid)) as http:
        assert await WechatClient(http, settings.wechat_apps).phone_of(appid=appid, code="x") == "13812345005"


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ({"errcode": 40029}, PhoneCodeInvalid),
        ({"errcode": -1}, WechatUnavailable),
        ({"errcode": 0}, WechatUnavailable),
        (number_of(WECHAT_APPID, "5550100", "1"), PhoneNotUsable),
        (number_of("wx-another-mini-program"), PhoneCodeInvalid),
        ({"errcode": 0, "phone_info": {"purePhoneNumber": "13812345005", "countryCode": "86"}}, PhoneCodeInvalid),
    ],
)
async def test_each_answer_about_a_number_is_its_own(
    settings: AuthSettings, appid: str, answer: dict[str, Any], problem: type[Problem]
) -> None:
    async with answering(answer) as http:
        with pytest.raises(problem):
            await WechatClient(http, settings.wechat_apps).phone_of(appid=appid, code="x")


async def test_the_same_wechat_account_is_known_in_another_mini_program(
    client: httpx.AsyncClient, wechat: ScriptedWechat, appid: str, other_appid: str
) -> None:
    unionid, code = fresh("union"), (await invite(client))["invitation_code"]
    login = wechat.knows(fresh("c"), fresh("o"), unionid=unionid)
    first = await by_wechat(client, appid, login, invitation_code=code)
    other = await by_wechat(client, other_appid, wechat.knows(fresh("c"), fresh("o"), unionid=unionid))
    assert (other.status_code, other.json()["person"]) == (201, first.json()["person"])


async def ask(
    client: httpx.AsyncClient, wechat: ScriptedWechat, appid: str, openid: str, **more: str
) -> httpx.Response:
    body = {"appid": appid, "code": wechat.knows(fresh("c"), openid), "full_name": "示例申请人"}
    place = {"jurisdiction": "140922", "unit_name": UNIT}
    return await client.post(REQUESTS, json=body | place | more)


async def waiting(client: httpx.AsyncClient, username: str) -> list[str]:
    headers = await bearer_of(client, username)
    page = (await client.get("/v1/auth/admission-requests", params={"page_size": 100}, headers=headers)).json()
    return [item["id"] for item in page["items"]]


async def decide(client: httpx.AsyncClient, username: str, request: str, **decision: Any) -> httpx.Response:
    path = f"/v1/auth/admission-requests/{request}/decisions"
    return await client.post(path, json=decision, headers=await bearer_of(client, username))


async def test_a_stranger_asks_and_the_unit_admits(
    client: httpx.AsyncClient, wechat: ScriptedWechat, appid: str
) -> None:
    openid = fresh("openid")
    asked = (await ask(client, wechat, appid, openid)).json()["id"]
    before = await by_wechat(client, appid, wechat.knows(fresh("c"), openid))
    decided = await decide(client, "wutai-clerk", asked, admit=True)
    after = await by_wechat(client, appid, wechat.knows(fresh("c"), openid))
    assert (before.json()["admission"], decided.status_code, after.json()["person"]["id"]) == (
        "waiting",
        201,
        decided.json()["person_id"],
    )
    assert after.json()["acting_as"]["organisation"]["name"] == UNIT


async def test_asking_twice_is_one_request(client: httpx.AsyncClient, wechat: ScriptedWechat, appid: str) -> None:
    openid = fresh("openid")
    first, second = [(await ask(client, wechat, appid, openid)).json() for _ in range(2)]
    assert first == second


async def test_a_request_is_seen_by_its_unit_and_county_and_nobody_else(
    client: httpx.AsyncClient, wechat: ScriptedWechat, appid: str
) -> None:
    asked = (await ask(client, wechat, appid, fresh("openid"))).json()["id"]
    usernames = ("wutai-clerk", "wutai-head", "wutai-office", "daixian-clerk", "daixian-office", "city-office")
    seen = [username for username in usernames if asked in await waiting(client, username)]
    foreign = await decide(client, "daixian-office", asked, admit=True)
    assert (seen, refusal(foreign)) == (["wutai-clerk", "wutai-head", "wutai-office"], (404, "not_found"))


async def test_a_unit_that_nobody_knows_is_named_by_the_county(
    client: httpx.AsyncClient, wechat: ScriptedWechat, appid: str
) -> None:
    asked = (await ask(client, wechat, appid, fresh("o"), unit_name="五台示例铸造", role="unit_clerk")).json()["id"]
    headers = await bearer_of(client, "wutai-office")
    units = (await client.get("/v1/auth/organisations", params={"page_size": 100}, headers=headers)).json()["items"]
    unit = next(row["id"] for row in units if row["name"] == UNIT)
    unnamed = await decide(client, "wutai-office", asked, admit=True)
    named = await decide(client, "wutai-office", asked, admit=True, organisation_id=unit)
    assert (refusal(unnamed), named.json()["outcome"]) == ((404, "not_found"), "admitted")


async def test_a_clerk_admits_no_clerk(client: httpx.AsyncClient, wechat: ScriptedWechat, appid: str) -> None:
    asked = (await ask(client, wechat, appid, fresh("o"), role="unit_clerk")).json()["id"]
    assert refusal(await decide(client, "wutai-clerk", asked, admit=True)) == (403, "not_yours_to_invite")


async def test_a_refusal_needs_a_reason_and_is_final(
    client: httpx.AsyncClient, wechat: ScriptedWechat, appid: str
) -> None:
    openid = fresh("openid")
    asked = (await ask(client, wechat, appid, openid)).json()["id"]
    without = await decide(client, "wutai-clerk", asked, admit=False)
    refused = await decide(client, "wutai-clerk", asked, admit=False, reason="非本单位人员")
    again = await decide(client, "wutai-clerk", asked, admit=True)
    told = await by_wechat(client, appid, wechat.knows(fresh("c"), openid))
    assert (without.status_code, refused.json()["outcome"], refusal(again), told.json()["admission"]) == (
        422,
        "refused",
        (409, "admission_decided"),
        "refused",
    )


async def test_a_request_is_admitted_as_somebody_with_a_new_phone(
    client: httpx.AsyncClient, wechat: ScriptedWechat, appid: str
) -> None:
    invited, openid = await invite(client), fresh("openid")
    asked = (await ask(client, wechat, appid, openid)).json()["id"]
    await decide(client, "wutai-clerk", asked, admit=True, person_id=invited["person_id"])
    signed_in = await by_wechat(client, appid, wechat.knows(fresh("c"), openid))
    assert signed_in.json()["person"]["id"] == invited["person_id"]


async def test_who_is_bound_already_just_signs_in(
    client: httpx.AsyncClient, wechat: ScriptedWechat, appid: str
) -> None:
    openid, code = fresh("openid"), (await invite(client))["invitation_code"]
    await by_wechat(client, appid, wechat.knows(fresh("c"), openid), invitation_code=code)
    assert refusal(await ask(client, wechat, appid, openid)) == (409, "already_bound")
