"""A person has one WeChat account: what is taken off or replaced in one mini-program holds in all of ours."""

from typing import Any

import httpx

from tests.auth.scripted_wechat import ScriptedWechat
from tests.auth.steps import bearer, bearer_of, by_wechat, fresh, invite, refusal
from tests.auth.test_security_log import entries_of

NOT_BOUND = (403, "wechat_not_bound")


class Phone:
    """One WeChat account: an openid in each mini-program, and one unionid where the programs share a platform."""

    def __init__(self, client: httpx.AsyncClient, wechat: ScriptedWechat, *, unionid: bool = True) -> None:
        self._client, self._wechat = client, wechat
        self._user = fresh("user")
        self._unionid = {"unionid": fresh("union")} if unionid else {}

    async def opens(self, appid: str, **more: str) -> httpx.Response:
        login = self._wechat.knows(fresh("code"), f"{appid}-{self._user}", **self._unionid)
        return await by_wechat(self._client, appid, login, **more)


async def code_for(client: httpx.AsyncClient, person_id: str) -> str:
    path = f"/v1/auth/persons/{person_id}/invitations"
    code: str = (await client.post(path, headers=await bearer_of(client, "wutai-clerk"))).json()["invitation_code"]
    return code


async def goes_on(client: httpx.AsyncClient, signed_in: httpx.Response) -> bool:
    body = {"refresh_token": signed_in.json()["refresh_token"]}
    return (await client.post("/v1/auth/sessions/refreshes", json=body)).status_code == 201


async def lines_of(client: httpx.AsyncClient, person_id: str, action: str) -> list[dict[str, Any]]:
    return [item for item in await entries_of(client, person_id) if item["action"] == action]


async def test_a_new_wechat_in_one_mini_program_ends_the_old_one_in_all(
    client: httpx.AsyncClient, wechat: ScriptedWechat, appid: str, other_appid: str
) -> None:
    invited, old, new = await invite(client), Phone(client, wechat), Phone(client, wechat)
    await old.opens(appid, invitation_code=invited["invitation_code"])
    before = await old.opens(other_appid)
    await new.opens(appid, invitation_code=await code_for(client, invited["person_id"]))
    answers = [await old.opens(other_appid), await old.opens(appid), await new.opens(other_appid)]
    assert before.status_code == 201
    assert [refusal(answer) for answer in answers[:2]] == [NOT_BOUND] * 2
    assert (answers[2].json()["person"]["id"], await goes_on(client, before)) == (invited["person_id"], False)


async def test_a_new_wechat_in_a_second_mini_program_ends_the_old_one_in_the_first(
    client: httpx.AsyncClient, wechat: ScriptedWechat, appid: str, other_appid: str
) -> None:
    invited, old, new = await invite(client), Phone(client, wechat), Phone(client, wechat)
    before = await old.opens(appid, invitation_code=invited["invitation_code"])
    await new.opens(other_appid, invitation_code=await code_for(client, invited["person_id"]))
    answers = [await old.opens(appid), await old.opens(other_appid)]
    assert ([refusal(answer) for answer in answers], await goes_on(client, before)) == ([NOT_BOUND] * 2, False)


async def test_the_same_wechat_in_a_second_mini_program_ends_nothing(
    client: httpx.AsyncClient, wechat: ScriptedWechat, appid: str, other_appid: str
) -> None:
    invited, phone = await invite(client), Phone(client, wechat)
    before = await phone.opens(appid, invitation_code=invited["invitation_code"])
    await phone.opens(other_appid)
    assert (await goes_on(client, before), (await phone.opens(appid)).status_code) == (True, 201)


async def test_without_unionids_a_second_mini_program_is_bound_beside_the_first(
    client: httpx.AsyncClient, wechat: ScriptedWechat, appid: str, other_appid: str
) -> None:
    invited, phone = await invite(client), Phone(client, wechat, unionid=False)
    await phone.opens(appid, invitation_code=invited["invitation_code"])
    await phone.opens(other_appid, invitation_code=await code_for(client, invited["person_id"]))
    assert [(await phone.opens(each)).status_code for each in (appid, other_appid)] == [201, 201]


async def test_without_unionids_a_replaced_wechat_is_taken_off_everywhere(
    client: httpx.AsyncClient, wechat: ScriptedWechat, appid: str, other_appid: str
) -> None:
    invited = await invite(client)
    old, new = (Phone(client, wechat, unionid=False) for _ in range(2))
    await old.opens(appid, invitation_code=invited["invitation_code"])
    await old.opens(other_appid, invitation_code=await code_for(client, invited["person_id"]))
    await new.opens(appid, invitation_code=await code_for(client, invited["person_id"]))
    answers = [await old.opens(each) for each in (appid, other_appid)]
    assert [refusal(answer) for answer in answers] == [NOT_BOUND] * 2


async def test_whoever_unbinds_themselves_is_bound_nowhere(
    client: httpx.AsyncClient, wechat: ScriptedWechat, appid: str, other_appid: str
) -> None:
    invited, phone = await invite(client), Phone(client, wechat)
    await phone.opens(appid, invitation_code=invited["invitation_code"])
    headers = bearer((await phone.opens(other_appid)).json()["access_token"])
    unbound = await client.delete(f"/v1/auth/me/wechat-identities/{appid}", headers=headers)
    answers = [await phone.opens(each) for each in (appid, other_appid)]
    assert (unbound.json(), [refusal(answer) for answer in answers]) == ({"unbound": 2}, [NOT_BOUND] * 2)


async def test_the_administrator_of_a_lost_phone_unbinds_it_everywhere(
    client: httpx.AsyncClient, wechat: ScriptedWechat, appid: str, other_appid: str
) -> None:
    invited, phone = await invite(client), Phone(client, wechat)
    before = await phone.opens(appid, invitation_code=invited["invitation_code"])
    await phone.opens(other_appid)
    path = f"/v1/auth/persons/{invited['person_id']}/wechat-identities"
    unbound = await client.delete(path, headers=await bearer_of(client, "wutai-clerk"))
    answers = [await phone.opens(each) for each in (appid, other_appid)]
    assert (unbound.json(), [refusal(answer) for answer in answers], await goes_on(client, before)) == (
        {"unbound": 2},
        [NOT_BOUND] * 2,
        False,
    )


async def test_a_number_binds_no_second_wechat_in_another_mini_program(
    client: httpx.AsyncClient, wechat: ScriptedWechat, appid: str, other_appid: str
) -> None:
    invited = await invite(client, phone="13812345090")
    await Phone(client, wechat).opens(appid, invitation_code=invited["invitation_code"])
    number = await wechat.phone(other_appid, fresh("user"), "13812345090")
    assert refusal(await Phone(client, wechat).opens(other_appid, phone_code=number)) == (409, "phone_bound_already")


async def test_the_security_log_says_what_was_bound_and_what_it_replaced(
    client: httpx.AsyncClient, wechat: ScriptedWechat, appid: str, other_appid: str
) -> None:
    invited, old, new = await invite(client), Phone(client, wechat), Phone(client, wechat)
    await old.opens(appid, invitation_code=invited["invitation_code"])
    await old.opens(other_appid)
    await new.opens(appid, invitation_code=await code_for(client, invited["person_id"]))
    headers = bearer((await new.opens(appid)).json()["access_token"])
    await client.delete(f"/v1/auth/me/wechat-identities/{appid}", headers=headers)
    bound = [item["entry"] for item in await lines_of(client, invited["person_id"], "wechat_bound")]
    unbound = [item["entry"] for item in await lines_of(client, invited["person_id"], "wechat_unbound")]
    assert [(entry["appid"], entry["replaced"], entry["ended"]) for entry in bound] == [
        (appid, 2, 2),
        (other_appid, 0, 0),
        (appid, 0, 0),
    ]
    assert [(entry["unbound"], entry["ended"]) for entry in unbound] == [(1, 2)]
